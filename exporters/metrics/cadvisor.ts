import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = {
  kind: 'recorded',
  peer: 'cadvisor',
  version: '0.52.1',
  source: 'https://github.com/google/cadvisor/blob/v0.52.1/docs/storage/prometheus.md',
};

/** What the kubelet says of containers; names and labels from cAdvisor's documentation, no live kubelet is to be had here. */
export const cadvisorMetrics = defineMetrics({
  containerCpu: {
    name: 'container_cpu_usage_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'CPU time of a container; without a container it is of the whole pod.',
    labels: ['namespace', 'container', 'id', 'image', 'name', 'cpu'],
    emitter,
  },
  containerMemory: {
    name: 'container_memory_working_set_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of a container that cannot be taken back, by which the kernel and the kubelet decide.',
    labels: ['namespace', 'container', 'id', 'image', 'name'],
    emitter,
  },
});
