import { alertmanager } from './alertmanager.ts';
import { authService } from './auth-service.ts';
import { backup } from './backup.ts';
import { blackboxExporter } from './blackbox-exporter.ts';
import { certManager } from './cert-manager.ts';
import { certManagerCainjector } from './cert-manager-cainjector.ts';
import { certManagerWebhook } from './cert-manager-webhook.ts';
import { chatService } from './chat-service.ts';
import type { Workload } from './define.ts';
import { digitalOceanExporter } from './digitalocean-exporter.ts';
import { fluentBit } from './fluent-bit.ts';
import { frontend } from './frontend.ts';
import { grafana } from './grafana.ts';
import { kedaAdmission } from './keda-admission.ts';
import { kedaMetricsApiserver } from './keda-metrics-apiserver.ts';
import { kedaOperator } from './keda-operator.ts';
import { kubeStateMetricsWorkload } from './kube-state-metrics.ts';
import { livekitExporter } from './livekit-exporter.ts';
import { livekitRecorder } from './livekit-recorder.ts';
import { sfuWorkload } from './livekit-sfu.ts';
import { meetingProbe } from './meeting-probe.ts';
import { meetingService } from './meeting-service.ts';
import { metricsServer } from './metrics-server.ts';
import { nodeExporter } from './node-exporter.ts';
import { opensearch } from './opensearch.ts';
import { pgbouncer } from './pgbouncer-do.ts';
import { postgresExporter } from './postgres-exporter.ts';
import { postgresql } from './postgresql.ts';
import { prometheus } from './prometheus.ts';
import { redisExporter } from './redis-exporter.ts';
import { responder } from './responder.ts';
import { responderStore } from './responder-store.ts';
import { signalingService } from './signaling-service.ts';
import { traefik } from './traefik.ts';
import { turnService } from './turn-service.ts';
import { valkey } from './valkey.ts';

const catalogue = [
  authService,
  meetingService,
  signalingService,
  chatService,
  turnService,
  sfuWorkload,
  livekitRecorder,
  traefik,
  frontend,
  prometheus,
  grafana,
  alertmanager,
  kubeStateMetricsWorkload,
  nodeExporter,
  blackboxExporter,
  livekitExporter,
  digitalOceanExporter,
  meetingProbe,
  responder,
  pgbouncer,
  postgresExporter,
  redisExporter,
  fluentBit,
  backup,
  certManager,
  certManagerCainjector,
  certManagerWebhook,
  metricsServer,
  kedaOperator,
  kedaMetricsApiserver,
  kedaAdmission,
  postgresql,
  valkey,
  responderStore,
  opensearch,
] as const;

/** Names of what runs; also the values of the `service` label. */
export type WorkloadName = (typeof catalogue)[number]['name'];

/** Everything that runs, in the order of the deployment README, with the README's figures; environments say what is changed of them and why. */
export const workloads: readonly (Workload & { readonly name: WorkloadName })[] = catalogue;

/** The declared workload of that name; undefined for one that nobody declared. */
export function workloadNamed(name: string): (Workload & { readonly name: WorkloadName }) | undefined {
  return workloads.find((workload) => workload.name === name);
}
