import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { roomRules } from '../recording/rooms.ts';

const limit = sfuWorkload.largestRoomParticipants;
/** Share of the limit of one meeting, 0 to 1. */
export const nearLimitRatio = 0.9;

/** One meeting is nearly full. Each meeting by itself: the sum over all meetings says nothing about any. */
export const meetingNearParticipantLimit = defineAlert({
  name: 'MeetingNearParticipantLimit',
  expr: `${roomRules.fill.record} > ${nearLimitRatio}`,
  for: duration('1m'),
  keepFiringFor: duration('5m'),
  severity: 'warning',
  owner: 'api',
  group: 'business',
  labels: { service: 'meeting-service' },
  summary: `A meeting is close to ${limit} people`,
  description: `Room {{ $labels.room_sid }} holds {{ $value | humanizePercentage }} of the ${limit} people a meeting may have.`,
  runbook: {
    meaning: `One meeting holds more than ${nearLimitRatio * limit} of the ${limit} people that a meeting may have. Only the largest meetings are watched by name; this one is among them.`,
    impact: 'Soon nobody else can join it. The people already in it notice nothing, as long as its node has CPU left.',
    diagnosis: [
      { say: 'How fast does it fill?', query: roomRules.fill.record },
      { say: 'Whose meeting is it? The session id leads to the host in the meeting service; no name leaves it.' },
      { say: 'Does its node still have CPU?', query: 'node_id:sfu_cpu_load_ratio:max' },
    ],
    mitigation: [
      {
        say: 'No machine can make room in a meeting. Declare an incident, so that somebody tells the host: open an overflow meeting, or turn it into a stream. Another SFU node does not help this meeting.',
        action: 'openIncident',
        params: { sev: 4 },
        approval: 'one',
      },
      {
        say: 'Call the person on call, if the host cannot be reached.',
        action: 'escalate',
        params: {},
        approval: 'one',
      },
    ],
    person: 'Tell the host: an overflow meeting, or a stream.',
    leave: 'The host has been told, or the meeting is a rehearsal.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('30m'),
    signal: {
      query: roomRules.fill.record,
      unit: 'ratio',
      threshold: nearLimitRatio,
      direction: 'above',
      legend: '{{room_sid}}',
    },
  },
});
