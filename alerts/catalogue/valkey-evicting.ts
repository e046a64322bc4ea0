import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Keys thrown away that are tolerated: LiveKit's may be the next. */
export const maxEvictions = 0;
const evicted = `sum(increase(${redis.evictions.name}[5m]))`;

/** Valkey throws keys away: LiveKit's room map may be among them, and a meeting then splits in two. */
export const valkeyEvicting = defineAlert({
  name: 'ValkeyEvicting',
  expr: `${evicted} > ${maxEvictions}`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'data',
  group: 'critical',
  labels: { service: 'valkey' },
  summary: 'Valkey throws keys away',
  description: 'About {{ $value | humanize }} keys were thrown away in five minutes.',
  runbook: {
    meaning:
      "Valkey is full and has a policy that throws keys away. It must be noeviction: the runbook's allkeys-lru loses LiveKit's room map.",
    impact: 'Meetings may split into halves that cannot see each other; people are signed out at random.',
    diagnosis: [
      { say: 'Which policy?', query: `group by (maxmemory_policy) (${redis.info.name})` },
      { say: 'How full is it?', query: `${redis.memoryUsed.name} / (${redis.memoryMax.name} > 0)` },
      { say: 'Are meetings split already?', query: `max(${exporter.roomsSplit.name})` },
      {
        say: 'What grows?',
        command: 'redis-cli -u "$REDIS_URL" --bigkeys',
        expect: 'No key of our own above some megabytes.',
      },
    ],
    mitigation: [declareIncident(2, 'the policy and the size have to be changed by hand.'), callThePersonOnCall],
    person:
      'Set the policy to noeviction at DigitalOcean, then give Valkey more memory or let short-lived keys expire.',
    leave: 'Never flush it: that loses every room.',
    answers: ['Redis Recovery'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: evicted,
      unit: 'count',
      threshold: maxEvictions,
      direction: 'above',
      legend: 'keys in five minutes',
    },
  },
});
