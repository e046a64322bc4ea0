import { stringify } from 'yaml';
import type { WorkloadName } from '../catalogue/index.ts';
import { configMap } from '../objects/config-map.ts';
import type { Context } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { hosts } from '../settings.ts';

/** Services that read a configuration file, and the ConfigMap each has it in; `auth-config` is what the operations runbook edits. */
export const serviceConfigs = {
  'auth-service': 'auth-config',
  'meeting-service': 'meeting-config',
  'signaling-service': 'signaling-config',
  'chat-service': 'chat-config',
  'turn-service': 'turn-config',
} as const satisfies Partial<Record<WorkloadName, string>>;

/** What the services are told beside their secrets; figures of the platform survey, section 1.2, the database's from its real limit. */
export function configMapsFile(context: Context): readonly KubernetesObject[] {
  const { settings } = context.environment;
  const { main, app, api, livekit, turn } = hosts(settings);
  const service = {
    server: { address: ':8080', metrics_address: ':9090' },
    // Each pod used to open 500: PgBouncer does the pooling now.
    database: { max_open: 20, max_idle: 5, max_lifetime: '5m' },
    redis: { pool_size: 50, tls: true },
    jwt: { access_ttl: '15m', refresh_ttl: '168h' },
    rate_limit: { per_minute: 1_000, burst: 2_000 },
    cors: { origins: [`https://${main}`, `https://${app}`] },
    livekit: { public_url: `wss://${livekit}` },
  };
  const own: Partial<Record<keyof typeof serviceConfigs, object>> = {
    'signaling-service': {
      websocket: { address: ':8081', max: 10_000, ping: '54s', pong: '60s', max_message_bytes: 1_048_576 },
    },
    'turn-service': { turn: { urls: [`turns:${turn}:443?transport=tcp`], ttl: '1h' } },
  };
  return [
    ...Object.entries(serviceConfigs).map(([name, config]) =>
      configMap(config, 'api', {
        'config.yaml': stringify({ ...service, ...own[name as keyof typeof serviceConfigs] }),
      }),
    ),
    configMap('frontend-config', 'api', {
      'config.json': `${JSON.stringify(
        {
          apiUrl: `https://${api}`,
          websocketUrl: `wss://${api}/api/v1/ws`,
          livekitUrl: `wss://${livekit}`,
          maxParticipants: 500,
          maxMeetingMinutes: 1_440,
          maxFileMegabytes: 100,
        },
        undefined,
        2,
      )}\n`,
    }),
  ];
}
