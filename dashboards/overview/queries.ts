import { roomRules } from '../../alerts/recording/rooms.ts';
import { serviceRules } from '../../alerts/recording/services.ts';
import { apiServerMetrics as apiServer } from '../../exporters/metrics/kube-apiserver.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { nodeMetrics as machine } from '../../exporters/metrics/node.ts';
import { prometheusMetrics as prometheus } from '../../exporters/metrics/prometheus.ts';
import { traefikMetrics as gateway } from '../../exporters/metrics/traefik.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';

const here = `namespace="${platformNamespace}"`;

/** What the board on the cluster asks. */
export const overviewQueries = {
  targets: `avg(${prometheus.up.name})`,
  nodesReady: `sum(${kube.nodeCondition.name}{condition="Ready", status="true"}) / count(${kube.nodeCondition.name}{condition="Ready", status="true"})`,
  podsNotReady: `sum(${kube.podReady.name}{${here}, condition="false"}) or vector(0)`,
  people: roomRules.participants.record,
  requests: `sum(rate(${gateway.entrypointRequests.name}[$__rate_interval]))`,
  errors: `(sum(rate(${gateway.entrypointRequests.name}{code=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${gateway.entrypointRequests.name}[$__rate_interval]))`,
  missing: `${kube.wantedReplicas.name}{${here}} - ${kube.availableReplicas.name}{${here}}`,
  phases: `sum by (phase) (${kube.podPhase.name}{${here}, phase!~"Running|Succeeded"})`,
  crashLooping: serviceRules.crashLooping.record,
  waiting: `sum by (reason) (${kube.waitingReason.name}{${here}})`,
  atMaximum: `${kube.autoscalerWants.name}{${here}} / ${kube.autoscalerMax.name}{${here}}`,
  nodeCpu: `1 - avg by (node) (rate(${machine.cpuSeconds.name}{mode="idle"}[$__rate_interval]))`,
  nodeMemory: `1 - ${machine.memoryAvailable.name} / ${machine.memoryTotal.name}`,
  pressure: `sum by (condition) (${kube.nodeCondition.name}{condition!="Ready", status="true"})`,
  apiLatency: `histogram_quantile(0.99, sum by (le, verb) (rate(${apiServer.duration.name}_bucket{verb!~"WATCH|CONNECT"}[$__rate_interval])))`,
  down: `sum by (job) (${prometheus.up.name} == bool 0)`,
} as const;
