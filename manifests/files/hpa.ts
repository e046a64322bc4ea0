import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { Scaling, Workload } from '../catalogue/define.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

type Auto = Extract<Scaling, { kind: 'auto' }>;

/** Workloads that an autoscaler owns, with how. */
export function autoscaled(
  workloads: readonly Workload[],
): readonly { readonly workload: Workload; readonly scaling: Auto }[] {
  return workloads.flatMap((workload) => {
    const { scaling } = workload;
    return scaling?.kind === 'auto' && workload.maxReplicas > workload.replicas ? [{ workload, scaling }] : [];
  });
}

/** An autoscaler for each: a plain HPA for CPU and memory, a ScaledObject where a query counts too; KEDA then makes the HPA, under the documented name. */
export function hpaFile({ environment }: Pick<Context, 'environment'>): readonly KubernetesObject[] {
  return autoscaled(environment.workloads).map(({ workload, scaling }) =>
    scaling.metrics === undefined ? plainHpa(workload, scaling) : scaledObject(workload, scaling),
  );
}

/** Name of the HPA of a workload, as the documented commands have it. */
export function hpaName(workload: string): string {
  return `${workload}-hpa`;
}

/** Fast up: doubling or so many pods in 15 s. Slow down: a tenth a minute after five calm ones. Never down where the responder does that. */
export function behavior({ podsPer15s, scaleIn }: Auto) {
  return {
    scaleUp: {
      stabilizationWindowSeconds: scaleIn === 'responder' ? 0 : 30,
      selectPolicy: 'Max' as const,
      policies: [
        { type: 'Percent', value: 100, periodSeconds: 15 },
        { type: 'Pods', value: podsPer15s, periodSeconds: 15 },
      ],
    },
    scaleDown:
      scaleIn === 'responder'
        ? { selectPolicy: 'Disabled' as const }
        : {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Min' as const,
            policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
          },
  };
}

/** What the HPA of a workload looks at: of requests, and what each replica stands for of a query, as KEDA names it. */
export function hpaSpec(workload: Workload, scaling: Auto) {
  const of = (name: 'cpu' | 'memory', percent: number | undefined) =>
    percent === undefined
      ? []
      : [
          {
            type: 'Resource' as const,
            resource: { name, target: { type: 'Utilization' as const, averageUtilization: percent } },
          },
        ];
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: workload.kind, name: workload.name },
    minReplicas: workload.replicas,
    maxReplicas: workload.maxReplicas,
    metrics: [
      ...of('cpu', scaling.cpuPercent),
      ...of('memory', scaling.memoryPercent),
      ...(scaling.metrics ?? []).map(({ perReplica }, index) => ({
        type: 'External' as const,
        external: {
          metric: {
            name: `s${index + triggersBefore(scaling)}-prometheus`,
            selector: { matchLabels: { 'scaledobject.keda.sh/name': workload.name } },
          },
          target: { type: 'AverageValue' as const, averageValue: `${perReplica}` },
        },
      })),
    ],
    behavior: behavior(scaling),
  };
}

/** KEDA numbers its metrics by the trigger. */
function triggersBefore({ cpuPercent, memoryPercent }: Auto): number {
  return [cpuPercent, memoryPercent].filter((percent) => percent !== undefined).length;
}

function plainHpa(workload: Workload, scaling: Auto): KubernetesObject {
  return checked(
    new HorizontalPodAutoscaler({
      metadata: metadata(hpaName(workload.name), workload.owner, workload.name),
      spec: hpaSpec(workload, scaling),
    }),
  );
}

function scaledObject(workload: Workload, scaling: Auto): KubernetesObject {
  const { name, owner, replicas, maxReplicas } = workload;
  const of = (type: string, percent: number | undefined) =>
    percent === undefined ? [] : [{ type, metricType: 'Utilization' as const, metadata: { value: `${percent}` } }];
  return checked(
    new ScaledObject({
      metadata: metadata(name, owner, name),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: workload.kind, name },
        minReplicaCount: replicas,
        maxReplicaCount: maxReplicas,
        pollingInterval: 15,
        advanced: { horizontalPodAutoscalerConfig: { name: hpaName(name), behavior: behavior(scaling) } },
        triggers: [
          ...of('cpu', scaling.cpuPercent),
          ...of('memory', scaling.memoryPercent),
          ...(scaling.metrics ?? []).map((metric) => ({
            type: 'prometheus',
            name: metric.name,
            metricType: 'AverageValue' as const,
            metadata: {
              serverAddress: 'http://prometheus.gomeet.svc:9090',
              query: metric.query,
              threshold: `${metric.perReplica}`,
              // No answer is no wish: the HPA then holds, and never scales down.
              ignoreNullValues: 'false',
            },
          })),
        ],
      },
    }),
  );
}
