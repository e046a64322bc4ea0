import { readFileSync } from 'node:fs';
import { type Job, jobs } from '../../alerts/jobs.ts';

/** An exposition that is served from a file, and the labels that its scrape would put on it. */
export interface Still {
  readonly job: Job;
  readonly file: string;
  readonly kind: 'recorded' | 'synthetic';
  readonly labels?: Readonly<Record<string, string>>;
}

const pod = (service: string) => ({ namespace: 'gomeet', pod: `${service}-0` });

/** What running peers answered once; file names say who and which version. */
const recorded: readonly Still[] = [
  {
    job: jobs.livekit,
    file: '../alerts/fixtures/livekit-server-1.13.5.prom',
    kind: 'recorded',
    labels: pod('livekit-sfu'),
  },
  {
    job: jobs.postgres,
    file: '../exporters/metrics/fixtures/postgres-exporter-0.11.1.prom',
    kind: 'recorded',
    labels: pod('postgres-exporter'),
  },
  {
    job: jobs.redis,
    file: '../exporters/metrics/fixtures/redis-exporter-1.45.0.prom',
    kind: 'recorded',
    labels: pod('redis-exporter'),
  },
  {
    job: jobs.nodes,
    file: '../exporters/metrics/fixtures/node-exporter-1.5.0.prom',
    kind: 'recorded',
    labels: { ...pod('node-exporter'), node: 'api-a1b2c' },
  },
  {
    job: jobs.blackbox,
    file: '../exporters/metrics/fixtures/blackbox-exporter-0.23.0.prom',
    kind: 'recorded',
    labels: { service: 'frontend' },
  },
  { job: jobs.apiServer, file: '../exporters/metrics/fixtures/kube-apiserver-1.36.1.prom', kind: 'recorded' },
  {
    job: jobs.kubeStateMetrics,
    file: '../exporters/metrics/fixtures/kube-state-metrics-2.17.0.prom',
    kind: 'recorded',
  },
  {
    job: jobs.pgbouncer,
    file: '../exporters/metrics/fixtures/pgbouncer-exporter-0.11.0.prom',
    kind: 'recorded',
    labels: pod('pgbouncer-do'),
  },
];

/** What is not to be had here, written by hand after its makers' documentation; each file says why, and after what. */
const documented: readonly Still[] = [
  {
    job: jobs.responder,
    file: 'documented/secrets-of-the-responder.prom',
    kind: 'synthetic',
    labels: pod('responder'),
  },
  {
    job: jobs.livekit,
    file: 'documented/livekit-trouble-1.13.5.prom',
    kind: 'synthetic',
    labels: pod('livekit-sfu'),
  },
  {
    job: jobs.livekitExporter,
    file: 'documented/room-on-the-recorded-node.prom',
    kind: 'synthetic',
    labels: pod('livekit-exporter'),
  },
  { job: jobs.nodes, file: 'documented/premium-machine.prom', kind: 'synthetic', labels: pod('node-exporter') },
  { job: jobs.cadvisor, file: 'documented/cadvisor-0.52.1.prom', kind: 'synthetic' },
  { job: jobs.kubelet, file: 'documented/kubelet-1.36.prom', kind: 'synthetic' },
  { job: jobs.kubeStateMetrics, file: 'documented/stateful-crash-loop.prom', kind: 'synthetic' },
  { job: jobs.traefik, file: 'documented/traefik-3.3.prom', kind: 'synthetic', labels: pod('traefik') },
  { job: jobs.coredns, file: 'documented/coredns-1.12.1.prom', kind: 'synthetic', labels: pod('coredns') },
  { job: jobs.certManager, file: 'documented/cert-manager-1.16.prom', kind: 'synthetic', labels: pod('cert-manager') },
  { job: jobs.recorder, file: 'documented/egress-1.12.prom', kind: 'synthetic', labels: pod('livekit-recorder') },
  { job: jobs.services, file: 'documented/services-by-contract.prom', kind: 'synthetic', labels: pod('auth-service') },
  { job: jobs.services, file: 'documented/coturn-4.6.2.prom', kind: 'synthetic', labels: pod('turn-service') },
];

/** Every exposition that is served from a file. */
export const stills: readonly Still[] = [...recorded, ...documented];

/** Why an exposition is written by hand: the first sentence of the comment that it begins with. */
export function reasonOf(file: string): string {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n');
  const comment = lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith('# TYPE')),
    )
    .map((line) => line.slice(2));
  return /^Not recorded: (.*?)\.(?= [A-Z]|$)/.exec(comment.join(' '))?.[1] ?? '';
}
