import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

const gone = `absent(${prom.up.name}{job="${jobs.responder}"})`;

/** Prometheus finds no target at all for the responder: `TargetDown` cannot see what is not there. */
export const responderMissing = defineAlert({
  name: 'ResponderMissing',
  expr: gone,
  for: duration('10m'),
  severity: 'critical',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'responder' },
  summary: 'Nothing is scraped for the responder',
  description: 'Prometheus has found no target of responder for ten minutes.',
  runbook: {
    meaning:
      'Service discovery has given Prometheus nothing for this job: no pod bears the label and the port that it looks for.',
    impact: 'Every alert about the responder is silent, whatever happens.',
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
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: gone, unit: 'count', threshold: 1, direction: 'above', legend: 'responder' },
  },
});
