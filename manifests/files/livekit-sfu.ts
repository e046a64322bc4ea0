import { stringify } from 'yaml';
import { livekitConfig } from '../livekit-config.ts';
import { configMap } from '../objects/config-map.ts';
import { type Context, workloadOf } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { configVolume } from '../objects/volumes.ts';
import { runs } from '../objects/workload.ts';

/** The SFU and the recorder, with their configuration; keys and Redis reach them by variables that they know. */
export function livekitFile(context: Context): readonly KubernetesObject[] {
  const { settings } = context.environment;
  const sfu = workloadOf(context, 'livekit-sfu');
  const server = stringify(livekitConfig(sfu, settings));
  // As JSON, so that no character of a password can end a value. Egress takes Redis from its configuration alone, unlike the server.
  const egress = JSON.stringify({
    health_port: 8080,
    prometheus_port: 9090,
    ws_url: 'ws://livekit-sfu:7880',
    redis: {
      address: '$(DO_REDIS_HOST):$(DO_REDIS_PORT)',
      username: 'default',
      password: '$(DO_REDIS_PASSWORD)',
      use_tls: true,
    },
    storage: {
      prefix: 'recordings/',
      s3: {
        bucket: settings.spacesBucket,
        region: settings.spacesRegion,
        endpoint: `https://${settings.spacesRegion}.digitaloceanspaces.com`,
      },
    },
  });
  return [
    configMap('livekit-config', 'media', { 'livekit.yaml': server }),
    ...runs(context, sfu, {
      mounts: [configVolume('livekit-config', '/etc/livekit')],
      env: {
        LIVEKIT_KEYS: '$(LIVEKIT_API_KEY): $(LIVEKIT_API_SECRET)',
        LIVEKIT_WEBHOOK_API_KEY: '$(LIVEKIT_API_KEY)',
        REDIS_HOST: '$(DO_REDIS_HOST):$(DO_REDIS_PORT)',
        REDIS_PASSWORD: '$(DO_REDIS_PASSWORD)',
      },
      rollsWith: [server],
    }),
    ...runs(context, workloadOf(context, 'livekit-recorder'), {
      env: {
        EGRESS_CONFIG_BODY: egress,
        AWS_ACCESS_KEY_ID: '$(DO_SPACES_ACCESS_KEY)',
        AWS_SECRET_ACCESS_KEY: '$(DO_SPACES_SECRET_KEY)',
      },
    }),
  ];
}
