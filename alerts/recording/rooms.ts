import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineRecordingRules } from './define.ts';

/** People and meetings. Two exporters count the same people, hence max before any sum. */
export const roomRules = defineRecordingRules({
  participants: {
    record: 'platform:participants:sum',
    expr: `sum(max by (state, kind) (${exporter.participants.name}))`,
    resultLabels: [],
    unit: 'count',
    help: 'Participants connected now, each once.',
  },
  rooms: {
    record: 'platform:rooms:max',
    expr: `max(${exporter.rooms.name})`,
    resultLabels: [],
    unit: 'count',
    help: 'Rooms that exist now.',
  },
  // The two names of the operations runbook, for its boards and whoever else knows them.
  activeMeetings: {
    record: 'gomeet_active_meetings_total',
    expr: `max(${exporter.rooms.name})`,
    resultLabels: [],
    unit: 'count',
    help: 'Rooms that exist now, under the name of the operations runbook. A gauge, whatever its name says.',
  },
  participantsTotal: {
    record: 'gomeet_participants_total',
    expr: `sum(max by (state, kind) (${exporter.participants.name}))`,
    resultLabels: [],
    unit: 'count',
    help: 'Participants connected now, each once, under the name of the operations runbook. A gauge, whatever its name says.',
  },
  fill: {
    record: 'room_sid:room_fill_ratio:max',
    expr: `max by (room_sid) (${exporter.roomParticipants.name}) / ${sfuWorkload.largestRoomParticipants}`,
    resultLabels: ['room_sid'],
    unit: 'ratio',
    help: 'How full each of the largest rooms is, against the largest meeting that is sold.',
  },
});
