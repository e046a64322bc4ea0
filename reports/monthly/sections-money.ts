import { formatUsd, formatUsdChange, type MicroUsd, sumUsd } from '../../kernel/money.ts';
import { nicBytesPerSecond } from '../../model/capacity/node.ts';
import { type InvoicedKind, productName } from '../../model/cost/invoice.ts';
import { totalsBy } from '../../model/cost/lines.ts';
import { prices } from '../../model/prices.ts';
import { maybeUsd, percent, smallUsd, whole } from '../figures.ts';
import { estimateByKind } from './money.ts';
import type { MonthlyReport } from './report.ts';
import type { Table } from './table.ts';
import { daysName, monthName, tebibytes } from './words.ts';

/** What it cost by product, beside the estimate. */
export function productTable(report: MonthlyReport): Table {
  const { money } = report;
  const estimate = estimateByKind(money.accrued, money.transfer);
  const kinds = [...new Set<InvoicedKind>([...money.byKind.keys(), ...estimate.keys()])];
  const amount = (of: ReadonlyMap<InvoicedKind, MicroUsd>, kind: InvoicedKind) => of.get(kind) ?? (0 as MicroUsd);
  const total = money.spend?.amount;
  const rows = kinds
    .sort((a, b) => amount(money.byKind, b) - amount(money.byKind, a) || a.localeCompare(b, 'en'))
    .map((kind) => [
      productName(kind),
      formatUsd(amount(money.byKind, kind)),
      total === undefined || total === 0 ? '' : percent(amount(money.byKind, kind) / total),
      formatUsd(amount(estimate, kind as never)),
    ]);
  return {
    title: `By product (${money.invoice === undefined ? 'estimate' : 'invoice'})`,
    columns: ['Product', 'Cost', 'Share', 'Estimate'],
    rows: total === undefined ? [] : [...rows, ['total', formatUsd(total), '100.0 %', formatUsd(money.estimate.best)]],
    none: 'Nothing is known of what this month cost.',
    total: true,
  };
}

/** Whom the money was spent for. */
export function allocationTable(
  { allocations, money }: MonthlyReport,
  by: 'workload' | 'namespace' | 'pool' | 'project',
): Table {
  const total = money.spend?.amount ?? 0;
  const parts = totalsBy(allocations, (part) => (part.use === 'idle' ? 'idle' : part[by]));
  const shown = parts.slice(0, 12);
  const rest = parts.slice(12);
  const uses = (key: string) =>
    key === 'idle'
      ? 'idle'
      : [...new Set(allocations.filter((part) => part.use !== 'idle' && part[by] === key).map(({ use }) => use))]
          .sort()
          .join(', ');
  const row = (name: string, use: string, cost: MicroUsd) => [
    name,
    use,
    formatUsd(cost),
    total === 0 ? '' : percent(cost / total),
  ];
  return {
    title: `By ${by}`,
    columns: [by[0]?.toUpperCase() + by.slice(1), 'Use', 'Cost', 'Share'],
    rows: [
      ...shown.map(({ key, cost }) => row(key, uses(key), cost.best)),
      ...(rest.length === 0 ? [] : [row(`${rest.length} more`, '', sumUsd(rest.map(({ cost }) => cost.best)))]),
      ...(parts.length === 0 ? [] : [['total', '', formatUsd(sumUsd(parts.map(({ cost }) => cost.best))), '100.0 %']]),
    ],
    none: 'Nothing is allocated: no pods were measured.',
    total: true,
  };
}

/** Money in the platform's units, beside last month. */
export function unitTable({ units, lastUnits }: MonthlyReport): Table {
  const { costs, activity } = units;
  const pair = (name: string, now: string, before: string | undefined) => [name, now, before ?? 'no data'];
  const money = (value: { readonly best: MicroUsd } | undefined) => smallUsd(value?.best);
  return {
    title: 'Unit costs',
    columns: ['Unit', 'This month', 'Last month'],
    rows: [
      pair('a participant-hour', money(costs.perParticipantHour), money(lastUnits?.costs.perParticipantHour)),
      pair('a meeting', money(costs.perMeeting), money(lastUnits?.costs.perMeeting)),
      pair(
        '1,000 participant-minutes',
        money(costs.per1000ParticipantMinutes),
        money(lastUnits?.costs.per1000ParticipantMinutes),
      ),
      pair('a GiB sent', smallUsd(units.perGib), smallUsd(lastUnits?.perGib)),
      pair('sent to a participant', bits(costs.egressBitsPerSecond), bits(lastUnits?.costs.egressBitsPerSecond)),
      pair('participant-hours', whole(activity.participantHours), whole(lastUnits?.activity.participantHours)),
      pair('meetings', whole(activity.meetings), whole(lastUnits?.activity.meetings)),
      pair('outbound from the SFUs', tebibytes(activity.egressBytes), tebibytes(lastUnits?.activity.egressBytes)),
      pair('fixed, whoever comes', formatUsd(units.fixed), maybeUsd(lastUnits?.fixed)),
      pair('grows with people', formatUsd(units.variable), maybeUsd(lastUnits?.variable)),
    ],
    none: '',
  };
}

