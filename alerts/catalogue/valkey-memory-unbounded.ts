import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

const bound = `min(${redis.memoryMax.name})`;

/** Nothing bounds Valkey's memory (maxmemory 0): how full it is has no answer, and the kernel kills it when the machine is full. */
export const valkeyMemoryUnbounded = defineAlert({
  name: 'ValkeyMemoryUnbounded',
  expr: `${bound} == 0`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'data',
  group: 'capacity',
  labels: { service: 'valkey' },
  summary: 'Nothing bounds the memory of Valkey',
  description: 'maxmemory is {{ $value }}: Valkey grows until the machine is full.',
  runbook: {
    meaning:
      'maxmemory has been 0 for a quarter of an hour. A managed Valkey always has a bound: this one is not ours, or was configured by hand.',
    impact: 'None yet. When the machine is full the kernel kills it, and every room is lost.',
    diagnosis: [
      { say: 'What is the bound, and what is used?', query: `${redis.memoryUsed.name} or ${redis.memoryMax.name}` },
      { say: 'Which server is it?', query: `group by (redis_version, role) (${redis.info.name})` },
      {
        say: 'What does it say itself?',
        command: 'redis-cli -u "$REDIS_URL" config get maxmemory',
        expect: 'A number of bytes above 0.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Set maxmemory to three quarters of the machine, with noeviction.',
    leave: 'Never: it takes a minute and disturbs nobody.',
    answers: ['Redis Recovery'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1d'),
    signal: { query: bound, unit: 'count', threshold: 0, direction: 'below', legend: 'maxmemory' },
  },
});
