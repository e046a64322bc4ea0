import { z } from 'zod';
import type { ActPorts } from '../act/define.ts';
import { infrastructureOf } from '../edge/declared.ts';
import type { Part } from '../health/define.ts';
import { lister, part } from '../health/parts.ts';
import { EndpointSliceObject, HpaObject, NodeObject, ServiceObject, WorkloadObject } from '../health/shapes.ts';
import type { DnsRecord, FirewallRule, ManagedDatabase, Sample } from '../ports.ts';

const time = z.string().optional();
const containerState = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
});
const TroublePod = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ nodeName: z.string().optional() }),
  status: z
    .object({
      phase: z.string().default('Unknown'),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(''),
            message: z.string().default(''),
          }),
        )
        .default([]),
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            image: z.string().default(''),
            restartCount: z.number().default(0),
            state: containerState.prefault({}),
            lastState: z
              .object({
                terminated: z.object({ reason: z.string().default(''), exitCode: z.number().default(0) }).optional(),
              })
              .prefault({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type TroublePod = z.output<typeof TroublePod>;

const TroubleEvent = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  type: z.string().default('Normal'),
  lastTimestamp: time.nullable().optional(),
  eventTime: time.nullable().optional(),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
});

/** Figures that questions ask Prometheus for; the workload's name stands in for SERVICE. */
export const figures = {
  cpuOfRequest:
    'sum by (pod) (rate(container_cpu_usage_seconds_total{container!="", pod=~"SERVICE-.+"}[5m])) / sum by (pod) (kube_pod_container_resource_requests{resource="cpu", pod=~"SERVICE-.+"})',
  memoryOfRequest:
    'sum by (pod) (container_memory_working_set_bytes{container!="", pod=~"SERVICE-.+"}) / sum by (pod) (kube_pod_container_resource_requests{resource="memory", pod=~"SERVICE-.+"})',
  nodeCpu: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
  nodeMemory: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
  postgresUp: 'pg_up',
  valkeyUp: 'redis_up',
  connectionsUsed: 'sum by (instance) (pg_stat_database_numbackends) / max by (instance) (pg_settings_max_connections)',
  outsideUp: 'probe_success',
} as const;
export type Figure = keyof typeof figures;

/** What the decision trees look at; each part read, or missing with the reason. */
export interface Evidence {
  readonly workload: string | undefined;
  readonly deployment: Part<z.output<typeof WorkloadObject> | undefined>;
  readonly pods: Part<readonly TroublePod[]>;
  readonly events: Part<readonly { reason: string; message: string; object: string; atMs: number }[]>;
  readonly nodes: Part<readonly z.output<typeof NodeObject>[]>;
  readonly services: Part<readonly z.output<typeof ServiceObject>[]>;
  readonly endpoints: Part<readonly z.output<typeof EndpointSliceObject>[]>;
  readonly autoscalers: Part<readonly z.output<typeof HpaObject>[]>;
  readonly databases: Part<readonly ManagedDatabase[]>;
  /** Records of the product's domain, and what the firewall of the SFUs lets in. */
  readonly records: Part<readonly DnsRecord[]>;
  readonly inbound: Part<readonly FirewallRule[] | undefined>;
  readonly environment: string | undefined;
  readonly logLines: Part<readonly string[]>;
  readonly rollouts: Part<readonly { atMs: number; revision: string; image: string }[]>;
  readonly figures: Readonly<Record<Figure, Part<readonly Sample[]>>>;
  readonly nowMs: number;
}

/** Collects all of it at once, of one workload where one is named. Changes nothing. */
export async function collectTrouble(
  ports: Pick<ActPorts, 'objects' | 'metrics' | 'cluster' | 'databases' | 'edge'>,
  about: { workload: string | undefined; nowMs: number; environment?: string | undefined },
): Promise<Evidence> {
  const { objects, metrics, cluster, databases, edge } = ports;
  const { workload, environment } = about;
  const infrastructure = infrastructureOf(environment);
  const list = lister(objects);
  const ask = (figure: Figure) => part(() => metrics.query(figures[figure].replaceAll('SERVICE', workload ?? '.+')));
  const own = (name: string) => workload === undefined || name === workload || name.startsWith(`${workload}-`);
  const [
    deployment,
    pods,
    events,
    nodes,
    services,
    endpoints,
    autoscalers,
    managed,
    records,
    inbound,
    evidence,
    answers,
  ] = await Promise.all([
    part(async () => {
      const found =
        workload === undefined
          ? undefined
          : await objects.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: workload });
      return found && WorkloadObject.parse(found);
    }),
    list('v1', 'Pod', TroublePod),
    list('v1', 'Event', TroubleEvent),
    list('v1', 'Node', NodeObject),
    list('v1', 'Service', ServiceObject),
    list('discovery.k8s.io/v1', 'EndpointSlice', EndpointSliceObject),
    list('autoscaling/v2', 'HorizontalPodAutoscaler', HpaObject),
    part(() => databases.list()),
    part(() => edge.records(infrastructure?.domain.name ?? '')),
    part(async () => (await edge.firewalls()).find(({ name }) => name === infrastructure?.firewall.name)?.inbound),
    part(async () => (workload === undefined ? undefined : await cluster.evidence(workload))),
    Promise.all((Object.keys(figures) as Figure[]).map(async (name) => [name, await ask(name)] as const)),
  ]);
  return {
    workload,
    deployment,
    pods: 'missing' in pods ? pods : { value: pods.value.filter(({ metadata }) => own(metadata.name)) },
    events:
      'missing' in events
        ? events
        : {
            value: events.value
              .filter(({ involvedObject }) => own(involvedObject.name))
              .map(({ reason, message, involvedObject, lastTimestamp, eventTime }) => ({
                reason,
                message,
                object: `${involvedObject.kind}/${involvedObject.name}`,
                atMs: Date.parse(lastTimestamp ?? eventTime ?? '') || 0,
              }))
              .sort((a, b) => b.atMs - a.atMs),
          },
    nodes,
    services,
    endpoints,
    autoscalers,
    databases: managed,
    records,
    inbound,
    environment,
    logLines: 'missing' in evidence ? evidence : { value: evidence.value?.logLines ?? [] },
    rollouts: 'missing' in evidence ? evidence : { value: evidence.value?.rollouts ?? [] },
    figures: Object.fromEntries(answers) as Evidence['figures'],
    nowMs: about.nowMs,
  };
}
