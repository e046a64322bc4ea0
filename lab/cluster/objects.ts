import type { KubernetesObject } from '@kubernetes/client-node';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { processLabel } from './stages.ts';

/** A Deployment of the lab: the catalogue's name, how many, and in which pool. */
export interface LabWorkload {
  readonly name: string;
  readonly replicas: number;
  readonly pool: string;
}

/** The namespace of the platform. */
export function namespaceObject(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A Deployment whose pods KWOK runs. */
export function workloadObject(namespace: string, workload: LabWorkload): KubernetesObject & { spec: object } {
  return deployment(namespace, workload, {
    containers: [
      {
        name: workload.name,
        image: `gomeet/${workload.name}:lab`,
        resources: { requests: { cpu: '500m', memory: '512Mi' } },
      },
    ],
  });
}

/**
 * The SFU Deployment: one pod a node by anti-affinity and host ports, hours of grace, and a process behind each pod.
 * `memoryGib` is what a pod asks for: the catalogue's 64 GiB can never be placed on a c-32, so the lab asks for 48.
 */
export function sfuDeployment(
  namespace: string,
  options: {
    replicas: number;
    pool: string;
    cpuCores?: number;
    memoryGib?: number;
    graceSeconds?: number;
    unreachableSeconds?: number;
  },
): KubernetesObject & { spec: object } {
  const { name, requests, image, ports } = sfuWorkload;
  return deployment(
    namespace,
    { name, replicas: options.replicas, pool: options.pool },
    {
      hostNetwork: true,
      terminationGracePeriodSeconds: options.graceSeconds ?? 18_000,
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: name } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
      tolerations: ['not-ready', 'unreachable'].map((reason) => ({
        key: `node.kubernetes.io/${reason}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: options.unreachableSeconds ?? 300,
      })),
      containers: [
        {
          name: 'livekit',
          image,
          ports: ports.map(({ name: portName, port, protocol }) => ({ name: portName, containerPort: port, protocol })),
          resources: {
            requests: { cpu: `${options.cpuCores ?? requests.cpuCores}`, memory: `${options.memoryGib ?? 48}Gi` },
          },
        },
      ],
    },
    { [processLabel]: 'livekit' },
  );
}

function deployment(
  namespace: string,
  workload: LabWorkload,
  podSpec: object,
  extraLabels: Readonly<Record<string, string>> = {},
): KubernetesObject & { spec: object } {
  const { name, replicas, pool } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { app: name, ...extraLabels } },
        spec: { nodeSelector: { 'doks.digitalocean.com/node-pool': pool }, ...podSpec },
      },
    },
  };
}
