import { alertmanager } from '../manifests/catalogue/alertmanager.ts';
import { authService } from '../manifests/catalogue/auth-service.ts';
import { blackboxExporter } from '../manifests/catalogue/blackbox-exporter.ts';
import { certManager } from '../manifests/catalogue/cert-manager.ts';
import { chatService } from '../manifests/catalogue/chat-service.ts';
import type { Workload } from '../manifests/catalogue/define.ts';
import { digitalOceanExporter } from '../manifests/catalogue/digitalocean-exporter.ts';
import { kubeStateMetricsWorkload } from '../manifests/catalogue/kube-state-metrics.ts';
import { livekitExporter } from '../manifests/catalogue/livekit-exporter.ts';
import { livekitRecorder } from '../manifests/catalogue/livekit-recorder.ts';
import { sfuWorkload } from '../manifests/catalogue/livekit-sfu.ts';
import { meetingProbe } from '../manifests/catalogue/meeting-probe.ts';
import { meetingService } from '../manifests/catalogue/meeting-service.ts';
import { nodeExporter } from '../manifests/catalogue/node-exporter.ts';
import { pgbouncer } from '../manifests/catalogue/pgbouncer-do.ts';
import { postgresExporter } from '../manifests/catalogue/postgres-exporter.ts';
import { prometheus } from '../manifests/catalogue/prometheus.ts';
import { redisExporter } from '../manifests/catalogue/redis-exporter.ts';
import { responder } from '../manifests/catalogue/responder.ts';
import { signalingService } from '../manifests/catalogue/signaling-service.ts';
import { traefik } from '../manifests/catalogue/traefik.ts';
import { turnService } from '../manifests/catalogue/turn-service.ts';

/** Where Prometheus finds the targets of a job in a cluster. */
export type Scrape =
  /** The pods of workloads of the catalogue, at their port `metrics`. */
  | { readonly kind: 'pods'; readonly of: readonly Workload[] }
  /** Pods that DigitalOcean runs in the cluster. */
  | { readonly kind: 'system-pods'; readonly app: string; readonly port: number }
  /** Every kubelet, at this path. */
  | { readonly kind: 'kubelets'; readonly path: string }
  | { readonly kind: 'api-server' }
  /** Addresses asked from outside, by the blackbox exporter. */
  | { readonly kind: 'addresses' };

/** Names of the scrape jobs; rules select by them and the scrape configuration is built from them. `postgres` is the name that the operations runbook's DatabaseDown selects by. */
export const jobs = {
  livekit: 'livekit',
  livekitExporter: 'livekit-exporter',
  digitalOceanExporter: 'digitalocean-exporter',
  responder: 'responder',
  kubeStateMetrics: 'kube-state-metrics',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  probe: 'probe',
  recorder: 'livekit-recorder',
  traefik: 'traefik',
  services: 'services',
  postgres: 'postgres',
  pgbouncer: 'pgbouncer',
  redis: 'redis',
  nodes: 'node-exporter',
  kubelet: 'kubelet',
  cadvisor: 'cadvisor',
  apiServer: 'kube-apiserver',
  coredns: 'coredns',
  certManager: 'cert-manager',
  blackbox: 'blackbox',
} as const;
export type Job = (typeof jobs)[keyof typeof jobs];

const pods = (...of: readonly Workload[]): Scrape => ({ kind: 'pods', of });

/** Where each job finds its targets. */
export const scrapes: Readonly<Record<Job, Scrape>> = {
  livekit: pods(sfuWorkload),
  'livekit-exporter': pods(livekitExporter),
  'digitalocean-exporter': pods(digitalOceanExporter),
  responder: pods(responder),
  'kube-state-metrics': pods(kubeStateMetricsWorkload),
  prometheus: pods(prometheus),
  alertmanager: pods(alertmanager),
  probe: pods(meetingProbe),
  'livekit-recorder': pods(livekitRecorder),
  traefik: pods(traefik),
  services: pods(authService, meetingService, signalingService, chatService, turnService),
  postgres: pods(postgresExporter),
  pgbouncer: pods(pgbouncer),
  redis: pods(redisExporter),
  'node-exporter': pods(nodeExporter),
  kubelet: { kind: 'kubelets', path: '/metrics' },
  cadvisor: { kind: 'kubelets', path: '/metrics/cadvisor' },
  'kube-apiserver': { kind: 'api-server' },
  coredns: { kind: 'system-pods', app: 'kube-dns', port: 9153 },
  'cert-manager': pods(certManager),
  blackbox: { kind: 'addresses' },
};

/** What the blackbox exporter asks, and whose it is: the hosts of the deployment README and the health path of each service inside. */
export const probedAddresses: readonly { readonly address: string; readonly service: string }[] = [
  { address: 'https://gomeet.com/', service: 'frontend' },
  { address: 'https://api.gomeet.com/api/v1/auth/health', service: 'auth-service' },
  { address: 'https://api.gomeet.com/api/v1/meetings/health', service: 'meeting-service' },
  { address: 'https://api.gomeet.com/api/v1/chat/health', service: 'chat-service' },
  { address: 'https://livekit.gomeet.com/', service: 'livekit-sfu' },
  { address: 'https://grafana.gomeet.com/api/health', service: 'grafana' },
];

/** Who is asked for them. */
export const addressProber = blackboxExporter;
