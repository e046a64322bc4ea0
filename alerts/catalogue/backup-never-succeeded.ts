import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

const none = `absent(${kube.cronLastSuccess.name}{${ofPlatform}, cronjob=~"backup.*"})`;

/** There is no backup at all, or nobody can see one: what was never there is never too old. */
export const backupNeverSucceeded = defineAlert({
  name: 'BackupNeverSucceeded',
  expr: none,
  for: duration('1d'),
  severity: 'warning',
  owner: 'data',
  group: 'bundle',
  labels: { service: 'backup' },
  summary: 'No backup has ever succeeded',
  description: 'No backup has been seen to succeed.',
  runbook: {
    meaning: 'Kubernetes knows of no backup that has ever succeeded.',
    impact: 'Nothing can be restored.',
    diagnosis: [
      { say: 'Is it scheduled?', command: 'kubectl -n gomeet get cronjobs', expect: 'backup, not suspended.' },
      { say: 'Did it fail?', query: `${kube.jobFailed.name}{${ofPlatform}, job_name=~"backup-.+"}` },
      { say: 'What is in Spaces?', command: 'gomeet backup list', expect: 'One of last night.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Run the first with `gomeet backup create`.',
    leave: 'The platform was installed yesterday.',
    answers: ['PostgreSQL Recovery'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    // None is 1: once a backup is seen, it is 0.
    signal: { query: `count(${none}) or vector(0)`, unit: 'count', threshold: 0, direction: 'above', legend: 'none' },
  },
});
