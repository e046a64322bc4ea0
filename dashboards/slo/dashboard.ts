import { burnRates, objectiveAlerts } from '../../alerts/slo/alerts.ts';
import { objectives } from '../../alerts/slo/objectives.ts';
import { type Board, defineBoard, type Panel } from '../define.ts';
import { byObjective, sloQueries } from './queries.ts';

const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(6))} %`;
const shown = (queries: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(objectives.map(({ key, promise }) => [promise, queries[key] ?? '']));

/** The number of each objective; ids begin at 1. */
const budgets = objectives.map(
  ({ key, promise, objective }, index): Panel => ({
    id: 1 + index,
    title: `${promise}?`,
    description: `What is left of the budget of 30 days; ${percent(objective)} are promised.`,
    show: 'stat',
    series: { 'left of the budget': byObjective.left[key] ?? '' },
    unit: 'percentunit',
    span: 4,
    limit: { at: 0, direction: 'below', from: 'the budget is spent' },
  }),
);

/** What fails of each; ids begin at 101. */
const failures = objectives.map((objective, index): Panel => {
  const [fast] = objectiveAlerts(objective);
  return {
    id: 101 + index,
    title: `How much fails: ${objective.promise}?`,
    description: `Share that failed in five minutes, an hour and three days, against the ${percent(1 - objective.objective)} that may.`,
    show: 'lines',
    series: {
      'five minutes': byObjective.now[objective.key] ?? '',
      'an hour': byObjective.hour[objective.key] ?? '',
      'three days': byObjective.days[objective.key] ?? '',
    },
    unit: 'percentunit',
    span: 8,
    ...(fast === undefined ? {} : { alert: fast }),
    links: [{ title: 'Incidents', console: '/' }],
  };
});

/** What people may count on, and how much of it is spent; made from the objectives, one panel each. */
export const sloBoard: Board = defineBoard({
  uid: 'gomeet-slo',
  title: 'SLOs and Error Budgets',
  folder: 'GoMeet',
  source: 'slo',
  question: 'Do we keep what we promise, and how long will the budgets last?',
  span: '7d',
  variables: [],
  queries: sloQueries,
  rows: [
    { title: 'Do we keep what we promise?', panels: budgets },
    {
      title: 'How long will the budgets last?',
      panels: [
        {
          id: 51,
          title: 'How fast does each burn?',
          description: `How many times faster than allowed, over the last hour: at ${burnRates.hour} somebody is woken, since two hundredths of a month's budget go in an hour.`,
          show: 'lines',
          series: shown(byObjective.burn),
          unit: 'none',
          span: 12,
          limit: { at: burnRates.hour, direction: 'above', from: 'SRE workbook, chapter 5' },
        },
        {
          id: 52,
          title: 'How much is left over time?',
          description: 'A cliff is an incident, a slope is a habit.',
          show: 'lines',
          series: shown(byObjective.left),
          unit: 'percentunit',
          span: 12,
          limit: { at: 0, direction: 'below', from: 'the budget is spent' },
        },
      ],
    },
    { title: 'What fails?', panels: failures },
  ],
});
