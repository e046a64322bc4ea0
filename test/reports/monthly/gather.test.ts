import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintQueries } from '../../../alerts/lint.ts';
import { objectives } from '../../../alerts/slo/objectives.ts';
import { PortError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import { gatherMonth } from '../../../reports/monthly/gather.ts';
import { readCosts, readHours, segmentsOf } from '../../../reports/monthly/history.ts';
import { historyQueries, limitQueries, roomSizeQuery, tenantQueries } from '../../../reports/monthly/queries.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';
import { monthErrors, readSlos } from '../../../reports/monthly/slos.ts';
import type { Metrics, Series } from '../../../responders/ports.ts';
import { documentedInventory } from '../../support/documented-inventory.ts';

const nowMs = Date.UTC(2026, 10, 3);
const hourMs = 3_600_000;
const base = {
  inventory: undefined,
  reliability: undefined,
  budget: { amount: usd(35_000), setBy: undefined, setAtMs: undefined },
  clock: { now: () => nowMs },
  month: '2026-10',
  timeZone: 'Asia/Jakarta',
  gaps: [],
  progress: () => undefined,
};

test('every query of the report parses and uses only metrics and labels of the catalogue', () => {
  const limits = limitQueries({ pool: 'sfu', size: 'c-32' });
  const queries = [
    ...Object.entries(historyQueries),
    ...Object.entries(tenantQueries(744, nowMs)),
    ['roomSizes', roomSizeQuery(744, nowMs)] as const,
    ...objectives.map(({ key }) => [key, monthErrors(key, { fromMs: nowMs - 744 * hourMs, untilMs: nowMs })] as const),
    ...limits.map(({ name, value }) => [name, `max_over_time((${value})[1d:5m])`] as const),
    ...limits.flatMap(({ name, limit }) => (typeof limit === 'string' ? [[name, limit] as const] : [])),
  ].map(([at, expr]) => ({ at, expr }));
  assert.ok(queries.length > 25);
  assert.deepEqual(lintQueries(queries), []);
});

test('readings become stretches: equal ones join, a missing one parts them, a change begins another', () => {
  const points = [0, 1, 2, 4, 5].map((step) => [step * 300_000, step < 5 ? 1 : 2] as const);
  assert.deepEqual(segmentsOf({ points }, 300_000, 1e6), [
    [0, 900_000, 1_000_000],
    [1_200_000, 1_500_000, 1_000_000],
    [1_500_000, 1_800_000, 2_000_000],
  ]);
});

test('a resource that was renamed is one resource, and what has no id or an unknown kind is left out', async () => {
  const series = (labels: Record<string, string>, from: number, until: number): Series => ({
    labels,
    points: Array.from({ length: (until - from) / hourMs }, (_none, hour) => [from + hour * hourMs, 1] as const),
  });
  const metrics = {
    queryRange: async (expr: string) =>
      expr === historyQueries.cost
        ? [
            series({ resource_type: 'droplet', id: '7', name: 'old' }, 0, 4 * hourMs),
            series(
              { resource_type: 'droplet', id: '7', name: 'new', pool: 'sfu', price_source: 'api' },
              4 * hourMs,
              8 * hourMs,
            ),
            series({ resource_type: 'droplet' }, 0, hourMs),
            series({ resource_type: 'quantum', id: '8' }, 0, hourMs),
          ]
        : [],
  };
  const { resources } = await readCosts(
    metrics,
    { fromMs: 0, untilMs: 8 * hourMs },
    { fromMs: 8 * hourMs, untilMs: 8 * hourMs },
  );
  assert.equal(resources.length, 1);
  assert.deepEqual(
    [resources[0]?.name, resources[0]?.pool, resources[0]?.perHour],
    ['new', 'sfu', [[0, 8 * hourMs, 1_000_000]]],
  );
});

test('an hour speaks of the hour before its value, with the share of it that was measured', async () => {
  const metrics = {
    queryRange: async (expr: string) => [
      {
        labels: {},
        points: [[2 * hourMs, expr === historyQueries.mean ? 80 : expr === historyQueries.peak ? 100 : 0.5]] as const,
      },
    ],
  };
  assert.deepEqual(await readHours(metrics, { fromMs: 0, untilMs: 3 * hourMs }), [
    { atMs: hourMs, mean: 80, peak: 100, coverage: 0.5 },
  ]);
});

test('without Prometheus, account and journal there is a report that names each of them', async () => {
  const report = monthlyReport(await gatherMonth({ ...base, metrics: undefined }));
  assert.equal(report.answer.spend, undefined);
  assert.match(report.gaps.join('\n'), /no PROMETHEUS_URL/);
});

test('a Prometheus that does not answer is a gap for each thing that it was asked, and the invoice still counts', async () => {
  const away = async (): Promise<never> => {
    throw new PortError('prometheus', 'unreachable', 'connection refused');
  };
  const metrics: Metrics = { query: away, queryRange: away };
  const invoices = [{ id: 'i', period: '2026-10', amount: usd(9_000), isPreview: false, items: [] }];
  const input = await gatherMonth({ ...base, metrics, inventory: documentedInventory(6, { invoices }) });
  const report = monthlyReport(input);
  assert.deepEqual(report.answer.spend, { amount: usd(9_000), basis: 'invoice' });
  assert.match(report.gaps.join('\n'), /costs could not be read from Prometheus[\s\S]*people could not be read/);
});

test('a part of the account that the token may not read stands in the report with the scope that is missing', async () => {
  const inventory = {
    ...documentedInventory(6),
    gaps: [
      {
        part: 'invoices' as const,
        code: 'forbidden',
        message: 'the token lacks the scope billing:read, which invoices needs',
      },
    ],
  };
  const input = await gatherMonth({ ...base, metrics: undefined, inventory });
  assert.match(
    monthlyReport(input).gaps.join('\n'),
    /invoices of the account could not be read: the token lacks the scope billing:read/,
  );
});

test('a service level is a ratio of sums with what is left of its budget, and one without a reading has none', async () => {
  const month = { fromMs: Date.UTC(2026, 9, 1), untilMs: Date.UTC(2026, 10, 1) };
  const [first] = objectives;
  const known = monthErrors(first?.key ?? '', month);
  const slos = await readSlos(
    { query: async (expr) => (expr === known ? [{ labels: {}, value: (1 - (first?.objective ?? 0)) / 4 }] : []) },
    month,
  );
  assert.equal(slos.length, objectives.length);
  assert.ok(Math.abs((slos[0]?.budgetLeftRatio ?? 0) - 0.75) < 1e-9);
  assert.equal(slos[1]?.attainedRatio, undefined);
});
