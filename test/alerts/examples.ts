import type { Alert } from '../../alerts/define.ts';
import type { Example } from '../../alerts/examples.ts';
import { duration, toMs } from '../../kernel/duration.ts';
import type { Proof, Scenario } from './scenario.ts';

/** Enough to see the shape of a signal in a small picture. */
const mostPoints = 48;

/** The scenario that a picture shows: the first with data in which the alert fires. */
export function shownScenario({ alert, cases }: Proof): Scenario {
  const firing = Object.values(cases)
    .flat()
    .filter(
      ({ series, expect }) => Object.keys(series).length > 0 && expect.some((moment) => moment.firing.length > 0),
    );
  // One that is silent before shows where the alert begins.
  const shown =
    firing.find(({ expect }) => expect[0]?.firing.length === 0) ?? firing[0] ?? Object.values(cases).flat()[0];
  if (shown === undefined) throw new TypeError(`${alert.name} has no scenario`);
  return shown;
}

/** Seconds between points, and how many there are: until a fifth after the alert was seen to fire. */
export function exampleSteps(scenario: Scenario): { readonly stepSeconds: number; readonly count: number } {
  const secondsOf = (text: string) =>
    text.match(/\d+[a-z]+/g)?.reduce((sum, part) => sum + toMs(duration(part)) / 1_000, 0) ?? 0;
  const interval = secondsOf(scenario.interval ?? '15s');
  const end =
    1.2 * Math.max(...scenario.expect.filter(({ firing }) => firing.length > 0).map(({ at }) => secondsOf(at)));
  const stepSeconds = interval * Math.max(1, Math.ceil(end / interval / mostPoints));
  return { stepSeconds, count: Math.floor(end / stepSeconds) + 1 };
}

/** What promtool is asked at a moment, and what it must answer. */
export interface ExprTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** The query of an example: what is no number or has no end is left out, as in a chart. */
export function exampleQuery({ response }: Alert): string {
  return `(${response.signal.query}) < Inf`;
}

/** How promtool holds a recorded example to what the signal's query answers today. */
export function exampleTests(alert: Alert, { stepSeconds, series }: Example): readonly ExprTest[] {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  return Array.from({ length: count }, (_, index) => ({
    expr: exampleQuery(alert),
    eval_time: `${index * stepSeconds}s`,
    exp_samples: series.flatMap(({ labels, values }) => {
      const value = values[index] ?? null;
      return value === null ? [] : [{ labels: labelsText(labels), value }];
    }),
  }));
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}
