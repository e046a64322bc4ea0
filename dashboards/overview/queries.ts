import { apiServerMetrics as apiServer } from '../../exporters/metrics/kube-apiserver.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { prometheusMetrics as prometheus } from '../../exporters/metrics/prometheus.ts';
import { traefikMetrics as gateway } from '../../exporters/metrics/traefik.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { sharedQueries as shared } from '../shared.ts';

const here = `namespace="${platformNamespace}"`;

/** What the board on the cluster asks. */
export const overviewQueries = {
  targets: `avg(${prometheus.up.name})`,
  nodesReady: `sum(${kube.nodeCondition.name}{condition="Ready", status="true"}) / count(${kube.nodeCondition.name}{condition="Ready", status="true"})`,
  podsNotReady: `sum(${kube.podReady.name}{${here}, condition="false"}) or vector(0)`,
  people: shared.people,
  requests: `sum(rate(${gateway.entrypointRequests.name}[$__rate_interval]))`,
  errors: `(sum(rate(${gateway.entrypointRequests.name}{code=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${gateway.entrypointRequests.name}[$__rate_interval]))`,
  missing: shared.missing,
  phases: `sum by (phase) (${kube.podPhase.name}{${here}, phase!~"Running|Succeeded"})`,
  crashLooping: shared.crashLooping,
  waiting: `sum by (reason) (${kube.waitingReason.name}{${here}})`,
  atMaximum: `${kube.autoscalerWants.name}{${here}} / ${kube.autoscalerMax.name}{${here}}`,
  machineCpu: shared.machineCpu,
  machineMemory: shared.machineMemory,
  pressure: `sum by (condition) (${kube.nodeCondition.name}{condition!="Ready", status="true"})`,
  apiLatency: `histogram_quantile(0.99, sum by (le, verb) (rate(${apiServer.duration.name}_bucket{verb!~"WATCH|CONNECT"}[$__rate_interval])))`,
  targetsDown: shared.targetsDown,
} as const;
