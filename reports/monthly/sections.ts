import { formatUsd, formatUsdChange, type MicroUsd } from '../../kernel/money.ts';
import { maybeUsd, percent, smallUsd, whole } from '../figures.ts';
import type { ChartName } from './charts/index.ts';
import type { MonthlyReport } from './report.ts';
import {
  allocationTable,
  anomalyTable,
  forecastTable,
  productTable,
  rateTable,
  reconciliationTable,
  roomSizeTable,
  savingTable,
  unitTable,
} from './sections-money.ts';
import { limitTable, peopleTable, reliabilityTables } from './sections-people.ts';
import type { Table } from './table.ts';
import { instantName, monthName } from './words.ts';

/** A chapter: what it answers, its charts, its tables. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly charts: readonly ChartName[];
  readonly tables: readonly Table[];
}

/** A figure of the answer box. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly mood: 'good' | 'bad' | 'plain';
}

/** The title of every form. */
export function titleOf({ input, edition }: MonthlyReport): string {
  return `Cost and capacity, ${monthName(input.month)}${edition > 1 ? ` (edition ${edition})` : ''}`;
}

/** What stands under the title: as of when, whose time, which input. */
export function imprintOf(report: MonthlyReport): string {
  const { input, inputHash, edition } = report;
  return `As of ${instantName(input.asOfMs, input.timeZone)} ${input.timeZone} · money by month of UTC, as DigitalOcean bills; people in ${input.timeZone} · USD · prices of ${input.book.asOf} · edition ${edition} · input ${inputHash}`;
}

/** What a corrected edition says of the one that it replaces. */
export function correctionOf({ input: { replaces, timeZone }, edition, money }: MonthlyReport): string | undefined {
  if (replaces === undefined) return undefined;
  const before = replaces.total;
  const now = money.spend?.amount;
  const change =
    before === undefined || now === undefined
      ? ''
      : before === now
        ? ` The total is still ${formatUsd(now)}.`
        : ` The total was ${formatUsd(before)} and is ${formatUsd(now)} (${formatUsdChange((now - before) as MicroUsd)}).`;
  return `Edition ${edition} replaces edition ${replaces.edition} of ${instantName(replaces.issuedAtMs, timeZone)} (input ${replaces.inputHash}): ${replaces.reason}.${change}`;
}

/** The answer box. */
export function keyFigures(report: MonthlyReport): readonly KeyFigure[] {
  const { answer, outlook, units, lastUnits, running, money } = report;
  const spend = answer.spend?.amount;
  const { forecast } = outlook;
  const grown = (now: number | undefined, before: number | undefined) =>
    now === undefined || before === undefined || before === 0
      ? 'nothing to compare with'
      : `${now >= before ? '+' : '−'}${percent(Math.abs(now / before - 1))} on last month`;
  const unit = units.costs.perParticipantHour?.best;
  return [
    {
      name: running ? 'Spent so far' : 'Spent',
      value: maybeUsd(spend),
      note: `${answer.spend === undefined ? 'no data' : answer.spend.basis === 'invoice' ? 'by invoice' : `estimate, ${formatUsd(money.estimate.low)} to ${formatUsd(money.estimate.high)}`}; ${running ? 'the month is running' : grown(spend, answer.lastMonth?.amount)}`,
      mood: spend !== undefined && spend > answer.budget ? 'bad' : 'plain',
    },
    {
      name: 'Budget',
      value: formatUsd(answer.budget),
      note: spend === undefined ? 'nobody can say' : `${percent(spend / answer.budget)} of it`,
      mood: spend === undefined ? 'plain' : spend > answer.budget ? 'bad' : 'good',
    },
    {
      name: running ? 'At the end of the month' : 'Next month',
      value: forecast === undefined ? 'no data' : formatUsd(forecast.likely),
      note:
        forecast === undefined
          ? 'not enough data for a forecast'
          : `80 % range ${formatUsd(forecast.low)} to ${formatUsd(forecast.high)}; ${percent(forecast.overrunRatio)} likely above the budget`,
      mood: forecast === undefined ? 'plain' : forecast.likely > answer.budget ? 'bad' : 'good',
    },
    {
      name: 'A participant-hour',
      value: smallUsd(unit),
      note: `${whole(units.activity.participantHours)} participant-hours; ${grown(unit, lastUnits?.costs.perParticipantHour?.best)}`,
      mood: 'plain',
    },
    {
      name: 'Runs out first',
      value: answer.runsOutFirst === undefined ? 'nothing in sight' : answer.runsOutFirst.name,
      note:
        answer.runsOutFirst === undefined
          ? 'no limit is reached within a year, of those that were measured'
          : answer.runsOutFirst.sure === 'reached'
            ? 'reached already'
            : `likely on ${answer.runsOutFirst.on}`,
      mood: answer.runsOutFirst?.sure === 'reached' ? 'bad' : 'plain',
    },
    {
      name: 'Largest peak',
      value: whole(report.capacity.largestPeak),
      note:
        report.capacity.capacityParticipants === 0
          ? 'what the pool carries is not known'
          : `people at once; the pool at its maximum carries ${whole(report.capacity.capacityParticipants)}`,
      mood: (report.capacity.largestPeak ?? 0) > report.capacity.capacityParticipants * 0.8 ? 'bad' : 'good',
    },
  ];
}

