import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of maxmemory, 0 to 1. */
export const maxValkeyMemoryRatio = 0.85;
// Without a bound (maxmemory 0) there is no share: the old rule divided by it and fired "+Inf%". ValkeyMemoryUnbounded speaks of that.
const used = `max(${redis.memoryUsed.name} / (${redis.memoryMax.name} > 0))`;

/** Valkey is nearly full: soon it evicts, or refuses what LiveKit and the services write. */
export const valkeyMemoryHigh = defineAlert({
  name: 'ValkeyMemoryHigh',
  expr: `${used} > ${maxValkeyMemoryRatio}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'data',
  group: 'capacity',
  labels: { service: 'valkey' },
  summary: 'Valkey is nearly full',
  description: 'Valkey uses {{ $value | humanizePercentage }} of its memory.',
  runbook: {
    meaning: `For five minutes Valkey has used more than ${maxValkeyMemoryRatio * 100} % of maxmemory.`,
    impact: 'None yet. When it is full, writes fail: no new meeting, no sign-in.',
    diagnosis: [
      { say: 'How full, and how fast?', query: used },
      { say: 'Is something thrown away?', query: `sum(increase(${redis.evictions.name}[1h]))` },
      {
        say: 'What is large?',
        command: 'redis-cli -u "$REDIS_URL" --bigkeys',
        expect: 'No key of our own above some megabytes.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Give it more memory at DigitalOcean, or let short-lived keys expire.',
    leave: 'Never flush it: that loses every room.',
    answers: ['Redis Recovery', 'High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('2h'),
    signal: { query: used, unit: 'ratio', threshold: maxValkeyMemoryRatio, direction: 'above', legend: 'used' },
  },
});
