import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import type { LabApi } from './api.ts';

const usageAnnotation = 'lab.gomeet.dev/uses-';

/** Where the kubelet of a node says what its pods use. */
export function kubeletPath(node: string): string {
  return `/metrics/nodes/${node}/metrics/resource`;
}

/** Makes a pod use so much, as its kubelet will say; a pod that was told nothing idles. */
export async function usePod(
  api: LabApi,
  pod: { readonly namespace: string; readonly name: string },
  uses: { readonly cpu?: string; readonly memory?: string },
): Promise<void> {
  const annotations = Object.fromEntries(Object.entries(uses).map(([what, much]) => [usageAnnotation + what, much]));
  const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await api.core.patchNamespacedPod({ ...pod, body: { metadata: { annotations } } }, options);
}

const told = (what: string, idle: string) => ({
  expression: `"${usageAnnotation}${what}" in pod.metadata.annotations ? Quantity(pod.metadata.annotations["${usageAnnotation}${what}"]) : Quantity("${idle}")`,
});

/** A series of the kubelet's /metrics/resource (Kubernetes 1.34): what metrics-server reads. */
const series = (name: string, dimension: 'node' | 'pod' | 'container', value: string) => ({
  name,
  dimension,
  help: name,
  kind: name.endsWith('_total') ? 'counter' : 'gauge',
  labels: [
    ...(dimension === 'container' ? [{ name: 'container', value: 'container.name' }] : []),
    ...(dimension === 'node'
      ? []
      : [
          { name: 'namespace', value: 'pod.metadata.namespace' },
          { name: 'pod', value: 'pod.metadata.name' },
        ]),
  ],
  value,
});

const kubelet: readonly (KubernetesObject & { spec: object })[] = [
  {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Metric',
    metadata: { name: 'kubelet' },
    spec: {
      path: kubeletPath('{nodeName}'),
      metrics: [
        series('container_start_time_seconds', 'container', 'pod.SinceSecond()'),
        series('container_cpu_usage_seconds_total', 'container', 'pod.CumulativeUsage("cpu", container.name)'),
        series('container_memory_working_set_bytes', 'container', 'pod.Usage("memory", container.name)'),
        series('pod_cpu_usage_seconds_total', 'pod', 'pod.CumulativeUsage("cpu")'),
        series('pod_memory_working_set_bytes', 'pod', 'pod.Usage("memory")'),
        series('node_cpu_usage_seconds_total', 'node', 'node.CumulativeUsage("cpu")'),
        series('node_memory_working_set_bytes', 'node', 'node.Usage("memory")'),
      ],
    },
  },
  {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterResourceUsage',
    metadata: { name: 'told' },
    spec: { usages: [{ usage: { cpu: told('cpu', '10m'), memory: told('memory', '64Mi') } }] },
  },
];

/** For KWOK's configuration, beside the stages. */
export function kubeletFile(): string {
  return kubelet.map((one) => stringify(one)).join('---\n');
}
