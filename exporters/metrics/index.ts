import { alertmanagerMetrics } from './alertmanager.ts';
import { cadvisorMetrics } from './cadvisor.ts';
import type { Metric } from './define.ts';
import { digitalOceanMetrics } from './digitalocean.ts';
import { digitalOceanSelfMetrics } from './digitalocean-self.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { livekitExporterMetrics } from './livekit-exporter.ts';
import { livekitServerMetrics } from './livekit-server.ts';
import { probeMetrics } from './probe.ts';
import { processMetrics } from './process.ts';
import { prometheusMetrics } from './prometheus.ts';
import { responderMetrics } from './responder.ts';

/** Every metric that a rule, a panel or an autoscaler may use. */
export const metrics: readonly Metric[] = [
  livekitExporterMetrics,
  livekitServerMetrics,
  processMetrics,
  kubeStateMetrics,
  cadvisorMetrics,
  prometheusMetrics,
  alertmanagerMetrics,
  digitalOceanMetrics,
  digitalOceanSelfMetrics,
  probeMetrics,
  responderMetrics,
].flatMap((group) => Object.values(group));
