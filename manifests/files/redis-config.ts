import { configMap } from '../objects/config-map.ts';
import { type Context, workloadOf } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { runs } from '../objects/workload.ts';

/** What is set on the managed Valkey, and its exporter. The README's file name: DigitalOcean's Redis became Valkey in June 2025. */
export function redisFile(context: Context): readonly KubernetesObject[] {
  const { valkey } = context.environment.settings;
  return [
    configMap('redis-managed-config', 'data', {
      'settings.json': `${JSON.stringify(
        {
          engine: 'valkey',
          size: valkey.size,
          nodes: valkey.nodes,
          // LiveKit keeps its room map here; evicting a key of it splits a meeting. The runbook's allkeys-lru is refused.
          valkey_maxmemory_policy: 'noeviction',
          valkey_ssl: true,
          valkey_persistence: 'rdb',
        },
        undefined,
        2,
      )}\n`,
    }),
    ...runs(context, workloadOf(context, 'redis-exporter'), {
      env: {
        REDIS_ADDR: 'rediss://$(DO_REDIS_HOST):$(DO_REDIS_PORT)',
        REDIS_PASSWORD: '$(DO_REDIS_PASSWORD)',
        REDIS_USER: 'default',
      },
    }),
  ];
}
