import { meetingNearParticipantLimit } from '../../../alerts/catalogue/meeting-near-participant-limit.ts';
import { type Firing, proves } from '../scenario.ts';

const people = (room: string, exporter = 'e1') =>
  `gomeet_room_participants{job="livekit-exporter", instance="${exporter}", room_sid="${room}"}`;
const near = (room: string, percent: string): Firing => ({
  labels: { severity: 'warning', owner: 'api', service: 'meeting-service', room_sid: room },
  summary: 'A meeting is close to 500 people',
  description: `Room ${room} holds ${percent} of the 500 people a meeting may have.`,
  runbook_url: 'https://runbooks.gomeet.com/MeetingNearParticipantLimit',
});

export const proof = proves(meetingNearParticipantLimit, {
  'it fires a minute after one meeting holds more than nine tenths of what it may': {
    series: { [people('RM_a')]: '400x4 475x40', [people('RM_b')]: '30x60' },
    expect: [
      { at: '2m', firing: [] },
      { at: '2m30s', firing: [near('RM_a', '95%')] },
    ],
  },
  'it stays silent at exactly nine tenths, and on many meetings that are large together': {
    series: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [people(`RM_${index}`), '450x40'])),
    expect: [{ at: '9m', firing: [] }],
  },
  'it does not add up what two exporters say of one meeting': {
    series: { [people('RM_a', 'e1')]: '300x40', [people('RM_a', 'e2')]: '300x40' },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent without data': { series: {}, expect: [{ at: '9m', firing: [] }] },
});
