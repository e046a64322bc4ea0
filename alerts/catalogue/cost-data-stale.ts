import { digitalOceanSelfMetrics as exporter } from '../../exporters/metrics/digitalocean-self.ts';
import { prometheusMetrics } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds after which a part of the account counts as unread: the exporter drops it then. */
export const maxCostAgeSeconds = 3_600;

/** The parts that decide what the platform costs and may grow to; those that are read four times a day are left out. */
const watched = 'collector=~"balance|clusters|droplets|databases|loadBalancers|volumes"';
const age = `time() - max by (collector) (${exporter.lastSuccess.name}{${watched}})`;
const here = `${prometheusMetrics.up.name}{job="${jobs.digitalOceanExporter}"}`;
// Only where one has run within the day: a platform without a DigitalOcean account has none to miss.
const gone = `label_replace((group(last_over_time(${here}[1d])) unless group(${here} == 1)), "collector", "exporter", "", "")`;

/** What the platform costs, and how far its pools may grow, is old or unknown: the budget guard then holds. */
export const costDataStale = defineAlert({
  name: 'CostDataStale',
  expr: `${age} > ${maxCostAgeSeconds}\nor on (collector) ${gone}`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'What the DigitalOcean account holds and costs is no longer read',
  description:
    'Collector {{ $labels.collector }} has read nothing for over an hour: its costs and limits are not watched.',
  runbook: {
    meaning: `A part of the account was last read more than ${maxCostAgeSeconds} s ago, or no exporter answers Prometheus (collector "exporter").`,
    impact:
      'Nobody in a meeting notices. Costs, pool limits and the transfer pool are unknown, and reports for the time show a gap.',
    diagnosis: [
      { say: 'Which part, and for how long?', query: age },
      {
        say: 'What do its calls come to? `forbidden` is a missing scope, which the log names; `throttled` a spent quota.',
        query: `sum by (route, code) (increase(${exporter.apiRequests.name}[1h]))`,
        command: 'kubectl -n gomeet logs deployment/digitalocean-exporter --tail=50',
        expect: 'No `forbidden`.',
      },
      {
        say: 'Does DigitalOcean say that its API is in trouble?',
        command: 'curl -sS https://status.digitalocean.com/api/v2/status.json',
        expect: 'All Systems Operational.',
      },
    ],
    mitigation: [
      {
        say: 'Restart the exporter. It reads its token anew and touches no meeting; a missing scope or an API that is away it does not cure.',
        action: 'restartWorkload',
        params: { workload: digitalOceanExporter.name },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person: 'Give the token back the scope that the log names, or wait out an outage of the API.',
    leave: 'status.digitalocean.com says that the API is in trouble: it comes back by itself.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: age, unit: 'seconds', threshold: maxCostAgeSeconds, direction: 'above', legend: '{{collector}}' },
  },
  limits: { cooldown: duration('1h'), maxActsPerHour: 1, maxFleetShareRatio: 1, maxParticipants: 0 },
});
