import { recordersFull } from '../../../alerts/catalogue/recorders-full.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const room = (node: string) =>
  `livekit_egress_can_accept_request{job="livekit-recorder", instance="${node}:9090", pod="${node}", node_id="${node}", cluster_id=""}`;

export const proof = proves(recordersFull, {
  'it fires after two minutes in which no recorder takes another recording': fires(
    { [room('NE_1')]: '0x60', [room('NE_2')]: '1x4 0x56' },
    ['3m', '3m30s'],
    [
      fired(
        recordersFull,
        'warning media livekit-recorder',
        {},
        'No recorder takes another recording; those that run go on.',
      ),
    ],
  ),
  'it stays silent while one does, for a moment, and without data': [
    silent({ [room('NE_1')]: '0x60', [room('NE_2')]: '1x60' }, '9m'),
    silent({ [room('NE_1')]: '1x8 0x4 1x40' }, ['3m', '9m']),
    silent({}, '9m'),
  ],
});
