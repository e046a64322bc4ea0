import { roomSplitAcrossNodes } from '../../../alerts/catalogue/room-split-across-nodes.ts';
import { type Firing, proves } from '../scenario.ts';

const split = (exporter: string) => `gomeet_rooms_split{job="livekit-exporter", instance="${exporter}"}`;
const firing: Firing = {
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu' },
  summary: 'A meeting is split over two SFU nodes',
  description: '2 meetings run as two rooms on two nodes.',
  runbook_url: 'https://runbooks.gomeet.com/RoomSplitAcrossNodes',
};

export const proof = proves(roomSplitAcrossNodes, {
  'it fires a minute after a meeting was split, once for two exporters': {
    series: { [split('e1')]: '0x4 2x40', [split('e2')]: '0x4 1x40' },
    expect: [
      { at: '2m', firing: [] },
      { at: '2m30s', firing: [firing] },
    ],
  },
  'it stays silent while no meeting is split, and on one odd reading': {
    series: { [split('e1')]: '0x8 1 0x40' },
    expect: [
      { at: '2m15s', firing: [] },
      { at: '9m', firing: [] },
    ],
  },
  'it stays silent without data': { series: {}, expect: [{ at: '9m', firing: [] }] },
});
