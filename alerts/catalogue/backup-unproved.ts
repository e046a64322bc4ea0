import { responderMetrics } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds that may go by without a backup that a restore has proved: the routine asks for one each morning, a week forgives holidays. */
export const maxUnprovedSeconds = 7 * 86_400;
const age = `time() - (max(${responderMetrics.backupProved.name}) or min(${responderMetrics.backupOldest.name}))`;

/** Backups are made, and nobody has seen one come back. */
export const backupUnproved = defineTunable(
  { threshold: maxUnprovedSeconds, range: [86_400, 35 * 86_400] },
  (limit) => ({
    name: 'BackupUnproved',
    expr: `${age} > ${limit}`,
    for: duration('1h'),
    severity: 'warning',
    owner: 'data',
    group: 'bundle',
    labels: { service: 'backup' },
    summary: 'No restore has proved a recent backup',
    description: 'No backup younger than {{ $value | humanizeDuration }} was ever restored to see whether it is whole.',
    runbook: {
      meaning: `For ${limit / 86_400} days no backup has been restored into a scratch database and counted. Checksums say that what was written is what is read, not that it can be restored.`,
      impact: 'None today. If the newest backups cannot be restored, it is found out when they are needed.',
      diagnosis: [
        { say: 'Since when?', query: age },
        { say: 'Which are proved?', command: 'gomeet backup list', expect: 'One of this week, verified.' },
        {
          say: 'Does the newest come back whole?',
          command: 'gomeet backup verify latest',
          expect: 'Restored, counted, dropped again: whole.',
        },
      ],
      mitigation: [callThePersonOnCall],
      person:
        'Run `gomeet backup verify latest` from where the private key is. If it fails, treat it as having no backup: make one, verify it, and keep the older ones.',
      leave: 'The first backup was made this week.',
      answers: ['PostgreSQL Recovery', 'Redis Recovery'],
    },
    response: {
      mode: 'suggest',
      escalateAfter: duration('1d'),
      signal: { query: age, unit: 'seconds', threshold: limit, direction: 'above', legend: 'last proof' },
    },
  }),
);
