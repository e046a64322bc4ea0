/** As OpenMetrics has them; a gauge histogram counts what is there now, built anew each time. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'gauge-histogram';

/** Who emits a metric, and how we know. */
export type Emitter =
  | { readonly kind: 'exporter'; readonly exporter: 'livekit' | 'digitalocean' | 'probe' | 'responder' }
  | { readonly kind: 'live'; readonly peer: string; readonly version: string }
  | { readonly kind: 'recorded'; readonly peer: string; readonly version: string; readonly source: string }
  | { readonly kind: 'contract'; readonly team: string };

/** One metric family: rules, panels and autoscalers are built from these constants. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  /** Base unit of the value. */
  readonly unit: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly emitter: Emitter;
}

/** Types a group of metrics and keeps the literal names. */
export function defineMetrics<const Group extends Readonly<Record<string, Metric>>>(group: Group): Group {
  return group;
}

/** Makers for a family of one emitter: name, unit, what it says, and the labels that its emitter puts on it. */
export function metricsOf(emitter: Emitter) {
  const of =
    <const Type extends MetricType>(type: Type) =>
    <const Name extends string, const Labels extends readonly string[]>(
      name: Name,
      unit: string,
      help: string,
      labels: Labels,
    ) =>
      ({ name, type, unit, help, labels, emitter }) as const;
  return { counter: of('counter'), gauge: of('gauge'), histogram: of('histogram') };
}
