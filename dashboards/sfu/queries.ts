import { qualityRules } from '../../alerts/recording/quality.ts';
import { roomRules } from '../../alerts/recording/rooms.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { sharedQueries as shared } from '../shared.ts';

const node = 'node_id=~"$node"';

/** What the SFU board asks, by panel. Two exporters see the same node, hence max by node before any sum. */
export const sfuQueries = {
  people: shared.people,
  rooms: roomRules.rooms.record,
  serving: `sum(max by (node_id) (${exporter.nodeState.name}{state="serving"}))`,
  freeSlots: shared.freeSlots,
  freeSlotsAfterLoss: sfuRules.freeSlotsAfterLoss.record,
  lost: `sum(max by (node_id) (${exporter.nodeState.name}{state="lost"}))`,
  cpuByNode: `${sfuRules.cpuLoad.record}{${node}}`,
  cpuMedian: `quantile(0.5, ${sfuRules.cpuLoad.record})`,
  participantsByNode: `max by (node_id) (${exporter.nodeParticipants.name}{${node}})`,
  notServing: `sum by (state) (max by (node_id, state) (${exporter.nodeState.name}{state!="serving"}))`,
  roomiest: `topk(10, max by (node_id) (${exporter.nodeFreeSlots.name}))`,
  bitsByDirection: `8 * sum by (direction) (rate(${livekit.packetBytes.name}{${node}}[$__rate_interval]))`,
  bitsByNode: `8 * sum by (node_id) (rate(${livekit.packetBytes.name}{${node}, direction="outgoing"}[$__rate_interval]))`,
  lowQualityByNode: `${qualityRules.lowShare.record}{${node}}`,
  joinFailures: shared.joinFailures,
  largestRooms: `topk(10, max by (room_sid, node_id) (${exporter.roomParticipants.name}))`,
} as const;
