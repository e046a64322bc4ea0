import { readFileSync } from 'node:fs';
import { type Job, jobs, scrapes } from '../../alerts/jobs.ts';
import { seriesIn } from '../../alerts/promql.ts';
import { recordingRules } from '../../alerts/recording/index.ts';
import { renamedMetrics } from '../../exporters/metrics/contracts.ts';

/** An exposition that is served from a file, and the labels that its scrape would put on it. */
export interface Still {
  readonly job: Job;
  readonly file: string;
  readonly kind: 'recorded' | 'synthetic';
  readonly labels?: Readonly<Record<string, string>>;
  /** Of an emitter that runs in the proof as well: this is what it cannot be brought to say there. */
  readonly besideLive?: true;
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

const services = scrapes[jobs.services];
const apiServices = services.kind === 'pods' ? services.of : [];

/** What is not to be had here, written by hand after its makers' documentation; each file says why, and after what. */
const documented: readonly Still[] = [
  {
    job: jobs.responder,
    file: 'documented/secrets-of-the-responder.prom',
    kind: 'synthetic',
    besideLive: true,
    labels: pod('responder'),
  },
  {
    job: jobs.nodes,
    file: 'documented/premium-machine.prom',
    kind: 'synthetic',
    besideLive: true,
    labels: pod('node-exporter'),
  },
  { job: jobs.cadvisor, file: 'documented/cadvisor-0.52.1.prom', kind: 'synthetic' },
  { job: jobs.kubelet, file: 'documented/kubelet-1.36.prom', kind: 'synthetic' },
  { job: jobs.kubeStateMetrics, file: 'documented/stateful-crash-loop.prom', kind: 'synthetic' },
  { job: jobs.recorder, file: 'documented/egress-1.10.0.prom', kind: 'synthetic', labels: pod('livekit-recorder') },
  ...apiServices.map(
    ({ name }): Still => ({
      job: jobs.services,
      file: 'documented/services-by-contract.prom',
      kind: 'synthetic',
      labels: pod(name),
    }),
  ),
  { job: jobs.services, file: 'documented/coturn-4.6.2.prom', kind: 'synthetic', labels: pod('turn-service') },
];

/** Every exposition that is served from a file. */
export const stills: readonly Still[] = [...recorded, ...documented];

const byRecord = new Map(recordingRules.map(({ record, expr }) => [record, expr]));

/** The series that a query reads at last: recording rules are looked through. */
function readsOf(expr: string): ReadonlySet<string> {
  return new Set(
    seriesIn(expr).flatMap((name) => {
      const of = byRecord.get(name);
      return of === undefined ? [name] : [...readsOf(of)];
    }),
  );
}

const textOf = new Map(stills.map(({ file }) => [file, readFileSync(new URL(file, import.meta.url), 'utf8')]));

/** The expositions of a kind that a query leans on: those with a series that it reads, or of a job that it asks whether it is there. */
export function leansOn(expr: string, kind: Still['kind']): readonly Still[] {
  const reads = [...readsOf(expr)];
  return stills.filter(
    (still) =>
      still.kind === kind &&
      (expr.includes(`job="${still.job}"`) ||
        reads.some(
          (name) => new RegExp(`^${name}[{ ]`, 'm').test(textOf.get(still.file) ?? '') || renamed(name, still),
        )),
  );
}

function renamed(name: string, { file }: Still): boolean {
  return Object.entries(renamedMetrics).some(
    ([from, to]) => to === name && (textOf.get(file) ?? '').includes(`\n${from}{`),
  );
}

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
