import type { Alert } from '../../alerts/define.ts';
import type { Example } from '../../alerts/examples.ts';
import { duration, toMs } from '../../kernel/duration.ts';
import type { Proof, Scenario } from './scenario.ts';

/** Enough to see the shape of a signal in a small picture. */
const mostPoints = 48;

/** The scenario that a picture shows: the first with data in which the alert fires; with a lead, that silent scenario goes before. */
export function shownScenario({ alert, cases }: Proof, lead?: number): Scenario {
  const all = Object.values(cases).flat();
  const firing = all.filter(
    ({ series, expect }) => Object.keys(series).length > 0 && expect.some((moment) => moment.firing.length > 0),
  );
  // One that is silent before shows where the alert begins.
  const shown = firing.find(({ expect }) => expect[0]?.firing.length === 0) ?? firing[0] ?? all[0];
  if (shown === undefined) throw new TypeError(`${alert.name} has no scenario`);
  const calm = lead === undefined ? undefined : silentTwins({ alert, cases }, shown)[lead];
  return calm === undefined ? shown : after(calm, shown);
}

/** The silent scenarios that speak of series of the shown one, in the same steps. */
export function silentTwins({ cases }: Proof, shown: Scenario): readonly Scenario[] {
  return Object.values(cases)
    .flat()
    .filter(
      ({ series, interval, expect }) =>
        interval === shown.interval &&
        expect.every(({ firing }) => firing.length === 0) &&
        Object.keys(shown.series).some((name) => series[name] !== undefined),
    );
}

/** The scenario with the first values of another before it; a counter that begins again is none the worse for it. */
function after(calm: Scenario, shown: Scenario): Scenario {
  const { stepSeconds, count } = exampleSteps(shown);
  const length = Math.max(5, Math.round(((count - 1) * stepSeconds) / secondsOf(shown.interval ?? '15s') / 3));
  const series = Object.entries(shown.series).map(([name, values]) => {
    const first = expanded(calm.series[name] ?? `_x${length}`).slice(0, length);
    const missing = length - first.length;
    return [name, [...first, ...(missing > 0 ? [`_x${missing}`] : []), values].join(' ')];
  });
  const lateSeconds = length * secondsOf(shown.interval ?? '15s');
  const expect = shown.expect.map(({ at, firing }) => ({ at: `${secondsOf(at) + lateSeconds}s`, firing }));
  return { ...shown, series: Object.fromEntries(series), expect };
}

/** promtool's notation, value by value: `2x3` is four times 2, `1+2x3` is 1 3 5 7, `_x3` three gaps. */
function expanded(values: string): readonly string[] {
  return values.split(/\s+/).flatMap((token) => {
    const [, gaps] = /^_x(\d+)$/.exec(token) ?? [];
    if (gaps !== undefined) return Array.from<string>({ length: Number(gaps) }).fill('_');
    const [, start, change = '0', times] =
      /^(-?[\d.e]+(?:e[+-]?\d+)?)([+-][\d.e]+(?:e[+-]?\d+)?)?x(\d+)$/.exec(token) ?? [];
    if (start === undefined) return [token];
    return Array.from({ length: Number(times) + 1 }, (_, index) => String(Number(start) + index * Number(change)));
  });
}

function secondsOf(text: string): number {
  return toMs(duration(text)) / 1_000;
}

/** Seconds between points, and how many there are: until a third after the alert was seen to fire. */
export function exampleSteps(scenario: Scenario): { readonly stepSeconds: number; readonly count: number } {
  const interval = secondsOf(scenario.interval ?? '15s');
  const end =
    1.3 * Math.max(...scenario.expect.filter(({ firing }) => firing.length > 0).map(({ at }) => secondsOf(at)));
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
