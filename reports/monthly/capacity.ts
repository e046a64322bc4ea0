import { Temporal } from 'temporal-polyfill';
import type { MicroUsd } from '../../kernel/money.ts';
import { type Comparison, comparePeaks } from '../../model/capacity/compare.ts';
import { measuredDownlink, namedMixes, type RoomMix } from '../../model/capacity/mixes.ts';
import { mostParticipants, whatIf } from '../../model/capacity/what-if.ts';
import { type Forecast, forecastPeaks } from '../../model/forecast/forecast.ts';
import { type TrafficGrid, trafficGrid } from '../../model/forecast/grid.ts';
import { type Reaches, reaches } from '../../model/forecast/trend.ts';
import { nodeSize } from '../../model/prices.ts';
import type { MonthlyInput } from './input.ts';
import { activityOf } from './people.ts';

/** How a limit stands: what the month's peak took of it, and when it will be reached. */
export interface ConstraintState {
  readonly name: string;
  readonly unit: string;
  readonly limit: number;
  /** Undefined where the month was not measured. */
  readonly peak: number | undefined;
  readonly usedRatio: number | undefined;
  readonly reaches: Reaches;
  /** Local dates of `reaches`, and by when one must have decided. */
  readonly likelyOn: string | undefined;
  readonly earliestOn: string | undefined;
  readonly decideBy: string | undefined;
  readonly note: string | undefined;
}

