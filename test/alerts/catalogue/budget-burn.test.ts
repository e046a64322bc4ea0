import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetBurn } from '../../../alerts/catalogue/budget-burn.ts';
import { settings } from '../../../kernel/config.ts';
import { scenario } from '../scenario.ts';

const spent = 'digitalocean_month_to_date_usage{job="digitalocean-exporter", instance="e1"}';
const rate = (bound: string) => `digitalocean_cost_usd_per_hour{job="digitalocean-exporter", bound="${bound}"}`;
const firing = {
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'The month will cost more than its budget',
  runbook_url: 'https://runbooks.gomeet.com/BudgetBurn',
};

// promtool's time begins with January 1970: 744 hours are left in its first hour, 743 in its second.
test('it fires an hour after the forecast is above the budget, and not before', async (t) => {
  await scenario(t, budgetBurn, {
    series: { [spent]: '1000x400', [rate('high')]: '50x400', [rate('low')]: '1x400' },
    expect: [
      { at: '59m', firing: [] },
      { at: '61m', firing: [{ ...firing, description: 'At the present rate it will have cost 38.15k dollars.' }] },
    ],
  });
});

test('it fires when the budget is used up, whatever runs now', async (t) => {
  await scenario(t, budgetBurn, {
    series: { [spent]: '36000x400', [rate('high')]: '0x400' },
    expect: [{ at: '70m', firing: [{ ...firing, description: 'At the present rate it will have cost 36k dollars.' }] }],
  });
});

test('it stays silent within the budget', async (t) => {
  await scenario(t, budgetBurn, {
    series: { [spent]: '1000x400', [rate('high')]: '40x400' },
    expect: [{ at: '90m', firing: [] }],
  });
});

test('it stays silent for a scale-out that is over within the hour', async (t) => {
  await scenario(t, budgetBurn, {
    series: { [spent]: '1000x400', [rate('high')]: '50x160 10x240' },
    expect: [{ at: '90m', firing: [] }],
  });
});

test('it stays silent without data: no data is no cost', async (t) => {
  await scenario(t, budgetBurn, {
    series: { [spent]: '1000x400' },
    expect: [{ at: '90m', firing: [] }],
  });
});

test('its budget is the one of the setting, and its runbook touches nothing by itself', () => {
  assert.equal(budgetBurn.response.signal.threshold, Number(settings.MONTHLY_BUDGET_USD.fallback));
  assert.deepEqual(
    budgetBurn.runbook.mitigation.map(({ action }) => action),
    ['escalate'],
  );
});
