import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { budgetBurn } from '../../alerts/catalogue/budget-burn.ts';
import { type PanelSpec, prometheusVariable, stat, timeseries } from '../kit.ts';
import { costQueries as queries } from './queries.ts';

const number = { legend: 'dollars', unit: 'currencyUSD', span: 6 };
const line = { unit: 'currencyUSD', span: 12 };

const numbers: readonly Omit<PanelSpec, 'id'>[] = [
  {
    ...number,
    title: 'What has the month cost so far?',
    description: 'As DigitalOcean says, without tax.',
    query: queries.spent,
  },
  {
    ...number,
    title: 'What will it have cost?',
    description: 'All that stands goes on standing; unconfirmed prices at their upper end.',
    query: queries.forecast,
    alert: budgetBurn,
  },
  {
    ...number,
    title: 'What does an hour cost?',
    description: 'Before the cap of 672 hours a month. What it is made of: below, and `gomeet cost monitor`.',
    query: queries.perHour,
  },
  {
    ...number,
    title: 'What does a participant-hour cost?',
    description: 'The hour over the people connected now; empty when nobody is. Over days: `gomeet cost report`.',
    query: queries.perParticipantHour,
  },
];

const lines: readonly Omit<PanelSpec, 'id'>[] = [
  {
    ...line,
    title: 'What costs most?',
    description: 'Dollars an hour by product. What could go: `gomeet cost efficiency`.',
    query: queries.byProduct,
    legend: '{{resource_type}}',
  },
  {
    ...line,
    title: 'Which node pool costs what?',
    description: 'Dollars an hour by pool.',
    query: queries.byPool,
    legend: '{{pool}}',
  },
  {
    ...line,
    title: 'How much goes to each participant?',
    description: 'What the SFUs send over the people connected, as a rate.',
    query: queries.bitsPerParticipant,
    legend: 'a participant',
    unit: 'bps',
  },
  {
    ...line,
    title: 'Will traffic cost extra this month?',
    description: "Above the team's transfer pool at the month's end, at the pace so far.",
    query: queries.transferOverage,
    legend: 'dollars',
  },
];

/** Money on one page: the month against its budget first, what it is made of below. */
export function costBoard(uid: string): Dashboard {
  const board = new DashboardBuilder('GoMeet cost')
    .uid(uid)
    .tags(['gomeet'])
    .refresh('5m')
    .time({ from: 'now-7d', to: 'now' })
    .timezone('utc')
    .withVariable(prometheusVariable());
  for (const [index, spec] of numbers.entries()) board.withPanel(stat({ ...spec, id: index + 1 }));
  for (const [index, spec] of lines.entries()) board.withPanel(timeseries({ ...spec, id: numbers.length + index + 1 }));
  return board.build();
}
