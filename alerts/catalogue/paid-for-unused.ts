import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Dollars a month for things nobody uses below which nobody is told. */
export const maxUnusedUsd = 10;
const costOf = (type: string) => `max by (id) (${cloud.resourceCost.name}{resource_type="${type}"})`;
// A month is billed as 672 hours at most.
const unused = `672 * sum(${costOf('reserved_ip')} or (${costOf('volume')} and on (id) max by (id) (${cloud.volumeSize.name}{attached="no"})) or (${costOf('load_balancer')} and on (id) max by (id) (${cloud.balancerDroplets.name}) == 0))`;

/** Volumes without a Droplet, addresses without one, load balancers without a backend: paid for and used by nobody for days. */
export const paidForUnused = defineAlert({
  name: 'PaidForUnused',
  expr: `${unused} > ${maxUnusedUsd}`,
  // A volume between two pods, or a gateway that is being made, is no waste.
  for: duration('3d'),
  severity: 'info',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'Something is paid for that nobody uses',
  description: 'It costs {{ $value | humanize }} dollars a month.',
  runbook: {
    meaning:
      'Volumes that no Droplet holds, reserved addresses without a Droplet, and load balancers with nothing behind them.',
    impact: 'Money alone.',
    diagnosis: [
      { say: 'What is it?', command: 'gomeet cost efficiency', expect: 'Nothing found that could go.' },
      { say: 'How much a month?', query: unused },
      { say: 'Which volumes?', query: `max by (name) (${cloud.volumeSize.name}{attached="no"})` },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: 'Ask the owner. A volume may be the last copy of something: it goes only after a snapshot, and with two people.',
      },
    ],
    person: 'Look at each, and delete what nobody claims.',
    leave: 'It is a volume kept for a restore that is under way.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: {
      query: unused,
      unit: 'count',
      threshold: maxUnusedUsd,
      direction: 'above',
      legend: 'dollars a month',
    },
  },
  limits: { maxDataAge: duration('1h') },
});
