import { stringify } from 'yaml';
import { configMap, handed } from '../objects/config-map.ts';
import { type Context, workloadOf } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { configVolume } from '../objects/volumes.ts';
import { runs } from '../objects/workload.ts';
import { hosts } from '../settings.ts';

const boards = 'grafana-boards-';

/** Prometheus, Alertmanager, Grafana, the exporters, the probe and the responder. What they are told of alerts and boards comes from those rooms. */
export function monitoringFile(context: Context): readonly KubernetesObject[] {
  const at = hosts(context.environment.settings);
  const mine = (name: string) => handed(context, name);
  const dashboards = Object.keys(context.configuration).filter((name) => name.startsWith(boards));
  return [
    ...['prometheus-config', 'prometheus-rules', 'alertmanager-config', 'grafana-providers'].map((name) =>
      configMap(name, 'platform', mine(name)),
    ),
    // Mounted below; where Grafana has a sidecar instead, it finds them by these labels.
    configMap('grafana-datasources', 'platform', mine('grafana-datasources'), { grafana_datasource: '1' }),
    ...dashboards.map((name) => configMap(name, 'platform', mine(name), { grafana_dashboard: '1' })),
    // No folder lies inside another's read-only mount: the survey's Traefik and Prometheus never started for that.
    ...runs(context, workloadOf(context, 'prometheus'), {
      args: [`--web.external-url=https://${at.prometheus}`],
      mounts: [
        configVolume('prometheus-config', '/etc/prometheus'),
        configVolume('prometheus-rules', '/etc/prometheus-rules'),
      ],
      rollsWith: [...Object.values(mine('prometheus-config')), ...Object.values(mine('prometheus-rules'))],
    }),
    ...runs(context, workloadOf(context, 'alertmanager'), {
      mounts: [configVolume('alertmanager-config', '/etc/alertmanager-config')],
      rollsWith: Object.values(mine('alertmanager-config')),
    }),
    ...runs(context, workloadOf(context, 'grafana'), {
      env: {
        GF_SERVER_ROOT_URL: `https://${at.grafana}`,
        GF_DATABASE_TYPE: 'postgres',
        GF_DATABASE_HOST: '$(DO_POSTGRES_HOST):$(DO_POSTGRES_PORT)',
        GF_DATABASE_NAME: 'grafana',
        GF_DATABASE_USER: 'grafana',
        GF_DATABASE_PASSWORD: '$(GRAFANA_DB_PASSWORD)',
        GF_DATABASE_SSL_MODE: 'require',
        GF_SECURITY_ADMIN_PASSWORD: '$(GRAFANA_ADMIN_PASSWORD)',
        GF_SECURITY_SECRET_KEY: '$(GRAFANA_SECRET_KEY)',
        // Alerts are Prometheus' and Alertmanager's.
        GF_UNIFIED_ALERTING_ENABLED: 'false',
        GF_USERS_ALLOW_SIGN_UP: 'false',
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      },
      mounts: [
        configVolume('grafana-datasources', '/etc/grafana/provisioning/datasources'),
        configVolume('grafana-providers', '/etc/grafana/provisioning/dashboards'),
        ...dashboards.map((name) => configVolume(name, `/etc/grafana/boards/${name.slice(boards.length)}`)),
      ],
      rollsWith: [...Object.values(mine('grafana-datasources')), ...Object.values(mine('grafana-providers'))],
    }),
    ...runs(context, workloadOf(context, 'kube-state-metrics'), {
      args: ['--port=8080', '--namespaces=gomeet,kube-system'],
    }),
    ...runs(context, workloadOf(context, 'node-exporter')),
    configMap('blackbox-config', 'platform', { 'blackbox.yaml': blackbox }),
    ...runs(context, workloadOf(context, 'blackbox-exporter'), {
      mounts: [configVolume('blackbox-config', '/etc/blackbox')],
      rollsWith: [blackbox],
    }),
    ...runs(context, workloadOf(context, 'livekit-exporter')),
    ...runs(context, workloadOf(context, 'digitalocean-exporter')),
    ...runs(context, workloadOf(context, 'meeting-probe'), { env: { LIVEKIT_URL: `https://${at.livekit}` } }),
    // Its account comes with its role.
    ...runs(context, workloadOf(context, 'responder'), {
      env: {
        CONSOLE_PUBLIC_URL: `https://${at.console}`,
        GOMEET_ENVIRONMENT: context.environment.name,
      },
    }).filter(({ kind }) => kind !== 'ServiceAccount' || context.roles.length === 0),
  ];
}

const blackbox = stringify({
  modules: {
    http_2xx: { prober: 'http', timeout: '5s', http: { preferred_ip_protocol: 'ip4', fail_if_not_ssl: true } },
    http_inside: { prober: 'http', timeout: '5s', http: { preferred_ip_protocol: 'ip4' } },
    http_401: {
      prober: 'http',
      timeout: '5s',
      http: { preferred_ip_protocol: 'ip4', fail_if_not_ssl: true, valid_status_codes: [401] },
    },
    tls: { prober: 'tcp', timeout: '5s', tcp: { preferred_ip_protocol: 'ip4', tls: true } },
  },
});
