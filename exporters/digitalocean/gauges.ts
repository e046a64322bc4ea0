import { Gauge, type Registry } from 'prom-client';

/** A metric of the catalogue as prom-client wants to know it. */
export interface Shape {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Makes a gauge of a metric of the catalogue. */
export type AddGauge = (metric: Shape) => Gauge;

/** The options of an instrument in that registry. */
export function shape(metric: Shape, registry: Registry) {
  return { name: metric.name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
}

/** Makes gauges in that registry. */
export function gaugesOf(registry: Registry): AddGauge {
  return (metric) => new Gauge(shape(metric, registry));
}
