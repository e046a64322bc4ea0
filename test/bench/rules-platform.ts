import { alerts } from '../../alerts/index.ts';
import { type Job, jobs } from '../../alerts/jobs.ts';
import { seriesIn } from '../../alerts/promql.ts';
import { recordingRules } from '../../alerts/recording/index.ts';
import type { Metric } from '../../exporters/metrics/define.ts';
import { metrics } from '../../exporters/metrics/index.ts';

/** One thing that is scraped: the labels of its target, and its exposition at a moment. */
export interface SizedTarget {
  readonly job: Job;
  readonly labels: Readonly<Record<string, string>>;
  text(seconds: number): string;
}

type Labels = Readonly<Record<string, string>>;
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

/** Who emits a metric, by the peer or exporter that the catalogue names; what only people's services promise is left out. */
const jobOf: Readonly<Record<string, Job>> = {
  livekit: jobs.livekitExporter,
  digitalocean: jobs.digitalOceanExporter,
  probe: jobs.probe,
  responder: jobs.responder,
  'livekit-server': jobs.livekit,
  'kube-state-metrics': jobs.kubeStateMetrics,
  traefik: jobs.traefik,
  'livekit-egress': jobs.recorder,
  postgres_exporter: jobs.postgres,
  pgbouncer_exporter: jobs.pgbouncer,
  redis_exporter: jobs.redis,
  blackbox_exporter: jobs.blackbox,
  node_exporter: jobs.nodes,
  kubelet: jobs.kubelet,
  'kube-apiserver': jobs.apiServer,
  'cert-manager': jobs.certManager,
};

/** The values that labels take beside each other. Others have one. */
const values: Readonly<Record<string, readonly string[]>> = {
  direction: ['incoming', 'outgoing'],
  source: ['CAMERA', 'MICROPHONE', 'SCREEN_SHARE', 'SCREEN_SHARE_AUDIO'],
  transmission: ['initial', 'retransmit'],
  state: [
    'signal_connected',
    'signal_failed',
    'signal_validation_failed',
    'rtc_connected',
    'rtc_success',
    'rtc_failure',
    'rtc_canceled',
    'serving',
    'draining',
    'lost',
  ],
  code: ['200', '204', '401', '403', '404', '429', '500', '502', '503'],
  method: ['GET', 'POST', 'PUT', 'DELETE'],
  protocol: ['http', 'websocket'],
  condition: [
    'Ready',
    'MemoryPressure',
    'DiskPressure',
    'PIDPressure',
    'Progressing',
    'Available',
    'ScalingActive',
    'ScalingLimited',
  ],
  status: ['true', 'false', 'unknown', 'success', 'drop'],
  phase: ['Pending', 'Running', 'Failed', 'Succeeded', 'Unknown'],
  mode: ['idle', 'user', 'system', 'iowait', 'irq', 'softirq', 'steal', 'nice'],
  cpu: numbered('cpu', 32),
  device: ['eth0', 'eth1', 'lo', 'cilium_host'],
  outcome: ['plan', 'refuse'],
  entrypoint: ['web', 'websecure'],
  le: ['0.005', '0.1', '0.5', '1.2', '3.5', '50', '100', '250', '500', '1000', '2275.8459260747895', '+Inf'],
};

