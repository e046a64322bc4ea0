import { budgetBurn } from '../../../alerts/catalogue/budget-burn.ts';
import { proves } from '../scenario.ts';

const spent = 'digitalocean_month_to_date_usage{job="digitalocean-exporter", instance="e1"}';
const rate = (bound: string) => `digitalocean_cost_usd_per_hour{job="digitalocean-exporter", bound="${bound}"}`;
const firing = {
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'The month will cost more than its budget',
  runbook_url: 'https://runbooks.gomeet.com/BudgetBurn',
};

// promtool's time begins with January 1970: 744 hours are left in its first hour, 743 in its second.

export const proof = proves(budgetBurn, {
  'it fires an hour after the forecast is above the budget, and not before': {
    series: { [spent]: '1000x400', [rate('high')]: '50x400', [rate('low')]: '1x400' },
    expect: [
      { at: '59m', firing: [] },
      { at: '61m', firing: [{ ...firing, description: 'At the present rate it will have cost 38.15k dollars.' }] },
    ],
  },
  'it fires when the budget is used up, whatever runs now': {
    series: { [spent]: '36000x400', [rate('high')]: '0x400' },
    expect: [{ at: '70m', firing: [{ ...firing, description: 'At the present rate it will have cost 36k dollars.' }] }],
  },
  'it stays silent within the budget': {
    series: { [spent]: '1000x400', [rate('high')]: '40x400' },
    expect: [{ at: '90m', firing: [] }],
  },
  'it stays silent for a scale-out that is over within the hour': {
    series: { [spent]: '1000x400', [rate('high')]: '50x160 10x240' },
    expect: [{ at: '90m', firing: [] }],
  },
  'it counts the hours that are left: 503 in the second hour of the eleventh': [
    {
      interval: '1h',
      series: { [spent]: '10000x300', [rate('high')]: '51x300' },
      expect: [
        { at: '241h', firing: [{ ...firing, description: 'At the present rate it will have cost 35.65k dollars.' }] },
      ],
    },
    {
      interval: '1h',
      series: { [spent]: '10000x300', [rate('high')]: '49x300' },
      expect: [{ at: '241h', firing: [] }],
    },
  ],
  'it stays silent without data: no data is no cost': {
    series: { [spent]: '1000x400' },
    expect: [{ at: '90m', firing: [] }],
  },
  'it stays silent without anything': { series: {}, expect: [{ at: '90m', firing: [] }] },
});
