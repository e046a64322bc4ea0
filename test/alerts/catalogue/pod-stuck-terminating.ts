import { podStuckTerminating } from '../../../alerts/catalogue/pod-stuck-terminating.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const told = (pod: string) => `kube_pod_deletion_timestamp{${inCluster}, pod="${pod}"}`;

export const proof = proves(podStuckTerminating, {
  'it fires a minute after a quarter of an hour': fires(
    { [told('auth-service-a')]: '0x100' },
    ['15m45s', '16m30s'],
    [
      fired(
        podStuckTerminating,
        'warning platform auth-service',
        {},
        'A pod of auth-service was told to go 16m 30s ago.',
      ),
    ],
  ),
  'it names the machine, where that is known': fires(
    {
      [told('auth-service-a')]: '0x100',
      [`kube_pod_info{${inCluster}, pod="auth-service-a", node="api-1"}`]: '1x100',
    },
    ['15m45s', '16m30s'],
    [
      fired(
        podStuckTerminating,
        'warning platform auth-service',
        { node: 'api-1' },
        'A pod of auth-service was told to go 16m 30s ago.',
      ),
    ],
  ),
  'it stays silent for an SFU that drains, for a pod that went, and without data': [
    silent({ [told('livekit-sfu-a')]: '0x200' }, '30m'),
    silent({ [told('auth-service-a')]: '0x40 stale' }, '30m'),
    silent({}, '30m'),
  ],
});
