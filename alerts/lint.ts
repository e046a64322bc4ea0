import type { Alert } from './define.ts';
import { knownSeries } from './known-series.ts';
import { lintPromql } from './promql.ts';
import type { RecordingRule } from './recording/define.ts';

/** A query and the place where it stands. */
export interface Query {
  readonly at: string;
  readonly expr: string;
}

/** Every query of the alerts room. */
export function queriesOf(alerts: readonly Alert[], recordings: readonly RecordingRule[]): readonly Query[] {
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

/** What is wrong with any of these queries, each with its place; empty when all parse and use only known metrics and labels. */
export function lintQueries(queries: readonly Query[]): readonly string[] {
  const known = knownSeries();
  return queries.flatMap(({ at, expr }) => lintPromql(expr, known).map((problem) => `${at}: ${problem}`));
}
