import type { TopLevelSpec } from 'vega-lite';
import type { Alert } from '../../alerts/define.ts';
import type { Example } from '../../alerts/examples.ts';
import { signalChart } from './signal-chart.ts';
import { paperTheme } from './theme.ts';

/** What a runbook page shows of its alert: the signal of an example with the threshold, and the moment at which the alert fires. Time runs from the example's start. */
export function exampleChart(alert: Alert, example: Example): TopLevelSpec {
  const { signal } = alert.response;
  const stepMs = example.stepSeconds * 1_000;
  const count = Math.max(1, ...example.series.map(({ values }) => values.length));
  return signalChart({
    ...signal,
    title: `${alert.name}: ${alert.summary}`,
    series: example.series.map(({ labels, values }) => ({
      labels,
      points: values.flatMap((value, index) => (value === null ? [] : [[index * stepMs, value] as const])),
    })),
    markers: [{ kind: 'fired', atMs: example.firesAtSeconds * 1_000 }],
    fromMs: 0,
    toMs: (count - 1) * stepMs,
    stepMs,
    widthPx: 640,
    heightPx: 220,
    theme: paperTheme,
    clock: 'from 0',
  });
}
