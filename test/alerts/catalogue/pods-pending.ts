import { podsPending } from '../../../alerts/catalogue/pods-pending.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const unschedulable = (pod: string) => `kube_pod_status_unschedulable{${inCluster}, pod="${pod}"}`;

export const proof = proves(podsPending, {
  'it fires after five minutes, counted by service': fires(
    { [unschedulable('livekit-sfu-a')]: '_x5 1x60', [unschedulable('livekit-sfu-b')]: '_x5 1x60' },
    ['6m', '6m45s'],
    [fired(podsPending, 'warning platform livekit-sfu', {}, '2 pods of livekit-sfu wait for a machine.')],
  ),
  'it stays silent for four minutes, for pods that found a place, and without data': [
    silent({ [unschedulable('livekit-sfu-a')]: '1x16 _x40' }, ['4m', '9m']),
    silent({ [unschedulable('livekit-sfu-a')]: '0x60' }, '9m'),
    silent({}, '9m'),
  ],
});
