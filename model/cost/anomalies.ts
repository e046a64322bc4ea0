import { medianSorted } from 'simple-statistics';
import type { MicroUsd } from '../../kernel/money.ts';
import type { CostKind } from './lines.ts';

/** What a product cost on each day of UTC; undefined is a day that was not measured. */
export interface DailyCost {
  readonly kind: CostKind;
  /** The first day, milliseconds; the others follow each other. */
  readonly firstDayMs: number;
  readonly days: readonly (MicroUsd | undefined)[];
}

/** Days in a row on which a product cost something else than on those weekdays before. */
export interface Anomaly {
  readonly kind: CostKind;
  readonly fromMs: number;
  /** Start of the day after the last. */
  readonly untilMs: number;
  readonly cost: MicroUsd;
  readonly usual: MicroUsd;
  readonly difference: MicroUsd;
  /** Of its oddest day, in deviations of the weekday's past. */
  readonly score: number;
}

/** A residual of every day, for the chart. */
export interface Residual {
  readonly kind: CostKind;
  readonly dayMs: number;
  readonly difference: MicroUsd;
  readonly score: number;
}

const dayMs = 86_400_000;
const weeks = 8;
const leastWeeks = 3;
/** As many deviations are beyond what a good month has of chance. */
const oddScore = 4;
/** Below this nobody need look, micro-dollars. */
const oddUsd = 10_000_000;
/** The median absolute deviation of a normal distribution times this is its deviation. */
const madToSigma = 1.4826;

/** Residual of each day from `fromMs` on against the same weekday of the eight weeks before: median and median deviation, so that one odd day does not spoil the next. */
export function residuals(
  costs: readonly DailyCost[],
  fromMs: number,
): readonly (Residual & { readonly usual: MicroUsd })[] {
  return costs.flatMap(({ kind, firstDayMs, days }) =>
    days.flatMap((cost, index) => {
      const at = firstDayMs + index * dayMs;
      if (at < fromMs || cost === undefined) return [];
      const past = Array.from({ length: weeks }, (_none, ago) => days[index - (ago + 1) * 7])
        .filter((value) => value !== undefined)
        .sort((a, b) => a - b);
      if (past.length < leastWeeks) return [];
      const usual = medianSorted(past) as MicroUsd;
      const spread = medianSorted(past.map((value) => Math.abs(value - usual)).sort((a, b) => a - b));
      // What never varies still may by a hundredth.
      const sigma = Math.max(spread * madToSigma, usual * 0.01, 1_000_000);
      const difference = (cost - usual) as MicroUsd;
      return [{ kind, dayMs: at, usual, difference, score: difference / sigma }];
    }),
  );
}

/** The stretches that stand out, the dearest first; a quiet day between two odd ones does not part them. */
export function anomalies(costs: readonly DailyCost[], fromMs: number): readonly Anomaly[] {
  const odd = residuals(costs, fromMs).filter(
    ({ score, difference }) => Math.abs(score) > oddScore && Math.abs(difference) >= oddUsd,
  );
  const found: Anomaly[] = [];
  for (const { kind, dayMs: atMs, usual, difference, score } of odd) {
    const day = {
      fromMs: atMs,
      untilMs: atMs + dayMs,
      usual,
      difference,
      cost: (usual + difference) as MicroUsd,
      score,
    };
    const last = found.at(-1);
    if (last?.kind === kind && Math.sign(last.difference) === Math.sign(difference) && atMs - last.untilMs <= dayMs)
      found[found.length - 1] = joinDays(last, day);
    else found.push({ kind, ...day });
  }
  return found.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.fromMs - b.fromMs);
}

function joinDays(last: Anomaly, day: Omit<Anomaly, 'kind'>): Anomaly {
  return {
    ...last,
    untilMs: day.untilMs,
    usual: (last.usual + day.usual) as MicroUsd,
    cost: (last.cost + day.cost) as MicroUsd,
    difference: (last.difference + day.difference) as MicroUsd,
    score: Math.abs(day.score) > Math.abs(last.score) ? day.score : last.score,
  };
}
