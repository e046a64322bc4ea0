import { qualityRules } from '../../alerts/recording/quality.ts';
import { roomRules } from '../../alerts/recording/rooms.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';

const room = `${exporter.roomParticipants.name}{room_sid=~"$room"}`;
/** The node that holds the meeting: LiveKit has no series of a single room, so its node's stand for it. */
const itsNode = `and on (node_id) max by (node_id) (${exporter.roomParticipants.name}{room_sid=~"$room", node_id!=""})`;

const packets = `sum by (node_id, direction) (rate(${livekit.packets.name}[$__rate_interval]))`;

/** What the board of one meeting asks. */
export const meetingQueries = {
  people: `max by (room_sid) (${room})`,
  fill: `${roomRules.fill.record}{room_sid=~"$room"}`,
  others: `max by (node_id) (${exporter.nodeRooms.name}) ${itsNode}`,
  split: `max(${exporter.roomsSplit.name})`,
  peopleByNode: `max by (room_sid, node_id) (${room})`,
  nodeCpu: `${sfuRules.cpuLoad.record} ${itsNode}`,
  nodeLowQuality: `${qualityRules.lowShare.record} ${itsNode}`,
  nodeScore: `sum by (node_id) (rate(${livekit.qualityScore.name}_sum[$__rate_interval])) / sum by (node_id) (rate(${livekit.qualityScore.name}_count[$__rate_interval])) ${itsNode}`,
  // A node that never lost a packet has no such series: no loss is 0, not nothing.
  nodeLoss: `(sum by (node_id, direction) (rate(${livekit.packetLoss.name}[$__rate_interval])) or 0 * ${packets}) / on (node_id, direction) ${packets} ${itsNode}`,
  nodeSent: `8 * sum by (node_id) (rate(${livekit.packetBytes.name}{direction="outgoing"}[$__rate_interval])) ${itsNode}`,
  nodeState: `max by (node_id, state) (${exporter.nodeState.name} == 1) ${itsNode}`,
} as const;
