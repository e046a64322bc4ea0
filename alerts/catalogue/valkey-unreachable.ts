import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Valkey does not answer: LiveKit's nodes cannot find each other and no meeting can begin. */
export const valkeyUnreachable = defineAlert({
  name: 'ValkeyUnreachable',
  expr: `min(${redis.up.name}) == 0`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'data',
  group: 'critical',
  labels: { service: 'valkey' },
  summary: 'Valkey does not answer',
  description: 'The exporter runs and cannot reach Valkey.',
  runbook: {
    meaning:
      'For a minute Valkey has refused the exporter. LiveKit keeps its room map there, the services their sessions.',
    impact:
      'No meeting can begin and nobody can join one; people are signed out. Meetings that run go on until somebody has to reconnect.',
    diagnosis: [
      {
        say: 'Do SFU nodes still report? They do it through Valkey.',
        query: `sum by (state) (max by (node_id, state) (${exporter.nodeState.name}))`,
      },
      { say: 'What does DigitalOcean say?', command: 'doctl databases list', expect: 'Status online.' },
      { say: 'Does it answer from inside?', command: 'redis-cli -u "$REDIS_URL" ping', expect: 'PONG.' },
      {
        say: "Do LiveKit's pods complain?",
        command: 'kubectl -n gomeet logs -l app=livekit-sfu --since=5m --tail=20',
        expect: 'No lines about redis.',
      },
    ],
    mitigation: [declareIncident(1, 'no meeting can begin.'), callThePersonOnCall],
    person:
      'A standby takes over by itself; if none does, ask DigitalOcean support (`gomeet database status` has the state). After it came back empty, have split meetings end and begin anew.',
    leave: 'DigitalOcean fails over by itself within a minute. Never restart SFUs for it: they find Valkey again.',
    answers: ['Redis Recovery', 'Database Connectivity Issues'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: `min(${redis.up.name})`, unit: 'count', threshold: 1, direction: 'below', legend: 'answers' },
  },
});
