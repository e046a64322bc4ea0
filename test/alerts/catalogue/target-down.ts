import { targetDown } from '../../../alerts/catalogue/target-down.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const up = (job: string, instance: string) => `up{job="${job}", instance="${instance}"}`;
const down = (job: string, percent: string) => [
  fired(targetDown, 'warning platform prometheus', { job }, `Only ${percent} of the targets of ${job} answer.`),
];
const ten = (up1: number) =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [up('livekit', `n${index}`), index < up1 ? '1x40' : '0x40']),
  );

export const proof = proves(targetDown, {
  'it fires after five minutes, for the job of which too few answer': fires(
    { ...ten(8), [up('redis', 'r')]: '1x40' },
    ['4m45s', '5m30s'],
    down('livekit', '80%'),
  ),
  'it stays silent while nine of ten answer, for those with an alert of their own, for three minutes, and without data':
    [
      silent(ten(9), '9m'),
      silent({ [up('postgres', 'p')]: '0x40', [up('livekit-exporter', 'e')]: '0x40' }, '9m'),
      silent({ [up('redis', 'r')]: '0x12 1x40' }, ['3m', '9m']),
      silent({}, '9m'),
    ],
});
