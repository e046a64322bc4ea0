import { blackboxMetrics as outside } from '../../exporters/metrics/blackbox.ts';
import { cadvisorMetrics as container } from '../../exporters/metrics/cadvisor.ts';
import { contractMetrics as promised } from '../../exporters/metrics/contracts.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { traefikMetrics as gateway } from '../../exporters/metrics/traefik.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { sharedQueries as shared } from '../shared.ts';

const here = `namespace="${platformNamespace}"`;
// The gateway calls a service NAMESPACE-NAME-PORT@PROVIDER, so one of several ports is several to it; people call it by its name.
const routed = `service=~"${platformNamespace}-($service)-.*"`;
const named = (expr: string) => `label_replace(${expr}, "name", "$1", "service", "${platformNamespace}-(.+)-[^-]+@.+")`;
const bare = (where = '') =>
  `sum by (name) (${named(`rate(${gateway.serviceRequests.name}{${routed}${where}}[$__rate_interval])`)})`;
const latency = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le, name) (${named(`rate(${gateway.serviceDuration.name}_bucket{${routed}, protocol!="websocket"}[$__rate_interval])`)}))`;
const pods = `${here}, pod=~"($service)-.*", container!=""`;

/** What the board on the services asks. What the gateway saw comes first: what services say of themselves is a promise. */
export const applicationQueries = {
  total: `sum(rate(${gateway.serviceRequests.name}{${routed}}[$__rate_interval]))`,
  failing: `(sum(rate(${gateway.serviceRequests.name}{${routed}, code=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${gateway.serviceRequests.name}{${routed}}[$__rate_interval]))`,
  slowest: `max(${latency(0.95)})`,
  reachable: `avg(${outside.success.name})`,
  requests: bare(),
  errors: `${bare(', code=~"5.."')} / ${bare()}`,
  refused: `sum by (code) (rate(${gateway.serviceRequests.name}{${routed}, code=~"401|403|429"}[$__rate_interval]))`,
  latency: latency(0.95),
  missing: shared.missing,
  connections: `sum by (entrypoint, protocol) (${gateway.openConnections.name})`,
  replicas: `sum by (deployment) (${kube.availableReplicas.name}{${here}, deployment=~"$service"})`,
  crashLooping: shared.crashLooping,
  restarts: `sum by (container) (increase(${kube.restarts.name}{${here}, pod=~"($service)-.*"}[1h]))`,
  cpu: `sum by (container) (rate(${container.containerCpu.name}{${pods}}[$__rate_interval]))`,
  memory: `sum by (container) (${container.containerMemory.name}{${pods}})`,
  webSockets: `sum by (service) (${promised.websocketConnections.name}{service=~"$service"})`,
  chat: `sum by (result) (rate(${promised.chatMessages.name}[$__rate_interval]))`,
} as const;
