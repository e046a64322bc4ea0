import { defineMetrics, metricsOf } from './define.ts';

const { gauge } = metricsOf({
  kind: 'recorded',
  peer: 'kubelet',
  version: '1.36',
  source: 'https://kubernetes.io/docs/reference/instrumentation/metrics/',
});
const claim = ['namespace', 'persistentvolumeclaim'] as const;

/** What the kubelet says of the volumes of its pods; no kubelet is to be had here. */
export const kubeletMetrics = defineMetrics({
  volumeFree: gauge('kubelet_volume_stats_available_bytes', 'bytes', 'Space left on a volume.', [...claim]),
  volumeSize: gauge('kubelet_volume_stats_capacity_bytes', 'bytes', 'Size of a volume.', [...claim]),
});
