import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

/** The exporters of LiveKit and DigitalOcean have alerts of their own, the one of PostgreSQL the runbook's. */
const others = `${prom.up.name}{job!~"${jobs.livekitExporter}|${jobs.digitalOceanExporter}|${jobs.postgres}"}`;
const share = `avg by (job) (${others})`;
/** Share of the targets of a job that must answer. */
export const minTargetsUpRatio = 0.9;

/** Something that should be scraped answers no more: whatever rests on it is blind. */
export const targetDown = defineAlert({
  name: 'TargetDown',
  expr: `${share} < ${minTargetsUpRatio}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'prometheus' },
  summary: 'Targets answer Prometheus no more',
  description: 'Only {{ $value | humanizePercentage }} of the targets of {{ $labels.job }} answer.',
  runbook: {
    meaning: `For five minutes less than ${minTargetsUpRatio * 100} % of the targets of a job have answered a scrape.`,
    impact: 'Nobody in a meeting notices. Alerts that rest on this job stay silent, whatever happens.',
    diagnosis: [
      { say: 'Which job, which targets?', query: `${others} == 0` },
      {
        say: 'Do their pods run? The series above bear the name of each pod.',
        command: 'kubectl -n gomeet get pods -o wide',
        expect: 'All Running and READY.',
      },
      {
        say: 'Does a policy keep Prometheus out?',
        command: 'kubectl -n gomeet get networkpolicies',
        expect: 'One that lets Prometheus in at the metrics port.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Repair the pod, the port or the policy.',
    leave: 'The job is being rolled out: two minutes are to be expected.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: share, unit: 'ratio', threshold: minTargetsUpRatio, direction: 'below', legend: '{{job}}' },
  },
});