/** What rooms of each size cost; a model, since nobody measures what one room is sent. */
export function roomSizeTable({ units }: MonthlyReport): Table {
  return {
    title: 'By size of the room (modelled)',
    columns: ['People in it', 'Room-hours', 'Participant-hours', 'A participant-hour', 'An hour of the room'],
    rows: units.sizes.map(({ from, upTo, roomHours, participantHours, perParticipantHour, perRoomHour }) => [
      `${from} to ${upTo}`,
      whole(roomHours),
      whole(participantHours),
      smallUsd(perParticipantHour),
      smallUsd(perRoomHour),
    ]),
    none: 'Sizes of rooms were not measured.',
  };
}

function bits(value: number | undefined): string {
  return value === undefined ? 'no data' : `${(value / 1e6).toFixed(2)} Mbit/s`;
}

/** Forecast against the budget, with its past error. */
export function forecastTable({ outlook: { forecast }, input, running }: MonthlyReport): Table {
  return {
    title: 'Forecast and budget',
    columns: ['What', 'Amount', 'Note'],
    rows:
      forecast === undefined
        ? []
        : [
            [
              `budget of a month`,
              formatUsd(input.budget.amount),
              input.budget.setBy === undefined ? 'by setting' : `set by ${input.budget.setBy}`,
            ],
            [
              running ? `${monthName(forecast.month)} at its end` : monthName(forecast.month),
              formatUsd(forecast.likely),
              `80 % range ${formatUsd(forecast.low)} to ${formatUsd(forecast.high)}, at list price, without tax and credits`,
            ],
            ['above the budget', percent(forecast.overrunRatio), 'how likely'],
            [
              'past error',
              percent(forecast.pastErrorRatio),
              forecast.weeksTested === 0
                ? 'never tried: too little history'
                : `mean miss of ${forecast.weeksTested} weeks that were forecast again`,
            ],
          ],
    none: 'Not enough data: nothing was measured in the last two weeks.',
  };
}

/** Days that stand out. */
export function anomalyTable({ outlook }: MonthlyReport): Table {
  return {
    title: 'Days that stand out',
    columns: ['Days', 'Product', 'Cost', 'Usual', 'Difference', 'Cause'],
    rows: outlook.anomalies
      .slice(0, 12)
      .map(({ kind, fromMs, untilMs, cost, usual, difference, cause }) => [
        daysName(fromMs, untilMs),
        productName(kind),
        formatUsd(cost),
        formatUsd(usual),
        formatUsdChange(difference),
        cause,
      ]),
    none:
      outlook.residuals.length === 0
        ? 'Not enough data: three earlier weeks are wanted to tell a day from its weekday.'
        : 'No day stands out against its weekday of the eight weeks before.',
  };
}

/** What could be saved. */
export function savingTable({ input }: MonthlyReport): Table {
  return {
    title: 'What could be saved',
    columns: ['What', 'Why', 'Saves a month', 'Confidence', 'Needs', 'See'],
    rows: input.savings.map(({ what, why, saving, confidence, needs, command }) => [
      what,
      why,
      saving === undefined ? 'unknown' : formatUsd(saving),
      confidence,
      needs,
      command,
    ]),
    none: 'Nothing was found that could go.',
  };
}

/** Estimate against invoice. */
export function reconciliationTable({ reconciliation }: MonthlyReport): Table {
  return {
    title: 'Estimate against invoice',
    columns: ['Product', 'Estimate', 'Invoice', 'Difference', 'Why'],
    rows:
      reconciliation?.rows.map(({ kind, estimate, invoice, difference, why }) => [
        productName(kind),
        formatUsd(estimate),
        formatUsd(invoice),
        formatUsdChange(difference),
        why,
      ]) ?? [],
    none: 'There is no invoice for this month yet, or too little was measured to compare with it.',
  };
}

/** The transfer pool, and what a Gbit/s costs by size of node. */
export function rateTable({ input, units }: MonthlyReport): Table {
  const sent = input.transfer.find(({ month }) => month === input.month);
  const egress = units.costs.egressPerParticipantHour;
  return {
    title: 'Rates',
    columns: ['What', 'Figure', 'Note'],
    rows: [
      [
        'transfer pool',
        sent === undefined ? 'no data' : `${tebibytes(sent.usedBytes)} of ${tebibytes(sent.poolBytes)}`,
        sent === undefined
          ? 'it was not measured'
          : `${percent(sent.usedBytes / Math.max(1, sent.poolBytes))} used; above it $${(input.book.transferPerGib / 1e6).toFixed(2)} a GiB`,
      ],
      [
        'traffic of a participant-hour above the pool',
        smallUsd(egress),
        'what one more costs once the pool is used up',
      ],
      ...prices.nodeSizes
        .filter(({ slug }) => slug === 'c-32' || slug === 'c-32-intel')
        .map(({ slug, hourly, basis }) => {
          const gigabits = (nicBytesPerSecond(slug) * 8) / 1e9;
          return [
            `a Gbit/s of ${slug}`,
            `${formatUsd(Math.round((hourly * input.book.capHours) / gigabits) as MicroUsd)} a month`,
            `${gigabits} Gbit/s each; price ${basis}`,
          ];
        }),
    ],
    none: '',
  };
}
