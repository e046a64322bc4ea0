import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { processMetrics as ofProcess } from '../../exporters/metrics/process.ts';
import { jobs } from '../jobs.ts';
import { defineRecordingRules } from './define.ts';

const job = `job="${jobs.livekit}"`;

/** The node's own reading, and the process's by Prometheus: process_* has no node_id, so it is borrowed from a livekit_* gauge of the same target. */
const processLoad = [
  `rate(${ofProcess.cpuSeconds.name}{${job}}[1m])`,
  `/ on (job, instance) ${ofProcess.goMaxProcs.name}{${job}}`,
  `* on (job, instance) group_left (node_id) group by (job, instance, node_id) (${livekit.rooms.name}{${job}})`,
].join('\n    ');

/** How full the SFU fleet is. Two exporters see the same node, hence max by node before any sum. */
export const sfuRules = defineRecordingRules({
  cpuLoad: {
    record: 'node_id:sfu_cpu_load_ratio:max',
    expr: `max by (node_id) (\n  ${exporter.nodeCpuLoad.name}\n  or\n    ${processLoad}\n)`,
    resultLabels: ['node_id'],
    unit: 'ratio',
    help: 'CPU load of each SFU node, the worse of what the node and its process say.',
  },
  freeSlots: {
    record: 'sfu:free_slots:sum',
    expr: `sum(max by (node_id) (${exporter.nodeFreeSlots.name}))`,
    resultLabels: [],
    unit: 'count',
    help: 'Meetings of the largest size that still fit on the fleet.',
  },
  freeSlotsAfterLoss: {
    record: 'sfu:free_slots_after_loss:min',
    expr: `sum(max by (node_id) (${exporter.nodeFreeSlots.name})) - max(${exporter.nodeFreeSlots.name})`,
    resultLabels: [],
    unit: 'count',
    help: 'Meetings of the largest size that would still fit with the emptiest node gone.',
  },
});
