import { joinRules } from '../../alerts/recording/joins.ts';
import { qualityRules } from '../../alerts/recording/quality.ts';
import { roomRules } from '../../alerts/recording/rooms.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';

/** What the SFU board asks, by panel. Two exporters see the same node, hence max by node before any sum. */
export const sfuQueries = {
  participants: roomRules.participants.record,
  rooms: roomRules.rooms.record,
  freeSlots: sfuRules.freeSlots.record,
  freeSlotsAfterLoss: sfuRules.freeSlotsAfterLoss.record,
  cpuByNode: sfuRules.cpuLoad.record,
  participantsByNode: `max by (node_id) (${exporter.nodeParticipants.name})`,
  nodesByState: `sum by (state) (max by (node_id, state) (${exporter.nodeState.name}))`,
  bitsByDirection: `8 * sum by (direction) (rate(${livekit.packetBytes.name}[5m]))`,
  lowQualityByNode: qualityRules.lowShare.record,
  joinFailures: joinRules.mediaFailures.record,
} as const;
