import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

const promised = `sum(max by (cluster, pool) (${cloud.poolMaxNodes.name})) / max(${cloud.dropletLimit.name})`;

/** The pools' maximums together are more Droplets than the account may have: a promise that cannot be kept. */
export const poolLimitsAboveDropletLimit = defineAlert({
  name: 'PoolLimitsAboveDropletLimit',
  expr: `${promised} > 1`,
  for: duration('1h'),
  severity: 'info',
  owner: 'platform',
  group: 'capacity',
  labels: { service: digitalOceanExporter.name },
  summary: 'Node pools may grow further than the account allows',
  description: 'The maximums come to {{ $value | humanizePercentage }} of the Droplets that the account may have.',
  runbook: {
    meaning: "The maximums of all autoscaling pools together are above the account's limit of Droplets.",
    impact: 'Nothing now. In a peak the last nodes are refused, and a capacity plan that counts on them is wrong.',
    diagnosis: [
      { say: 'How much is promised?', query: promised },
      { say: 'By which pool?', query: `max by (pool) (${cloud.poolMaxNodes.name})` },
      {
        say: 'What would the peak take?',
        command: 'gomeet capacity what-if --participants 50000 --droplet-limit 25',
        expect: '`as declared` says yes.',
      },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: "Ask for a higher limit in DigitalOcean's console, or lower the maximum of a pool that never needs it.",
      },
    ],
    person: 'Ask for a higher limit, or lower the maximum of a pool.',
    leave: 'Never urgent: nothing is short yet.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: { query: promised, unit: 'ratio', threshold: 1, direction: 'above', legend: 'of the Droplets' },
  },
  limits: { maxDataAge: duration('15m') },
});
