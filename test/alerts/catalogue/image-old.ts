import { imageOld } from '../../../alerts/catalogue/image-old.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const created = (pod: string) => `kube_pod_created{${inCluster}, pod="${pod}"}`;
const days = (count: number) => count * 86_400;

export const proof = proves(imageOld, {
  'it fires for a service whose oldest pod is older than ninety days': fires(
    { [created('auth-service-1')]: `${-days(95)}x200`, [created('chat-service-1')]: `${-days(80)}x200` },
    ['59m', '62m'],
    [fired(imageOld, 'info platform auth-service', {}, 'The oldest pod of auth-service was made 95d 1h 2m 0s ago.')],
    '1m',
  ),
  'it stays silent for what others build, and without data': [
    silent({ [created('redis-exporter-1')]: `${-days(400)}x200` }, '90m', '1m'),
    silent({}, '90m', '1m'),
  ],
});
