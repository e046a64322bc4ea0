import type { z } from 'zod';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import type { Metrics, Objects, Sample } from '../ports.ts';
import type { Part } from './define.ts';
import { type Measure, measures } from './measured.ts';
import { lister, part } from './parts.ts';
import {
  CertificateObject,
  EndpointSliceObject,
  HpaObject,
  NetworkPolicyObject,
  NodeObject,
  PodObject,
  ServiceObject,
  WorkloadObject,
} from './shapes.ts';

/** What a health check looks at, each part read or missing with the reason. */
export interface Readings {
  readonly deployments: Part<readonly z.output<typeof WorkloadObject>[]>;
  readonly statefulSets: Part<readonly z.output<typeof WorkloadObject>[]>;
  readonly daemonSets: Part<readonly z.output<typeof WorkloadObject>[]>;
  readonly pods: Part<readonly z.output<typeof PodObject>[]>;
  readonly nodes: Part<readonly z.output<typeof NodeObject>[]>;
  readonly services: Part<readonly z.output<typeof ServiceObject>[]>;
  readonly endpoints: Part<readonly z.output<typeof EndpointSliceObject>[]>;
  readonly certificates: Part<readonly z.output<typeof CertificateObject>[]>;
  readonly policies: Part<readonly z.output<typeof NetworkPolicyObject>[]>;
  readonly autoscalers: Part<readonly z.output<typeof HpaObject>[]>;
  /** Answers to `measures`, by name. */
  readonly measured: ReadonlyMap<string, Part<readonly Sample[]>>;
  readonly namespace: string;
  readonly atMs: number;
}

/** Reads everything at once, of our own namespace unless said; a peer that is away leaves its parts missing and never the check undone. */
export async function collect(
  { objects, metrics }: { objects: Objects; metrics: Metrics },
  where: { namespace?: string; nowMs: number },
): Promise<Readings> {
  const list = lister(objects, where.namespace);
  const ask = async ({ name, query }: Measure) => [name, await part(() => metrics.query(query))] as const;
  const [
    deployments,
    statefulSets,
    daemonSets,
    pods,
    nodes,
    services,
    endpoints,
    certificates,
    policies,
    autoscalers,
    answers,
  ] = await Promise.all([
    list('apps/v1', 'Deployment', WorkloadObject),
    list('apps/v1', 'StatefulSet', WorkloadObject),
    list('apps/v1', 'DaemonSet', WorkloadObject),
    list('v1', 'Pod', PodObject),
    list('v1', 'Node', NodeObject),
    list('v1', 'Service', ServiceObject),
    list('discovery.k8s.io/v1', 'EndpointSlice', EndpointSliceObject),
    list('cert-manager.io/v1', 'Certificate', CertificateObject),
    list('networking.k8s.io/v1', 'NetworkPolicy', NetworkPolicyObject),
    list('autoscaling/v2', 'HorizontalPodAutoscaler', HpaObject),
    Promise.all(measures.map(ask)),
  ]);
  return {
    deployments,
    statefulSets,
    daemonSets,
    pods,
    nodes,
    services,
    endpoints,
    certificates,
    policies,
    autoscalers,
    measured: new Map(answers),
    namespace: where.namespace ?? platformNamespace,
    atMs: where.nowMs,
  };
}
