import { createHash } from 'node:crypto';
import { type MicroUsd, sumUsd } from '../../kernel/money.ts';
import type { Allocation } from '../../model/cost/allocate.ts';
import { type BridgeStep, bridge } from '../../model/cost/bridge.ts';
import type { Reconciliation } from '../../model/cost/invoice.ts';
import { allocateMonth } from './allocation.ts';
import { type CapacityPart, capacityPart } from './capacity.ts';
import type { MonthlyInput } from './input.ts';
import { estimateByKind, lastMonthMoney, type MonthMoney, monthMoney, reconciliation } from './money.ts';
import { type Outlook, outlook } from './outlook.ts';
import { activityOf, type UnitPart, unitPart } from './people.ts';

/** Changes of the JSON form that a reader must know of. */
export const schemaVersion = 1;

/** The bridge from last month, or why there is none. */
export type Bridge =
  | {
      readonly kind: 'bridge';
      readonly basis: 'invoice' | 'estimate';
      readonly days: number;
      readonly from: MicroUsd;
      readonly to: MicroUsd;
      readonly steps: readonly BridgeStep[];
    }
  | { readonly kind: 'none'; readonly why: string };

/** The first page: what it cost, whether it fits, what to do, what runs out. */
export interface Answer {
  readonly spend: MonthMoney['spend'];
  readonly lastMonth: MonthMoney['spend'];
  readonly budget: MicroUsd;
  readonly actions: MonthlyInput['savings'];
  readonly runsOutFirst:
    | { readonly name: string; readonly on: string; readonly sure: 'reached' | 'likely' }
    | undefined;
}

/** A month's cost and capacity: one model, from which every form is printed. */
export interface MonthlyReport {
  readonly input: MonthlyInput;
  readonly inputHash: string;
  readonly edition: number;
  readonly running: boolean;
  readonly money: MonthMoney;
  readonly answer: Answer;
  readonly bridge: Bridge;
  readonly units: UnitPart;
  readonly lastUnits: UnitPart | undefined;
  readonly allocations: readonly Allocation[];
  readonly outlook: Outlook;
  readonly capacity: CapacityPart;
  readonly reconciliation: Reconciliation | undefined;
  /** What is missing, each a sentence; printed first and on every form. */
  readonly gaps: readonly string[];
}

/** Makes the report; the same input always makes the same. Whoever names a resource writes text here, never a command of a terminal. */
export function monthlyReport(raw: MonthlyInput): MonthlyReport {
  const input = plain(raw);
  const money = monthMoney(input, input.month);
  const before = lastMonthMoney(input, money);
  const ahead = outlook(input, money);
  const capacity = capacityPart(input, money.elapsed);
  const running = money.elapsed.untilMs < money.period.untilMs;
  return {
    input,
    inputHash: hashOf(input),
    edition: (input.replaces?.edition ?? 0) + 1,
    running,
    money,
    answer: {
      spend: money.spend,
      lastMonth: before.spend,
      budget: input.budget.amount,
      actions: input.savings.slice(0, 3),
      runsOutFirst: firstToRunOut(capacity),
    },
    bridge: bridgeOf(input, before, money),
    units: unitPart(input, money),
    lastUnits: before.spend === undefined ? undefined : unitPart(input, before),
    allocations: money.spend === undefined ? [] : allocateMonth(input, money),
    outlook: ahead,
    capacity,
    reconciliation: reconciliation(input, money),
    gaps: gapsOf(input, money, running),
  };
}

/** A short mark of everything that went in; what the replaced edition said is no part of it. */
export function hashOf(input: MonthlyInput): string {
  const { replaces: _replaces, ...facts } = input;
  return createHash('sha256').update(JSON.stringify(facts, sorted)).digest('hex').slice(0, 16);
}

/** Keys in one order, whoever wrote the object. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A copy whose texts have no control or format characters. */
function plain<T>(value: T): T {
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') return inner.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
    if (Array.isArray(inner)) return typeof inner[0] === 'number' ? inner : inner.map(clean);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, own]) => [key, clean(own)]));
  };
  return clean(value) as T;
}

