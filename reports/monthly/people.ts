import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import { daysOf } from '../../model/cost/accrual.ts';
import type { Period } from '../../model/cost/hours.ts';
import type { Estimate } from '../../model/cost/lines.ts';
import { type RoomSizeCost, roomSizeCosts } from '../../model/cost/room-sizes.ts';
import { type UnitCosts, unitCosts } from '../../model/cost/units.ts';
import type { MonthlyInput } from './input.ts';
import { dailyByKind, type MonthMoney } from './money.ts';

/** What people did in a stretch of time, as far as it was measured. */
export interface PeopleActivity {
  readonly participantHours: number | undefined;
  readonly meetings: number | undefined;
  readonly egressBytes: number | undefined;
  /** Share of the hours in which participants were counted. */
  readonly coverage: number;
  readonly peak: number | undefined;
}

/** Unit costs of the month and of each of its days, and what is fixed. */
export interface UnitPart {
  readonly activity: PeopleActivity;
  readonly costs: UnitCosts;
  /** Dollars of a participant-hour by day of UTC; undefined where less than half of the day was measured. */
  readonly days: readonly { readonly dayMs: number; readonly perParticipantHour: MicroUsd | undefined }[];
  readonly perGib: MicroUsd | undefined;
  /** By size of the room, of the month; empty where sizes were not measured. */
  readonly sizes: readonly RoomSizeCost[];
  /** What stands whoever comes: everything but nodes above the pools' minimums, and traffic. */
  readonly fixed: MicroUsd;
  readonly variable: MicroUsd;
}

const hourMs = 3_600_000;

/** Sums what was measured in a period. */
export function activityOf(input: MonthlyInput, period: Period): PeopleActivity {
  const within = (atMs: number) => atMs >= period.fromMs && atMs < period.untilMs;
  const hours = input.hours.filter(({ atMs }) => within(atMs));
  const days = input.daily.filter(({ atMs }) => within(atMs));
  const total = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
  };
  const measured = hours.reduce((sum, { coverage }) => sum + coverage, 0);
  return {
    participantHours: total(hours.map(({ mean, coverage }) => mean * coverage)),
    meetings: total(days.map(({ meetings }) => meetings)),
    egressBytes: total(days.map(({ egressBytes }) => egressBytes)),
    coverage: Math.min(1, measured / Math.max(1, (period.untilMs - period.fromMs) / hourMs)),
    peak: hours.length === 0 ? undefined : Math.max(...hours.map(({ peak }) => peak)),
  };
}

/** Money over people; only the share of the cost that falls in measured time is divided. */
export function unitPart(input: MonthlyInput, money: MonthMoney): UnitPart {
  const activity = activityOf(input, money.elapsed);
  const spend = money.spend?.amount ?? money.estimate.best;
  const scale = money.estimate.best > 0 ? spend / money.estimate.best : 1;
  const shared = (amount: MicroUsd) => timesUsd(amount, scale * activity.coverage);
  const cost: Estimate =
    money.spend?.basis === 'invoice'
      ? {
          best: timesUsd(spend, activity.coverage),
          low: timesUsd(spend, activity.coverage),
          high: timesUsd(spend, activity.coverage),
        }
      : { best: shared(money.estimate.best), low: shared(money.estimate.low), high: shared(money.estimate.high) };
  const variable = sumUsd([variableNodes(input, money), money.transfer]);
  const gib = activity.egressBytes === undefined ? 0 : activity.egressBytes / 1024 ** 3;
  return {
    activity,
    costs: unitCosts(cost, activity, input.book.transferPerGib),
    days: unitDays(input, money, scale),
    sizes: input.month === money.month ? sizesOf(input, money, cost.best, activity.participantHours ?? 0) : [],
    perGib: gib > 0 ? timesUsd(cost.best, 1 / gib) : undefined,
    fixed: (money.estimate.best - variable) as MicroUsd,
    variable,
  };
}

/** The SFUs and their traffic go by what rooms of a size are sent, all else by the people in them. */
function sizesOf(input: MonthlyInput, money: MonthMoney, cost: MicroUsd, participantHours: number) {
  const sfu = money.accrued.filter(({ kind, pool }) => kind === 'droplet' && pool === input.sfu.pool);
  const media = sumUsd([...sfu.map(({ cost: amount }) => amount), money.transfer]);
  const mediaCost = money.estimate.best > 0 ? timesUsd(cost, media / money.estimate.best) : (0 as MicroUsd);
  const rest = (cost - mediaCost) as MicroUsd;
  return roomSizeCosts(input.roomSizes ?? [], { media: mediaCost, rest }, participantHours);
}

function unitDays(input: MonthlyInput, money: MonthMoney, scale: number): UnitPart['days'] {
  const kinds = dailyByKind(money);
  return daysOf(money.elapsed).map((dayMs, index) => {
    const { participantHours = 0, coverage } = activityOf(input, { fromMs: dayMs, untilMs: dayMs + 24 * hourMs });
    const cost = sumUsd(kinds.map(({ days }) => days[index] ?? (0 as MicroUsd)));
    return {
      dayMs,
      perParticipantHour:
        coverage < 0.5 || participantHours <= 0 ? undefined : timesUsd(cost, (scale * coverage) / participantHours),
    };
  });
}

/** What nodes above their pool's minimum cost: by day, the share of the pool's node-hours that the minimum does not explain. */
function variableNodes({ pools }: MonthlyInput, { accrued }: MonthMoney): MicroUsd {
  const byPool = Map.groupBy(
    accrued.filter(({ pool }) => pool !== undefined),
    ({ cluster, pool }) => `${cluster}/${pool}`,
  );
  return sumUsd(
    [...byPool].map(([key, nodes]) => {
      const minimum = pools.find(({ cluster, name }) => `${cluster}/${name}` === key)?.minNodes;
      if (minimum === undefined) return 0 as MicroUsd;
      const days = nodes[0]?.days.length ?? 0;
      let amount = 0;
      for (let day = 0; day < days; day += 1) {
        const hours = nodes.reduce((sum, node) => sum + (node.dayHours[day] ?? 0), 0);
        const cost = nodes.reduce((sum, node) => sum + (node.days[day] ?? 0), 0);
        if (hours > 0) amount += cost * Math.max(0, 1 - (minimum * 24) / hours);
      }
      return Math.round(amount) as MicroUsd;
    }),
  );
}
