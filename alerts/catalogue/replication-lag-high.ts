import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Bytes of WAL a standby may be behind: 256 MiB. */
export const maxReplicaLagBytes = 256 * 1_024 * 1_024;
const behind = `max by (application_name) (${pg.replicaBehind.name})`;

/** A standby is far behind: a failover now would lose what it has not got. */
export const replicationLagHigh = defineAlert({
  name: 'ReplicationLagHigh',
  expr: `${behind} > ${maxReplicaLagBytes}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'data',
  group: 'warning',
  labels: { service: 'postgresql' },
  summary: 'A standby is far behind the primary',
  description: 'Standby {{ $labels.application_name }} is {{ $value | humanize1024 }}B behind.',
  runbook: {
    meaning: 'For five minutes the standby has lacked more than 256 MiB of what the primary has written.',
    impact: 'None, until a failover: what was not copied is then lost.',
    diagnosis: [
      { say: 'How far?', query: behind },
      { say: 'Is much written?', query: `sum(rate(${pg.commits.name}[5m]))` },
      { say: 'Is a transaction left open?', query: `max by (datname) (${pg.longestTransaction.name})` },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Do not fail over until it has caught up; ask DigitalOcean if it does not.',
    leave: 'A restore or an import is under way.',
    answers: ['PostgreSQL Recovery'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: behind,
      unit: 'count',
      threshold: maxReplicaLagBytes,
      direction: 'above',
      legend: '{{application_name}}',
    },
  },
});
