import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { qualityRules } from '../recording/quality.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of participants' samples, 0 to 1, that may score 3.5 or less; practitioners call that unacceptable. */
export const maxLowQualityRatio = 0.1;
/** Samples a second below which a few bad home networks would be the whole share: 4 are 20 people. */
export const minSamplesPerSecond = 4;

/** Calls on one node sound or look bad for many, so it is not their home networks. */
export const mediaQualityDegraded = defineAlert({
  name: 'MediaQualityDegraded',
  expr: `${qualityRules.lowShare.record} > ${maxLowQualityRatio}\nand on (node_id) ${qualityRules.samples.record} >= ${minSamplesPerSecond}`,
  for: duration('3m'),
  keepFiringFor: duration('2m'),
  severity: 'warning',
  owner: 'media',
  group: 'business',
  labels: { service: sfuWorkload.name },
  summary: 'Many people on one SFU node hear or see badly',
  description:
    'On node {{ $labels.node_id }} {{ $value | humanizePercentage }} of the quality samples are at 3.5 (MOS) or worse.',
  runbook: {
    meaning: `For three minutes more than ${maxLowQualityRatio * 100} % of the samples on one node (one a participant each 5 s) had a mean opinion score of 3.5 or less. The score is of a participant's worst track, up or down.`,
    impact: 'People on this node hear gaps and see frozen or coarse pictures.',
    diagnosis: [
      {
        say: 'Is the node short of CPU? That shows as jitter and a low score before anything else.',
        query: 'node_id:sfu_cpu_load_ratio:max',
      },
      {
        say: 'Up or down, sound or picture? Share of track samples with more than 5 % loss.',
        query:
          '1 - sum by (direction, type) (rate(livekit_packet_loss_percent_bucket{le=~"5|5\\\\.0"}[5m])) / sum by (direction, type) (rate(livekit_packet_loss_percent_count[5m]))',
      },
      {
        say: 'Does the network card of the node drop packets?',
        query: 'max by (node_id) (deriv(livekit_node_packet_total{type="dropped"}[5m]))',
      },
      {
        say: 'Only one node, or all? All of them points to the region or its transit.',
        query: qualityRules.lowShare.record,
      },
    ],
    mitigation: [
      {
        say: 'If the node is short of CPU, add one SFU node, so that new meetings go elsewhere. It does nothing for the meetings that suffer now, nor for a bad network.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'one',
      },
      {
        say: 'Declare an incident and look for the cause.',
        action: 'openIncident',
        params: { sev: 3 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Ask hosts of large meetings to switch cameras off; talk to DigitalOcean when all nodes suffer.',
    leave: 'One meeting of people on one bad network is the whole share.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('20m'),
    signal: {
      query: qualityRules.lowShare.record,
      unit: 'ratio',
      threshold: maxLowQualityRatio,
      direction: 'above',
      legend: '{{node_id}}',
    },
  },
});
