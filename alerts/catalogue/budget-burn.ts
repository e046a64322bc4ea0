import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Dollars that a month may cost: the budget of the operations runbook, as the setting MONTHLY_BUDGET_USD has it. */
export const monthlyBudgetUsd = 35_000;

const spent = `max(${cloud.monthToDateUsage.name})`;
const perHour = `max(${cloud.costRange.name}{bound="high"})`;
const hoursLeft = 'scalar(24 * days_in_month() - 24 * (day_of_month() - 1) - hour())';
/** What the month will have cost, prices at the upper end of what is known. Also the board's. */
export const monthEndForecast = `${spent} + ${perHour} * ${hoursLeft}`;

/** The month will cost more than its budget if all that stands goes on standing. */
export const budgetBurn = defineAlert({
  name: 'BudgetBurn',
  expr: `${monthEndForecast} > ${monthlyBudgetUsd}`,
  // A scale-out of an hour is no month.
  for: duration('1h'),
  severity: 'warning',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'The month will cost more than its budget',
  description: 'At the present rate it will have cost {{ $value | humanize }} dollars.',
  runbook: {
    meaning: `What DigitalOcean says was spent since the month began, and what all that stands costs until its end, come to more than $${monthlyBudgetUsd}.`,
    impact:
      'Nobody in a meeting notices. The responder refuses to add what costs money once the budget does not hold it, so that a peak may find no room.',
    diagnosis: [
      {
        say: 'Spent so far, and forecast?',
        query: monthEndForecast,
        command: 'gomeet cost alert',
        expect: 'The forecast within the budget.',
      },
      { say: 'What costs most?', query: `sum by (resource_type) (${cloud.resourceCost.name})` },
      { say: 'What could go?', command: 'gomeet cost efficiency', expect: 'Nothing found that could go.' },
      { say: 'Do pools keep more nodes than they need?', query: cloud.poolMinNodes.name },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: 'Ask the platform team: take out what nobody uses, lower a pool minimum, or set another budget with `gomeet cost alert --budget`.',
      },
    ],
    person: 'Take out what nobody uses, lower a pool minimum, or agree on another budget with whoever pays.',
    leave: 'A booked event is under way that the budget was raised for.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1d'),
    signal: {
      query: monthEndForecast,
      unit: 'count',
      threshold: monthlyBudgetUsd,
      direction: 'above',
      legend: 'dollars at the end of the month',
    },
  },
  limits: { maxDataAge: duration('15m') },
});
