import { formatUsd } from '../../kernel/money.ts';
import { documentedMonths } from '../../model/cost/budget.ts';
import { type Estimate, totalsBy } from '../../model/cost/lines.ts';
import { percent, smallUsd } from '../figures.ts';
import type { CostReport } from './report.ts';

/** A table of the report: what a person reads, and a row of a CSV file alike. */
export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What stands when there are no rows. */
  readonly none: string;
}

export const costViews = ['monitor', 'report', 'alert', 'efficiency'] as const;
export type CostView = (typeof costViews)[number];

/** The tables of a view, in the order in which they are read. */
export function sectionsOf(report: CostReport, view: CostView): readonly Section[] {
  switch (view) {
    case 'monitor':
      return [budget(report), products(report), savings(report)];
    case 'report':
      return [
        products(report),
        allocation(report, 'workload'),
        allocation(report, 'namespace'),
        allocation(report, 'pool'),
        allocation(report, 'project'),
        units(report),
        budget(report),
      ];
    case 'alert':
      return [budget(report)];
    case 'efficiency':
      return [savings(report), rightSizes(report), nodes(report)];
  }
}

function budget({ burn, budget: { amount, setBy }, perHour, perMonth }: CostReport): Section {
  const by = setBy === undefined ? 'by setting' : `set by ${setBy}`;
  return {
    title: 'Budget',
    columns: ['What', 'A month', 'Note'],
    none: '',
    rows: [
      ['budget in force', formatUsd(amount), by],
      ...documentedMonths.map(({ amount: stated, source }) => ['the documents say', formatUsd(stated), source]),
      ['what stands now', range(perMonth), `${formatUsd(perHour)} an hour, 672 hours at most`],
      ...(burn === undefined
        ? [['spent so far', 'no data', 'DigitalOcean did not say']]
        : [
            [
              'spent so far',
              formatUsd(burn.spent),
              `${percent(burn.spentRatio)} of it, ${percent(burn.elapsedRatio)} of the month`,
            ],
            ['month-end forecast', formatUsd(burn.forecast), verdict(burn)],
          ]),
    ],
  };
}

/** The verdict in words. */
export function verdict(burn: NonNullable<CostReport['burn']>): string {
  const day = burn.usedUpAtMs === undefined ? '' : new Date(burn.usedUpAtMs).toISOString().slice(0, 10);
  switch (burn.verdict) {
    case 'within':
      return 'within the budget';
    case 'will-exceed':
      return `above the budget: used up on ${day} at this rate`;
    case 'exceeded':
      return 'the budget is used up';
  }
}

function products(report: CostReport): Section {
  const days = Math.round((report.period.untilMs - report.period.fromMs) / 86_400_000);
  const parts = totalsBy(report.lines, ({ kind }) => kind);
  const count = (kind: string) => String(report.lines.filter((line) => line.kind === kind).length);
  return {
    title: `Cost of ${days} days, by product`,
    columns: ['Product', 'Count', 'Cost', 'Share'],
    none: 'Nothing that costs money was found.',
    rows: [
      ...parts.map(({ key, cost }) => [key.replaceAll('_', ' '), count(key), range(cost), share(cost, report.total)]),
      ...(parts.length === 0 ? [] : [['total', '', range(report.total), '100.0 %']]),
    ],
  };
}

function allocation(report: CostReport, by: 'workload' | 'namespace' | 'pool' | 'project'): Section {
  const parts = totalsBy(report.allocations, (part) => (part.use === 'idle' ? 'idle' : part[by]));
  const useOf = (key: string) => {
    const uses = new Set(
      report.allocations.filter((part) => part.use !== 'idle' && part[by] === key).map(({ use }) => use),
    );
    return key === 'idle' ? 'idle' : [...uses].sort().join(', ');
  };
  return {
    title: `By ${by}`,
    columns: [by, 'Use', 'Cost', 'Share'],
    none: 'Nothing is allocated.',
    rows: parts.map(({ key, cost }) => [key, useOf(key), range(cost), share(cost, report.total)]),
  };
}

function units({ units: unit, measuredHours }: CostReport): Section {
  const money = (name: string, value: Estimate | undefined) => [
    name,
    value === undefined ? 'no data' : smallRange(value),
  ];
  return {
    title: 'Unit costs',
    columns: ['Unit', 'Cost'],
    none: 'No unit costs: nothing was measured.',
    rows:
      unit === undefined
        ? []
        : [
            money('participant-hour', unit.perParticipantHour),
            money('meeting', unit.perMeeting),
            money('1,000 participant-minutes', unit.per1000ParticipantMinutes),
            [
              'egress of a participant',
              unit.egressBitsPerSecond === undefined
                ? 'no data'
                : `${(unit.egressBitsPerSecond / 1e6).toFixed(2)} Mbit/s, ${smallUsd(unit.egressPerParticipantHour)} an hour above the pool`,
            ],
            ['measured over', `${Math.round(measuredHours)} h`],
          ],
  };
}

function savings({ efficiency }: CostReport): Section {
  return {
    title: 'Paid for and not needed',
    columns: ['Kind', 'Name', 'Why', 'Saves a month', 'Confidence', 'Needs'],
    none: 'Nothing found that could go.',
    rows: [
      ...efficiency.orphans.map(({ kind, name, why, saving, needs }) => [
        kind.replaceAll('_', ' '),
        name,
        why,
        saving === undefined ? 'unknown' : formatUsd(saving),
        'high',
        needs,
      ]),
      ...efficiency.highMinimums.map(({ name, minNodes, minimumNeeded, saving, confidence }) => [
        'pool minimum',
        name,
        `keeps ${minNodes} nodes; ${minimumNeeded} held the highest load with one to lose`,
        formatUsd(saving),
        confidence,
        'one person',
      ]),
    ],
  };
}

function rightSizes({ efficiency }: CostReport): Section {
  return {
    title: 'Requests that do not fit',
    columns: ['Workload', 'Container', 'Replicas', 'CPU', 'Memory GiB', 'Verdict', 'Saves a month', 'Confidence'],
    none: 'No request was found that does not fit, or there are not enough data.',
    rows: efficiency.rightSizes.map((one) => [
      one.workload,
      one.container,
      String(one.replicas),
      `${one.cpuRequestCores} → ${one.cpuCores}`,
      `${one.memoryRequestGib.toFixed(2)} → ${one.memoryGib.toFixed(2)}`,
      one.verdict,
      formatUsd(one.saving),
      one.confidence,
    ]),
  };
}

function nodes({ efficiency }: CostReport): Section {
  return {
    title: 'Underused nodes',
    columns: ['Node', 'CPU asked for', 'Memory asked for', 'CPU taken (95 %)'],
    none: 'No node is underused, or nothing was measured.',
    rows: efficiency.underusedNodes.map((node) => [
      node.name,
      percent(node.cpuRequestedRatio),
      percent(node.memoryRequestedRatio),
      percent(node.cpuUsedRatio),
    ]),
  };
}

function range({ best, low, high }: Estimate): string {
  return low === high ? formatUsd(best) : `${formatUsd(best)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

function smallRange({ best, low, high }: Estimate): string {
  return low === high ? smallUsd(best) : `${smallUsd(best)} (${smallUsd(low)} to ${smallUsd(high)})`;
}

function share(part: Estimate, whole: Estimate): string {
  return whole.best === 0 ? '' : percent(part.best / whole.best);
}