function bridgeOf(input: MonthlyInput, before: MonthMoney, after: MonthMoney): Bridge {
  if (after.spend === undefined) return { kind: 'none', why: 'this month was not measured' };
  if (before.spend === undefined) return { kind: 'none', why: `${before.month} was not measured and has no invoice` };
  const invoices = before.invoice !== undefined && after.invoice !== undefined;
  if (!invoices && (before.coverage < 0.5 || after.coverage < 0.5))
    return { kind: 'none', why: 'one of the months has only its invoice, the other only its estimate' };
  const side = (money: MonthMoney) => ({
    byKind: invoices ? money.byKind : estimateByKind(money.accrued, money.transfer),
    nodes: poolsOf(input, money),
    participantHours: activityOf(input, money.elapsed).participantHours,
  });
  const amount = (money: MonthMoney) => (invoices ? money.spend?.amount : money.estimate.best) ?? (0 as MicroUsd);
  return {
    kind: 'bridge',
    basis: invoices ? 'invoice' : 'estimate',
    days: Math.round((after.elapsed.untilMs - after.elapsed.fromMs) / 86_400_000),
    from: amount(before),
    to: amount(after),
    steps: bridge(side(before), side(after)),
  };
}

function poolsOf(input: MonthlyInput, { accrued }: MonthMoney) {
  const nodes = accrued.filter(({ kind }) => kind === 'droplet');
  return [...Map.groupBy(nodes, ({ pool }) => pool ?? 'no pool')].map(([pool, group]) => ({
    pool,
    hours: group.reduce((sum, { billedHours }) => sum + billedHours, 0),
    cost: sumUsd(group.map(({ cost }) => cost)),
    holdsMeetings: pool === input.sfu.pool,
  }));
}

function firstToRunOut({ constraints, forecast }: CapacityPart): Answer['runsOutFirst'] {
  const found = constraints.flatMap((one): { name: string; on: string; sure: 'reached' | 'likely' }[] => {
    if (one.reaches.kind === 'reached') return [{ name: one.name, on: 'already', sure: 'reached' }];
    return one.likelyOn === undefined ? [] : [{ name: one.name, on: one.likelyOn, sure: 'likely' }];
  });
  const people =
    forecast.kind === 'forecast' && forecast.runsOut !== undefined && 'likely' in forecast.runsOut
      ? forecast.runsOut.likely
      : undefined;
  if (people !== undefined) found.push({ name: 'SFU nodes for the peak', on: people, sure: 'likely' });
  const order = (one: { on: string; sure: string }) => (one.sure === 'reached' ? '' : one.on);
  return found.sort((a, b) => order(a).localeCompare(order(b)) || a.name.localeCompare(b.name, 'en'))[0];
}

function gapsOf(input: MonthlyInput, money: MonthMoney, running: boolean): readonly string[] {
  const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
  const people = activityOf(input, money.elapsed);
  return [
    ...(money.spend === undefined
      ? [`${input.month} has no invoice here and was hardly measured: nothing is said of what it cost`]
      : []),
    ...(money.coverage < 0.995 && money.spend?.basis === 'estimate'
      ? [
          `costs were measured for ${percent(money.coverage)} of the month; what ran before and after a gap is taken to have run in it`,
        ]
      : []),
    ...(people.coverage < 0.995
      ? [
          people.coverage === 0
            ? 'people were not counted: no unit costs, no peaks'
            : `people were counted for ${percent(people.coverage)} of the month; unit costs are of that time`,
        ]
      : []),
    ...(money.spend?.basis === 'estimate' && !running
      ? ['there is no invoice for this month yet: the figures are an estimate at list price, without tax and credits']
      : []),
    ...(input.reliability === undefined
      ? ["the responder's journal was not read: nothing is said of incidents and of what automation did"]
      : []),
    ...input.gaps,
  ];
}
