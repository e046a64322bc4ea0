/** Names of the scrape jobs; rules select by them and the scrape configuration is built from them. */
export const jobs = {
  livekit: 'livekit',
  livekitExporter: 'livekit-exporter',
  responder: 'responder',
  kubeStateMetrics: 'kube-state-metrics',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
} as const;
export type Job = (typeof jobs)[keyof typeof jobs];
