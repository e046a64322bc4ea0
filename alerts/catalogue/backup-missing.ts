import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds since the last backup that succeeded: it runs each night. */
export const maxBackupAgeSeconds = 26 * 3_600;
const age = `time() - max(${kube.cronLastSuccess.name}{${ofPlatform}, cronjob=~"backup.*"})`;

/** No backup has succeeded since the night before last. */
export const backupMissing = defineAlert({
  name: 'BackupMissing',
  expr: `${age} > ${maxBackupAgeSeconds}`,
  for: duration('10m'),
  severity: 'critical',
  owner: 'data',
  group: 'bundle',
  labels: { service: 'backup' },
  summary: 'The last backup is too old',
  description: 'The last backup succeeded {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning:
      'No run of the backup has succeeded for 26 hours. A backup is sealed only after its checksums were read back.',
    impact: 'None, until something has to be restored: then a day or more is lost.',
    diagnosis: [
      { say: 'Since when?', query: age },
      { say: 'Did it fail?', query: `${kube.jobFailed.name}{${ofPlatform}, job_name=~"backup-.+"}` },
      {
        say: 'Why?',
        command: 'kubectl -n gomeet logs -l app=backup --tail=50',
        expect: 'The last line says that it was sealed.',
      },
      { say: 'What is there?', command: 'gomeet backup list', expect: 'One of last night.' },
    ],
    mitigation: [{ say: 'Make one now.', action: 'runBackup', params: {}, approval: 'none' }, callThePersonOnCall],
    person:
      'Run it now with `gomeet backup now`, from a laptop with `gomeet backup create`, and mend what it stopped at.',
    leave: 'It runs at this moment.',
    answers: ['PostgreSQL Recovery', 'Redis Recovery'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('1h'),
    signal: { query: age, unit: 'seconds', threshold: maxBackupAgeSeconds, direction: 'above', legend: 'last backup' },
  },
});
