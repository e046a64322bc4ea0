import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { sfuRules } from '../recording/sfu.ts';
import { callThePersonOnCall } from '../steps.ts';

/** CPU load of one node, 0 to 1, above which media suffers: below the 0.9 at which LiveKit's own selector gives up on a node. */
export const saturatedCpuRatio = 0.85;

/** One SFU node runs hot. The hottest counts, never the sum: a room cannot leave its node. */
export const sfuSaturated = defineAlert({
  name: 'SfuSaturated',
  expr: `${sfuRules.cpuLoad.record} > ${saturatedCpuRatio}`,
  for: duration('2m'),
  keepFiringFor: duration('1m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: sfuWorkload.name },
  summary: 'An SFU node is short of CPU',
  description: 'Node {{ $labels.node_id }} runs at {{ $value | humanizePercentage }} of its CPU.',
  runbook: {
    meaning: `One LiveKit node has used more than ${saturatedCpuRatio * 100} % of its CPU for two minutes. Rooms are sticky and never span nodes, so the people on it cannot be moved.`,
    impact:
      'Everyone in a meeting on this node gets jitter, frozen pictures and lost sound. New meetings that land there make it worse for all.',
    diagnosis: [
      {
        say: 'Is it one node or all of them? One hot node among cool ones is a very large meeting; all of them is a want of capacity.',
        query: sfuRules.cpuLoad.record,
      },
      { say: 'Which meetings are large?', query: 'topk(5, max by (room_sid) (gomeet_room_participants))' },
      { say: 'How many more of the largest meetings fit elsewhere?', query: sfuRules.freeSlots.record },
      {
        say: 'Does quality suffer already? Mean opinion score by node.',
        query:
          'sum by (node_id) (rate(livekit_quality_score_sum[5m])) / sum by (node_id) (rate(livekit_quality_score_count[5m]))',
      },
      {
        say: 'Was something rolled out?',
        command: `kubectl -n gomeet rollout history deployment/${sfuWorkload.name}`,
        expect: 'The newest revision is days old, or the one that you know of.',
      },
    ],
    mitigation: [
      {
        say: 'Add one SFU node, so that new meetings have somewhere else to go. This does not cool the hot node: its meetings stay until they end.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'none',
      },
      {
        say: 'Declare an incident: someone has to talk to the hosts (cameras off, or a new meeting under another name, which starts on a cooler node).',
        action: 'openIncident',
        params: { sev: 2 },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person: 'Talk to the host of the largest meeting on the node: cameras off, or a new meeting under another name.',
    leave: 'Never restart or drain the hot node: its meetings would be cut.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: sfuRules.cpuLoad.record,
      unit: 'ratio',
      threshold: saturatedCpuRatio,
      direction: 'above',
      legend: '{{node_id}}',
    },
  },
});
