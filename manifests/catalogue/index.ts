import { alertmanager } from './alertmanager.ts';
import { authService } from './auth-service.ts';
import { chatService } from './chat-service.ts';
import type { Workload } from './define.ts';
import { digitalOceanExporter } from './digitalocean-exporter.ts';
import { frontend } from './frontend.ts';
import { grafana } from './grafana.ts';
import { kubeStateMetricsWorkload } from './kube-state-metrics.ts';
import { livekitExporter } from './livekit-exporter.ts';
import { livekitRecorder } from './livekit-recorder.ts';
import { sfuWorkload } from './livekit-sfu.ts';
import { meetingService } from './meeting-service.ts';
import { postgresql } from './postgresql.ts';
import { prometheus } from './prometheus.ts';
import { responder } from './responder.ts';
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
  livekitExporter,
  digitalOceanExporter,
  responder,
  postgresql,
  valkey,
] as const;

/** Names of what runs; also the values of the `service` label. */
export type WorkloadName = (typeof catalogue)[number]['name'];

/** Everything that runs, in the order of the deployment README. */
export const workloads: readonly (Workload & { readonly name: WorkloadName })[] = catalogue;

/** The declared workload of that name; undefined for one that nobody declared. */
export function workloadNamed(name: string): (Workload & { readonly name: WorkloadName }) | undefined {
  return workloads.find((workload) => workload.name === name);
}
