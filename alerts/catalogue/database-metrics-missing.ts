import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

const gone = `absent(${prom.up.name}{job="${jobs.postgres}"})`;

/** Prometheus finds no target at all for PostgreSQL: `TargetDown` cannot see what is not there. */
export const databaseMetricsMissing = defineAlert({
  name: 'DatabaseMetricsMissing',
  expr: gone,
  for: duration('10m'),
  severity: 'warning',
  owner: 'data',
  group: 'bundle',
  labels: { service: 'postgres-exporter' },
  summary: 'Nothing is scraped for PostgreSQL',
  description: 'Prometheus has found no target of postgres for ten minutes.',
  runbook: {
    meaning:
      'Service discovery has given Prometheus nothing for this job: no pod bears the label and the port that it looks for.',
    impact: 'Every alert about PostgreSQL is silent, whatever happens.',
    diagnosis: [
      { say: 'Which targets are there?', query: `count by (job) (${prom.up.name})` },
      {
        say: 'Do the pods run, with which labels?',
        command: 'kubectl -n gomeet get pods --show-labels',
        expect: 'The pods, with their app label.',
      },
      { say: 'Was the configuration applied?', query: prom.configReloaded.name },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Bring the pods back, or mend label and port in the catalogue.',
    leave: 'The platform was installed minutes ago.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: gone, unit: 'count', threshold: 1, direction: 'above', legend: 'postgres' },
  },
});