/** An hour of the week: people on average, and at the most. */
export interface HeatCell {
  /** 1 is Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly mean: number;
  readonly peak: number;
}

/** Whether the platform holds the people who come. */
export interface CapacityPart {
  readonly mix: string;
  readonly size: string;
  readonly participantsPerNode: number;
  /** What the pool's maximum carries with one node lost. */
  readonly capacityParticipants: number;
  readonly largestPeak: number | undefined;
  readonly forecast: Forecast;
  readonly comparison: Comparison | undefined;
  readonly heat: readonly HeatCell[];
  readonly constraints: readonly ConstraintState[];
  /** Another thousand people at the peak: nodes, and what these cost in a full month. */
  readonly nextThousand: { readonly nodes: number; readonly monthly: MicroUsd } | undefined;
}

const dayMs = 86_400_000;

/** Headroom, forecast and comparison of the month. */
export function capacityPart(
  input: MonthlyInput,
  elapsed: { readonly fromMs: number; readonly untilMs: number },
): CapacityPart {
  const mix = measuredMix(input, elapsed);
  const size = nodeSize(input.sfu.size);
  const question = size && { mix, size, spareNodes: input.sfu.spareNodes, ceilings: [], fullHoursPerDay: 0 };
  const capacityParticipants = question === undefined ? 0 : mostParticipants(question, input.sfu.maxNodes);
  const full = question && whatIf({ ...question, spareNodes: 0, participants: 100_000 });
  const each = full?.participantsPerNode ?? 0;
  const grid = trafficGrid(
    input.hours.filter(({ coverage }) => coverage >= 0.5).map(({ atMs, peak }) => ({ atMs, participants: peak })),
    input.timeZone,
  );
  const { peak: largestPeak } = activityOf(input, elapsed);
  const nodesOn = new Map(input.sfuNodes.map(({ day, nodes }) => [day, nodes]));
  return {
    mix: mix.about,
    size: input.sfu.size,
    participantsPerNode: each,
    capacityParticipants,
    largestPeak,
    forecast:
      grid === undefined
        ? { kind: 'not-enough-data', says: 'not one whole day of traffic was measured' }
        : forecastPeaks(grid, { days: 28, capacityParticipants: capacityParticipants || undefined }),
    comparison: grid && comparison(grid, (day) => multiplied(nodesOn.get(day), each)),
    heat: heatOf(input, elapsed),
    constraints: constraintStates(input, elapsed),
    nextThousand:
      each > 0 && full?.nodes !== undefined && full.nodesMonthly !== undefined
        ? { nodes: 1_000 / each, monthly: Math.round((full.nodesMonthly / full.nodes) * (1_000 / each)) as MicroUsd }
        : undefined,
  };
}

function comparison(grid: TrafficGrid, provisioned: (day: string) => number | undefined): Comparison | undefined {
  const found = comparePeaks(grid, { weeks: 4, provisioned });
  return found.days.length === 0 ? undefined : found;
}

function multiplied(nodes: number | undefined, each: number): number | undefined {
  return nodes === undefined || each === 0 ? undefined : nodes * each;
}

/** The rooms of the month as one kind: what each person was sent, as the SFUs counted it; the office mix where nobody counted. */
function measuredMix(input: MonthlyInput, elapsed: { readonly fromMs: number; readonly untilMs: number }): RoomMix {
  const { participantHours, egressBytes } = activityOf(input, elapsed);
  const office = namedMixes.find(({ name }) => name === 'office') ?? namedMixes[0];
  if (office === undefined) throw new RangeError('no room mix');
  if (participantHours === undefined || !(participantHours > 0) || egressBytes === undefined || egressBytes <= 0)
    return { ...office, about: `the assumed mix “${office.name}”, since nobody counted` };
  const megabits = (egressBytes * 8) / (participantHours * 3_600) / 1e6;
  return {
    name: 'measured',
    about: `as measured: ${megabits.toFixed(2)} Mbit/s to each participant`,
    kinds: [{ name: 'measured', share: 1, participants: 12, downlink: measuredDownlink(megabits) }],
  };
}

function heatOf(
  input: MonthlyInput,
  elapsed: { readonly fromMs: number; readonly untilMs: number },
): readonly HeatCell[] {
  const cells = new Map<string, { sum: number; weight: number; peak: number }>();
  for (const { atMs, mean, peak, coverage } of input.hours) {
    if (atMs < elapsed.fromMs || atMs >= elapsed.untilMs || coverage === 0) continue;
    const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(input.timeZone);
    const key = `${at.dayOfWeek} ${at.hour}`;
    const cell = cells.get(key) ?? { sum: 0, weight: 0, peak: 0 };
    cells.set(key, {
      sum: cell.sum + mean * coverage,
      weight: cell.weight + coverage,
      peak: Math.max(cell.peak, peak),
    });
  }
  return [...cells]
    .map(([key, { sum, weight, peak }]) => {
      const [weekday = 0, hour = 0] = key.split(' ').map(Number);
      return { weekday, hour, mean: sum / weight, peak };
    })
    .sort((a, b) => a.weekday - b.weekday || a.hour - b.hour);
}

function constraintStates(
  input: MonthlyInput,
  elapsed: { readonly fromMs: number; readonly untilMs: number },
): readonly ConstraintState[] {
  return input.constraints
    .map((constraint) => {
      const { name, unit, limit, firstDayMs, leadDays, note } = constraint;
      const days = constraint.days.map((value) => value ?? undefined);
      const lastDayMs = firstDayMs + (days.length - 1) * dayMs;
      const ofMonth = days.filter((value, index) => {
        const atMs = firstDayMs + index * dayMs;
        return value !== undefined && atMs >= elapsed.fromMs && atMs < elapsed.untilMs;
      });
      const peak = ofMonth.length === 0 ? undefined : Math.max(...ofMonth.map((value) => value ?? 0));
      const when = reaches(days, limit);
      const on = (ahead: number | undefined) =>
        ahead === undefined ? undefined : new Date(lastDayMs + ahead * dayMs).toISOString().slice(0, 10);
      const dates = when.kind === 'dates' ? when : undefined;
      return {
        name,
        unit,
        limit,
        peak,
        usedRatio: peak === undefined ? undefined : peak / limit,
        reaches: when,
        likelyOn: on(dates?.p50Days),
        earliestOn: on(dates?.p90Days),
        decideBy: dates?.p90Days === undefined ? undefined : on(Math.max(0, dates.p90Days - leadDays)),
        note,
      };
    })
    .sort((a, b) => (b.usedRatio ?? -1) - (a.usedRatio ?? -1) || a.name.localeCompare(b.name, 'en'));
}
