import { alertmanager } from '../manifests/catalogue/alertmanager.ts';
import type { Workload } from '../manifests/catalogue/define.ts';
import { digitalOceanExporter } from '../manifests/catalogue/digitalocean-exporter.ts';
import { kubeStateMetricsWorkload } from '../manifests/catalogue/kube-state-metrics.ts';
import { livekitExporter } from '../manifests/catalogue/livekit-exporter.ts';
import { sfuWorkload } from '../manifests/catalogue/livekit-sfu.ts';
import { meetingProbe } from '../manifests/catalogue/meeting-probe.ts';
import { prometheus } from '../manifests/catalogue/prometheus.ts';
import { responder } from '../manifests/catalogue/responder.ts';

/** Names of the scrape jobs; rules select by them and the scrape configuration is built from them. */
export const jobs = {
  livekit: 'livekit',
  livekitExporter: 'livekit-exporter',
  digitalOceanExporter: 'digitalocean-exporter',
  probe: 'probe',
  responder: 'responder',
  kubeStateMetrics: 'kube-state-metrics',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
} as const;
export type Job = (typeof jobs)[keyof typeof jobs];

/** The workload whose pods each job scrapes, at its port `metrics`. */
export const jobWorkloads: Readonly<Record<Job, Workload>> = {
  livekit: sfuWorkload,
  'livekit-exporter': livekitExporter,
  'digitalocean-exporter': digitalOceanExporter,
  probe: meetingProbe,
  responder,
  'kube-state-metrics': kubeStateMetricsWorkload,
  prometheus,
  alertmanager,
};
