import type { KubernetesObject } from '@kubernetes/client-node';
import { sfuWorkload } from '../../../manifests/catalogue/livekit-sfu.ts';
import { production, wholeNode } from '../../../manifests/environments/production.ts';
import { autoscaled, behavior, hpaFile } from '../../../manifests/files/hpa.ts';
import { factor } from './day.ts';

export type PolicyName = 'README HPA' | 'tuned HPA' | 'responder';

/** Who decides in a namespace, and with how few nodes. */
export interface Policy {
  readonly name: PolicyName;
  readonly namespace: string;
  readonly floor: number;
  /** Cores that a pod asks for, to which the 70 per cent are. */
  readonly requestCores: number;
  readonly graceSeconds: number;
}

/** Most pods of any policy. */
export const ceiling = 30;
/** Fewest of the responder; the others get several floors, and that is compared whose node-hours come nearest. */
export const responderFloor = 4;
const otherFloors = [4, 6, 8];

/** The README's pods ask for 16 cores and have Kubernetes' 30 seconds to stop; tuned ones have production's whole node and its grace. */
export const policies: readonly Policy[] = [
  ...otherFloors.map((floor) => of('README HPA', floor, sfuWorkload.requests.cpuCores, 30)),
  ...otherFloors.map((floor) => tuned('tuned HPA', floor)),
  tuned('responder', responderFloor),
];

function tuned(name: PolicyName, floor: number): Policy {
  return of(name, floor, wholeNode.requests?.cpuCores ?? sfuWorkload.requests.cpuCores, sfuWorkload.graceSeconds);
}

function of(name: PolicyName, floor: number, requestCores: number, graceSeconds = 30): Policy {
  return { name, floor, requestCores, graceSeconds, namespace: `${name.toLowerCase().replace(' ', '-')}-${floor}` };
}

/** The autoscaler of a policy, its durations divided. */
export function autoscalerOf(policy: Policy, prometheusUrl: string): KubernetesObject {
  return policy.name === 'README HPA' ? readmeHpa(policy) : scaledObject(policy, prometheusUrl);
}

/** CPU at 70 per cent, a minute's look back on the way up, five on the way down, a tenth a minute: what the README says of the SFU's and what provides it. */
function readmeHpa({ namespace, floor }: Policy): KubernetesObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'livekit-sfu-hpa', namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: sfuWorkload.name },
      minReplicas: floor,
      maxReplicas: ceiling,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
      behavior: faster({ ...scalesDown(), scaleUp: { ...scalesDown().scaleUp, stabilizationWindowSeconds: 60 } }),
    },
  } as KubernetesObject;
}

/** Production's own, word for word but for its address, floor and speed; the tuned HPA goes down by itself as well. */
function scaledObject({ name, namespace, floor }: Policy, serverAddress: string): KubernetesObject {
  const found = hpaFile({ environment: production }).find(({ metadata }) => metadata.name === sfuWorkload.name);
  if (found === undefined) throw new TypeError('production scales no SFU');
  const { spec } = JSON.parse(JSON.stringify(found)) as { spec: ScaledSpec };
  const { horizontalPodAutoscalerConfig: config } = spec.advanced;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: sfuWorkload.name, namespace },
    spec: {
      ...spec,
      minReplicaCount: floor,
      maxReplicaCount: ceiling,
      pollingInterval: 1,
      advanced: {
        horizontalPodAutoscalerConfig: {
          ...config,
          behavior: faster(
            name === 'responder' ? config.behavior : { ...config.behavior, scaleDown: scalesDown().scaleDown },
          ),
        },
      },
      triggers: spec.triggers.map((trigger) => {
        const { query } = trigger.metadata;
        return query === undefined
          ? trigger
          : { ...trigger, metadata: { ...trigger.metadata, serverAddress, query: ofRun(query, namespace) } };
      }),
    },
  } as KubernetesObject;
}

interface ScaledSpec {
  readonly advanced: { readonly horizontalPodAutoscalerConfig: { readonly name: string; readonly behavior: Behavior } };
  readonly triggers: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
}

type Behavior = ReturnType<typeof behavior>;

/** How the other workloads scale, up and down. */
function scalesDown(): Behavior {
  const sfu = autoscaled([sfuWorkload])[0];
  if (sfu === undefined) throw new TypeError('the SFU is not scaled');
  return behavior({ ...sfu.scaling, scaleIn: 'slowly' });
}

/** Every duration divided; each is a whole number of fifteens. */
function faster(of: Behavior): object {
  return JSON.parse(
    JSON.stringify(of, (key, value: unknown) =>
      key.endsWith('Seconds') && typeof value === 'number' ? value / factor : value,
    ),
  );
}

/** The same query for one of several namespaces, in the bench's time. */
function ofRun(query: string, run: string): string {
  return query
    .replace('gomeet_participants', `gomeet_participants{run="${run}"}`)
    .replace('direction="outgoing"', `direction="outgoing", run="${run}"`)
    .replace('[2m]', `[${120 / factor}s]`);
}
