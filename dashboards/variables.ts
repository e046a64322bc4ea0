import { kubeStateMetrics as kube } from '../exporters/metrics/kube-state-metrics.ts';
import { livekitExporterMetrics as livekit } from '../exporters/metrics/livekit-exporter.ts';

/** A choice at the top of a board: the values of one label of one metric. */
export interface Variable {
  readonly label: string;
  readonly metric: string;
  readonly values: string;
  /** Whether several may be chosen, and all by default. */
  readonly several: boolean;
}

/** Every variable that a query may name as `$name`. The environment is chosen by its data source: each has a Prometheus of its own. */
export const variables = {
  service: {
    label: 'Service',
    metric: kube.wantedReplicas.name,
    values: 'deployment',
    several: true,
  },
  node: { label: 'SFU node', metric: livekit.nodeState.name, values: 'node_id', several: true },
  room: { label: 'Meeting', metric: livekit.roomParticipants.name, values: 'room_sid', several: false },
} as const satisfies Readonly<Record<string, Variable>>;
export type VariableName = keyof typeof variables;

/** What `$__rate_interval` stands for where nobody says otherwise: Grafana's rule of four scrapes of 15 s. */
export const rateInterval = '1m';

/** A query with its variables filled in: those not given match everything. */
export function fillVariables(
  expr: string,
  chosen: Readonly<Partial<Record<VariableName, string>>> = {},
  times: { readonly rateInterval?: string; readonly range?: string } = {},
): string {
  return expr
    .replaceAll('$__rate_interval', times.rateInterval ?? rateInterval)
    .replaceAll('$__range', times.range ?? '3h')
    .replace(/\$(service|node|room)\b/g, (_, name: VariableName) => chosen[name] ?? '.*');
}
