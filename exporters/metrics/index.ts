import { alertmanagerMetrics } from './alertmanager.ts';
import { blackboxMetrics } from './blackbox.ts';
import { cadvisorMetrics } from './cadvisor.ts';
import { certManagerMetrics } from './cert-manager.ts';
import { contractMetrics } from './contracts.ts';
import { corednsMetrics } from './coredns.ts';
import { coturnMetrics } from './coturn.ts';
import type { Metric } from './define.ts';
import { digitalOceanMetrics } from './digitalocean.ts';
import { digitalOceanSelfMetrics } from './digitalocean-self.ts';
import { egressMetrics } from './egress.ts';
import { apiServerMetrics } from './kube-apiserver.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { kubeletMetrics } from './kubelet.ts';
import { livekitExporterMetrics } from './livekit-exporter.ts';
import { livekitServerMetrics } from './livekit-server.ts';
import { nodeMetrics } from './node.ts';
import { pgbouncerMetrics } from './pgbouncer.ts';
import { postgresMetrics } from './postgres.ts';
import { probeMetrics } from './probe.ts';
import { processMetrics } from './process.ts';
import { prometheusMetrics } from './prometheus.ts';
import { redisMetrics } from './redis.ts';
import { responderMetrics } from './responder.ts';
import { traefikMetrics } from './traefik.ts';

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
  traefikMetrics,
  egressMetrics,
  coturnMetrics,
  postgresMetrics,
  pgbouncerMetrics,
  redisMetrics,
  blackboxMetrics,
  nodeMetrics,
  kubeletMetrics,
  apiServerMetrics,
  corednsMetrics,
  certManagerMetrics,
  contractMetrics,
].flatMap((group) => Object.values(group));
