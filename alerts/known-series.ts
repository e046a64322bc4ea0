import type { Metric } from '../exporters/metrics/define.ts';
import { metrics } from '../exporters/metrics/index.ts';
import type { KnownSeries } from './promql.ts';
import type { RecordingRule } from './recording/define.ts';
import { recordingRules } from './recording/index.ts';

/** Labels that a scrape puts on every series; `pod` is the Kubernetes pod that was scraped, `kubernetes_node` the node it runs on. */
export const targetLabels = ['job', 'instance', 'pod', 'kubernetes_node'] as const;

/** Every series name that PromQL of this repository may use: the metric catalogue, with the parts of histograms, and the recording rules. */
export function knownSeries(
  catalogue: readonly Metric[] = metrics,
  recorded: readonly RecordingRule[] = recordingRules,
): ReadonlyMap<string, KnownSeries> {
  const known = new Map<string, KnownSeries>();
  for (const metric of catalogue) {
    const labels = new Set([...metric.labels, ...targetLabels]);
    if (metric.type === 'histogram' || metric.type === 'gauge-histogram') {
      // The counts of a gauge histogram are of what is there now: rate() over them means nothing.
      const counter = metric.type === 'histogram';
      known.set(`${metric.name}_bucket`, { counter, labels: new Set([...labels, 'le']) });
      known.set(`${metric.name}_sum`, { counter, labels });
      known.set(`${metric.name}_count`, { counter, labels });
    } else known.set(metric.name, { counter: metric.type === 'counter', labels });
  }
  for (const rule of recorded) known.set(rule.record, { counter: false, labels: new Set(rule.resultLabels) });
  return known;
}
