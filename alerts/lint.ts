import { closest } from 'fastest-levenshtein';
import { workloads } from '../manifests/catalogue/index.ts';
import { type Alert, signalUnits } from './define.ts';
import { knownSeries } from './known-series.ts';
import { lintPromql } from './promql.ts';
import type { RecordingRule } from './recording/define.ts';
import { resultLabels } from './result-labels.ts';
import { runbookSections } from './runbook-sections.ts';

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

/** What else is wrong with alerts, each with its place and the nearest right name: units, sections of the operations runbook, services, labels that words and legends quote. */
export function lintAlerts(alerts: readonly Alert[]): readonly string[] {
  const services = workloads.map(({ name }) => name);
  const wrong = (at: string, what: string, word: string, among: readonly string[]) =>
    among.includes(word) ? [] : [`${at} names no ${what}: ${word}; did you mean ${closest(word, [...among])}?`];
  return alerts.flatMap(({ name, expr, summary, description, labels, runbook, response }) => [
    ...wrong(`${name} signal`, 'unit', response.signal.unit, signalUnits),
    ...(runbook.answers ?? []).flatMap((section) => wrong(`${name} runbook`, 'section', section, runbookSections)),
    ...quoted(summary, /\$labels\.(\w+)/g, expr, labels).map((problem) => `${name} summary: ${problem}`),
    ...quoted(description, /\$labels\.(\w+)/g, expr, labels).map((problem) => `${name} description: ${problem}`),
    ...quoted(response.signal.legend, /\{\{\s*(\w+)\s*\}\}/g, response.signal.query).map(
      (problem) => `${name} legend: ${problem}`,
    ),
    ...(labels?.['service'] === undefined ? [] : wrong(`${name} labels`, 'service', labels['service'], services)),
  ]);
}

/** What a text quotes that no series of the expression bears, nor the alert itself. */
function quoted(
  text: string,
  pattern: RegExp,
  expr: string,
  labels: Readonly<Record<string, string>> = {},
): readonly string[] {
  const known = [...resultLabels(expr, knownSeries()), ...Object.keys(labels)];
  return [...text.matchAll(pattern)]
    .map(([, label = '']) => label)
    .filter((label) => !known.includes(label))
    .map((label) => `no series here has the label ${label}; did you mean ${closest(label, known)}?`);
}

/** What is wrong with any of these queries, each with its place; empty when all parse and use only known metrics and labels. */
export function lintQueries(queries: readonly Query[]): readonly string[] {
  const known = knownSeries();
  return queries.flatMap(({ at, expr }) => lintPromql(expr, known).map((problem) => `${at}: ${problem}`));
}
