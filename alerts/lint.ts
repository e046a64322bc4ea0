import type { Alert } from './define.ts';
import { knownSeries } from './known-series.ts';
import { lintPromql } from './promql.ts';
import type { RecordingRule } from './recording/define.ts';

/** Every query of the alerts room with the place where it stands. */
export function queriesOf(
  alerts: readonly Alert[],
  recordings: readonly RecordingRule[],
): readonly { readonly at: string; readonly expr: string }[] {
  return [
    ...recordings.map(({ record, expr }) => ({ at: record, expr })),
    ...alerts.flatMap((alert) => [
      { at: `${alert.name} expr`, expr: alert.expr },
      { at: `${alert.name} signal`, expr: alert.response.signal.query },
      ...alert.runbook.diagnosis.flatMap(({ query }, index) =>
        query === undefined ? [] : [{ at: `${alert.name} diagnosis ${index + 1}`, expr: query }],
      ),
    ]),
  ];
}

/** What is wrong with any of them, each with its place; empty when every query parses and uses only known metrics and labels. */
export function lintRules(alerts: readonly Alert[], recordings: readonly RecordingRule[]): readonly string[] {
  const known = knownSeries(undefined, recordings);
  return queriesOf(alerts, recordings).flatMap(({ at, expr }) =>
    lintPromql(expr, known).map((problem) => `${at}: ${problem}`),
  );
}