/** All chapters after the first page, in the order in which they are read. */
export function chaptersOf(report: MonthlyReport): readonly Chapter[] {
  const { bridge, reconciliation: rec } = report;
  const chapter = (
    id: string,
    title: string,
    says: string,
    charts: readonly ChartName[],
    ...tables: readonly Table[]
  ): Chapter => ({ id, title, says, charts, tables });
  return [
    chapter(
      'bridge',
      'From last month to this',
      bridge.kind === 'none'
        ? `No bridge: ${bridge.why}.`
        : `From ${formatUsd(bridge.from)} to ${formatUsd(bridge.to)}, by ${bridge.basis}${report.running ? `, the first ${bridge.days} days of both` : ''}; the steps sum to the difference.`,
      ['bridge'],
      bridgeTable(report),
    ),
    chapter(
      'units',
      'What a participant-hour costs',
      'Cost over what was done for it, of the time in which people were counted.',
      ['unit', 'heat'],
      unitTable(report),
      roomSizeTable(report),
    ),
    chapter(
      'allocation',
      'Who it was for',
      'Nodes go to the workloads that hold them, half by CPU and half by memory, the larger of what was asked for and what was taken; shared and idle are shown. The parts sum to the whole.',
      ['daily', 'allocation'],
      productTable(report),
      allocationTable(report, 'workload'),
      allocationTable(report, 'namespace'),
      allocationTable(report, 'pool'),
      allocationTable(report, 'project'),
    ),
    chapter(
      'forecast',
      'Forecast and budget',
      report.outlook.forecast === undefined ? 'Not enough data.' : `Method: ${report.outlook.forecast.method}.`,
      ['burn', 'residuals'],
      forecastTable(report),
      anomalyTable(report),
    ),
    chapter(
      'savings',
      'What could be saved',
      'A saving on requests comes true once a node can go. Nothing of this was done.',
      ['savings'],
      savingTable(report),
      rateTable(report),
    ),
    chapter(
      'capacity',
      'Does it hold, and until when',
      'Peaks of the month against each limit; dates from eight weeks or more of weekly peaks.',
      ['limits', 'runOut', 'peaks'],
      limitTable(report),
      peopleTable(report),
    ),
    chapter(
      'reliability',
      'Reliability beside it',
      'A cheap month in which meetings failed was not cheap.',
      [],
      ...reliabilityTables(report),
    ),
    chapter(
      'reconciliation',
      'Estimate against invoice',
      rec?.differenceRatio === undefined
        ? 'Not compared.'
        : `The estimate is ${rec.differenceRatio < 0 ? 'below' : 'above'} the invoice by ${percent(Math.abs(rec.differenceRatio))} of what it can know (without tax and credits); the aim is 2 %${rec.within ? '' : ', which it misses'}.`,
      [],
      reconciliationTable(report),
    ),
  ];
}

function bridgeTable({ bridge }: MonthlyReport): Table {
  return {
    title: 'Bridge',
    columns: ['Step', 'Amount'],
    rows:
      bridge.kind === 'none'
        ? []
        : [
            ['last month', formatUsd(bridge.from)],
            ...bridge.steps.map(({ name, amount }) => [name, formatUsdChange(amount)]),
            ['this month', formatUsd(bridge.to)],
          ],
    none: 'There is nothing to compare with.',
    total: true,
  };
}
