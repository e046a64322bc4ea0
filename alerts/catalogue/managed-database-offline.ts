import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const online = `max by (id, name) (${cloud.databaseUp.name})`;

/** DigitalOcean says that a managed database is not online. */
export const managedDatabaseOffline = defineAlert({
  name: 'ManagedDatabaseOffline',
  expr: `label_replace(${online} == 0, "service", "postgresql", "", "")`,
  for: duration('10m'),
  severity: 'critical',
  owner: 'data',
  group: 'critical',
  summary: 'A managed database is not online',
  description: 'DigitalOcean says that database {{ $labels.name }} is not online.',
  runbook: {
    meaning:
      'For ten minutes the API has given another state than online: creating, resizing, migrating, or in trouble.',
    impact: 'It may still answer, and it may stop at any moment. No change of size or standby is possible now.',
    diagnosis: [
      { say: 'Which?', query: online },
      {
        say: 'Does it answer? 0 is the one that does not.',
        query: `min by (job) (${pg.up.name}) or min by (job) (${redis.up.name})`,
      },
      { say: 'Which state?', command: 'doctl databases list', expect: 'Status online.' },
    ],
    mitigation: [declareIncident(2, 'find out whether it is maintenance or an outage.'), callThePersonOnCall],
    person: 'Ask DigitalOcean support, if nobody of ours resizes or upgrades it.',
    leave: 'A maintenance window is under way, or somebody resizes it.',
    answers: ['PostgreSQL Recovery', 'Redis Recovery'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: online, unit: 'count', threshold: 1, direction: 'below', legend: '{{name}}' },
  },
});
