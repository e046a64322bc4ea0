import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the account's Droplets above which the next scale-out may be refused. */
export const maxDropletRatio = 0.9;
const used = `count(max by (id) (${cloud.dropletUp.name})) / max(${cloud.dropletLimit.name})`;

/** Nearly as many Droplets run as the account may have: autoscalers will be turned away. */
export const dropletLimitNear = defineAlert({
  name: 'DropletLimitNear',
  expr: `${used} > ${maxDropletRatio}`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: digitalOceanExporter.name },
  summary: 'The account may hardly have another Droplet',
  description: '{{ $value | humanizePercentage }} of the Droplets of the account are used.',
  runbook: {
    meaning: `More than ${maxDropletRatio * 100} % of the account's limit of Droplets run. The limit holds for every autoscaler, whatever maximum its pool has.`,
    impact: 'Meetings go on. A peak finds no new node, and joins will fail once the nodes there are full.',
    diagnosis: [
      { say: 'How many of how many?', query: used },
      { say: 'Which sizes are they?', query: `count by (size) (max by (id, size) (${cloud.dropletUp.name}))` },
      { say: 'Which pools are how large?', query: `max by (pool) (${cloud.poolNodes.name})` },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: "Ask for a higher limit in DigitalOcean's console (it takes a day), and delete Droplets that belong to nobody.",
      },
    ],
    person: 'Ask DigitalOcean support to raise the limit; it takes a working day.',
    leave: 'The Droplets of a test cluster are about to go.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: used, unit: 'ratio', threshold: maxDropletRatio, direction: 'above', legend: 'of the Droplets' },
  },
  limits: { maxDataAge: duration('15m') },
});