/** A platform of that size as Prometheus would see it, by path: of every metric that a rule reads, as many series as there would be. */
export function platformAtSize(size: {
  readonly sfus: number;
  readonly rooms: number;
  readonly services: number;
}): ReadonlyMap<string, SizedTarget> {
  const services = numbered('service', size.services);
  const machines = numbered('machine', size.sfus + 25);
  const pods: readonly Labels[] = [
    ...services.flatMap((service) => numbered(`${service}-5d9c8b7f5`, 12)),
    ...numbered('livekit-sfu-6f7d8c9b5', size.sfus),
  ].map((pod, index) => ({
    pod,
    uid: `u${index}`,
    container: 'main',
    node: machines[index % machines.length] ?? '',
    owner_name: pod.slice(0, pod.lastIndexOf('-')),
    owner_kind: 'ReplicaSet',
  }));
  /** Labels whose values belong together: what a job speaks of, and how many targets it has. */
  const entities: Readonly<Partial<Record<Job, readonly Labels[]>>> = {
    [jobs.kubeStateMetrics]: pods,
  };
  const alone: Readonly<Record<string, readonly string[]>> = {
    namespace: ['gomeet'],
    node_id: numbered('ND', size.sfus),
    // The exporter names the twenty largest rooms, however many there are.
    room_sid: numbered('RM', Math.min(20, size.rooms)),
    deployment: services,
    service: services,
    horizontalpodautoscaler: services,
    poddisruptionbudget: services,
    replicaset: services,
    networkpolicy: services,
    node: machines,
    id: machines,
  };
  const replicas: Readonly<Partial<Record<Job, number>>> = {
    [jobs.livekit]: size.sfus,
    [jobs.livekitExporter]: 2,
    [jobs.traefik]: 6,
    [jobs.pgbouncer]: 6,
    [jobs.nodes]: machines.length,
    [jobs.kubelet]: machines.length,
    [jobs.recorder]: 3,
    [jobs.responder]: 2,
    [jobs.redis]: 2,
    [jobs.postgres]: 2,
    [jobs.blackbox]: 6,
  };
  const read = new Set([...recordingRules, ...alerts].flatMap(({ expr }) => seriesIn(expr)));
  const isRead = ({ name }: Metric) => ['', '_bucket', '_count', '_sum'].some((part) => read.has(name + part));
  const byJob = Map.groupBy(metrics.filter(isRead), ({ emitter }) =>
    emitter.kind === 'contract' ? undefined : jobOf[emitter.kind === 'exporter' ? emitter.exporter : emitter.peer],
  );
  const targets = new Map<string, SizedTarget>();
  for (const [job, of] of byJob) {
    if (job === undefined) continue;
    for (let replica = 0; replica < (replicas[job] ?? 1); replica += 1) {
      const own: Labels =
        job === jobs.livekit
          ? { node_id: `ND-${replica}` }
          : job === jobs.nodes
            ? { node: machines[replica] ?? '' }
            : {};
      const series = of.flatMap((metric) => seriesOf(metric, own, entities[job] ?? [], alone));
      targets.set(`/${job}/${replica}`, {
        job,
        labels: { pod: `${job}-${replica}`, ...(job === jobs.blackbox ? { service: 'frontend' } : {}) },
        text: (seconds) =>
          series.map(({ start, counter, share }) => `${start} ${counter ? seconds * share : share}\n`).join(''),
      });
    }
  }
  return targets;
}

interface Line {
  readonly start: string;
  readonly counter: boolean;
  readonly share: number;
}

function seriesOf(
  { name, type, labels }: Metric,
  own: Labels,
  entities: readonly Labels[],
  alone: Readonly<Record<string, readonly string[]>>,
): readonly Line[] {
  const ofEntity = labels.includes('pod') ? entities : [];
  const known = Object.keys(ofEntity[0] ?? {});
  const rest = labels.filter((label) => !known.includes(label) && own[label] === undefined);
  const common = labels.filter((label) => own[label] !== undefined).map((label) => [label, own[label] ?? ''] as const);
  const bases = ofEntity.length === 0 ? [{}] : ofEntity;
  const combinations = (names: readonly string[]) =>
    names.reduce<readonly Labels[]>(
      (all, label) =>
        all.flatMap((one) => (alone[label] ?? values[label] ?? ['x']).map((value) => ({ ...one, [label]: value }))),
      [{}],
    );
  const of = (part: string, extra: readonly string[], counter: boolean) =>
    bases.flatMap((base) =>
      combinations([...rest, ...extra]).map((combination, index): Line => {
        const chosen = Object.entries(base).filter(([label]) => labels.includes(label));
        const pairs = [...common, ...chosen, ...Object.entries(combination)].map(
          ([label, value]) => `${label}="${value}"`,
        );
        return { start: `${name}${part}{${pairs.join(',')}}`, counter, share: 0.1 * (1 + (index % 12)) };
      }),
    );
  if (type === 'histogram' || type === 'gauge-histogram') {
    const counter = type === 'histogram';
    return [...of('_bucket', ['le'], counter), ...of('_sum', [], counter), ...of('_count', [], counter)];
  }
  return of('', [], type === 'counter');
}
