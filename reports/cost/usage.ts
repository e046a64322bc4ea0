import { workloads } from '../../manifests/catalogue/index.ts';
import type { Activity } from '../../model/cost/units.ts';
import type { Metrics, Sample } from '../../responders/ports.ts';
import { usageQueries } from './queries.ts';

/** A container as it runs now, or ran within the period. */
export interface ContainerReading {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly workload: string;
  /** Undefined for a pod that is gone. */
  readonly node: string | undefined;
  readonly cpuRequestCores: number;
  readonly memoryRequestGib: number;
  readonly cpuP95Cores: number | undefined;
  readonly memoryMaxGib: number | undefined;
  readonly firstSeenMs: number | undefined;
}

/** What Prometheus knows of the period. */
export interface Usage {
  readonly containers: readonly ContainerReading[];
  /** The most that was asked of each pool, by its name. */
  readonly pools: ReadonlyMap<
    string,
    { readonly cpuCores: number; readonly memoryGib: number; readonly firstSeenMs: number }
  >;
  readonly activity: Activity;
  /** Hours of the period for which participants were counted. */
  readonly measuredHours: number;
}

const gib = 1024 ** 3;

/** Asks Prometheus about the last days; throws its PortError. What it has no answer to stays undefined. */
export async function readUsage(metrics: Pick<Metrics, 'query'>, days: number): Promise<Usage> {
  const queries = usageQueries(days);
  const ask = (name: keyof typeof queries) => metrics.query(queries[name]);
  const [requests, cpu, memory, seen, peaks, poolsSeen, hours, measured, meetings, egress] = await Promise.all([
    ask('requests'),
    ask('cpuP95'),
    ask('memoryMax'),
    ask('firstSeen'),
    ask('poolPeaks'),
    ask('poolFirstSeen'),
    ask('participantHours'),
    ask('measuredHours'),
    ask('meetings'),
    ask('egressBytes'),
  ]);
  return {
    containers: containers(requests, byContainer(cpu), byContainer(memory), byContainer(seen)),
    pools: pools(peaks, poolsSeen),
    activity: { participantHours: hours[0]?.value, meetings: meetings[0]?.value, egressBytes: egress[0]?.value },
    measuredHours: measured[0]?.value ?? 0,
  };
}

/** The catalogue's name for a pod, else its name without what Kubernetes adds to it. */
export function workloadOf(pod: string): string {
  const declared = workloads
    .map(({ name }) => name)
    .filter((name) => pod === name || pod.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
  return declared ?? pod.replace(/(-[a-f0-9]{6,10})?-([a-z0-9]{5}|\d+)$/, '');
}

function containers(
  requests: readonly Sample[],
  cpu: ReadonlyMap<string, number>,
  memory: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, number>,
): ContainerReading[] {
  const asked = Map.groupBy(requests, containerKey);
  const keys = new Set([...asked.keys(), ...memory.keys()]);
  return [...keys].sort().map((key) => {
    const samples = asked.get(key) ?? [];
    const of = (resource: string) => samples.find(({ labels }) => labels['resource'] === resource)?.value ?? 0;
    const [namespace = '', pod = '', container = ''] = key.split('/');
    const memoryBytes = memory.get(key);
    const seenSeconds = seen.get(key);
    return {
      namespace,
      pod,
      container,
      workload: workloadOf(pod),
      node: samples[0]?.labels['node'],
      cpuRequestCores: of('cpu'),
      memoryRequestGib: of('memory') / gib,
      cpuP95Cores: cpu.get(key),
      memoryMaxGib: memoryBytes === undefined ? undefined : memoryBytes / gib,
      firstSeenMs: seenSeconds === undefined ? undefined : seenSeconds * 1_000,
    };
  });
}

function pools(peaks: readonly Sample[], seen: readonly Sample[]): Usage['pools'] {
  return new Map(
    [...Map.groupBy(peaks, ({ labels }) => labels['pool'] ?? '')].map(([pool, samples]) => {
      const of = (resource: string) => samples.find(({ labels }) => labels['resource'] === resource)?.value ?? 0;
      const first = Math.min(...seen.filter(({ labels }) => labels['pool'] === pool).map(({ value }) => value));
      return [pool, { cpuCores: of('cpu'), memoryGib: of('memory') / gib, firstSeenMs: first * 1_000 }] as const;
    }),
  );
}

function byContainer(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(samples.map((sample) => [containerKey(sample), sample.value]));
}

function containerKey({ labels }: Sample): string {
  return `${labels['namespace'] ?? ''}/${labels['pod'] ?? ''}/${labels['container'] ?? ''}`;
}
