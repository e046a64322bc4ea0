import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { demoInput } from '../../../reports/monthly/demo.ts';
import type { MonthlyInput } from '../../../reports/monthly/input.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';
import { chaptersOf, correctionOf, keyFigures } from '../../../reports/monthly/sections.ts';

const input = demoInput();
const report = monthlyReport(input);
const hourMs = 3_600_000;
const month = { fromMs: Date.UTC(2026, 9, 1), untilMs: Date.UTC(2026, 10, 1) };

// Recomputed from the input by another road: hour by hour, in floating dollars, without the model.
function recomputed({ resources, hours, invoices, transfer }: MonthlyInput) {
  const perDay = (pool: string) => {
    const days = Array.from({ length: 31 }, () => 0);
    for (const { perHour } of resources.filter((one) => one.pool === pool))
      for (let hour = 0; hour < 744; hour++) {
        const atMs = month.fromMs + hour * hourMs;
        // The exporter was away from 03:00 to 09:00 on the 14th: what was there before and after was there.
        const away = hour >= 13 * 24 + 3 && hour < 13 * 24 + 9;
        const at = (when: number) => perHour.find(([from, until]) => when >= from && when < until)?.[2] ?? 0;
        const day = Math.floor(hour / 24);
        const before = at(month.fromMs + (13 * 24 + 2) * hourMs);
        days[day] = (days[day] ?? 0) + (away ? (at(month.fromMs + (13 * 24 + 9) * hourMs) > 0 ? before : 0) : at(atMs));
      }
    return (
      days
        .sort((a, b) => b - a)
        .slice(0, 28)
        .reduce((sum, cost) => sum + cost, 0) / 1e6
    );
  };
  const fixed = resources
    .filter(({ pool }) => pool === undefined)
    .reduce((sum, { perHour }) => sum + (672 * (perHour[0]?.[2] ?? 0)) / 1e6, 0);
  const sent = transfer.find((one) => one.month === '2026-10');
  const traffic = (Math.max(0, (sent?.usedBytes ?? 0) - (sent?.poolBytes ?? 0)) / 1024 ** 3) * 0.01;
  const people = hours
    .filter(({ atMs }) => atMs >= month.fromMs && atMs < month.untilMs)
    .reduce((sum, { mean, coverage }) => sum + mean * coverage, 0);
  const billed = (invoices.find(({ period }) => period === '2026-10')?.items ?? []).reduce(
    (sum, { amount }) => sum + amount / 1e6,
    0,
  );
  return { estimate: perDay('sfu') + perDay('api') + fixed + traffic, traffic, people, billed };
}

test('its numbers equal a recomputation by another road', () => {
  const other = recomputed(input);
  assert.ok(
    Math.abs(report.money.estimate.best / 1e6 - other.estimate) < 0.01,
    `${report.money.estimate.best / 1e6} ${other.estimate}`,
  );
  assert.ok(Math.abs(report.money.transfer / 1e6 - other.traffic) < 0.001);
  assert.ok(Math.abs((report.answer.spend?.amount ?? 0) / 1e6 - other.billed) < 1e-6);
  assert.ok(Math.abs((report.units.activity.participantHours ?? 0) - other.people) < 1e-6);
  const share = (743.5 / 744) * (other.billed / other.people);
  assert.ok(Math.abs((report.units.costs.perParticipantHour?.best ?? 0) / 1e6 - share) < 1e-5);
});

test('the parts sum to the whole: products, owners, bridge, days', () => {
  const spend = report.answer.spend?.amount;
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  assert.equal(sum([...report.money.byKind.values()]), spend);
  assert.equal(sum(report.allocations.map(({ cost }) => cost.best)), spend);
  assert.ok(report.bridge.kind === 'bridge');
  assert.equal(report.bridge.from + sum(report.bridge.steps.map(({ amount }) => amount)), report.bridge.to);
  assert.equal(report.bridge.to, spend);
  assert.equal(
    sum(report.money.accrued.flatMap(({ days }) => days)) + report.money.transfer,
    report.money.estimate.best,
  );
  assert.ok(
    report.allocations.some(({ use }) => use === 'idle') && report.allocations.some(({ use }) => use === 'shared'),
  );
});

test('the estimate is within 2 % of the invoice, and says why it is not the same', () => {
  assert.ok(report.reconciliation?.within);
  assert.equal(report.reconciliation?.rows.find(({ kind }) => kind === 'tax')?.why, 'on the invoice alone');
  assert.match(report.reconciliation?.rows.find(({ kind }) => kind === 'database')?.why ?? '', /price to be confirmed/);
});

test('the pool that was forgotten after the conference is found, with its cause', () => {
  const [found] = report.outlook.anomalies;
  assert.equal(found?.kind, 'droplet');
  assert.equal(new Date(found?.fromMs ?? 0).toISOString().slice(0, 10), '2026-10-20');
  assert.match(found?.cause ?? '', /pool api ran 6\.9 nodes, 4\.0 in the four weeks before/);
});

test('a month of which nothing is known says so, and shows no zero in its place', () => {
  const bare = monthlyReport({
    ...input,
    resources: [],
    bounds: { low: [], high: [] },
    hours: [],
    daily: [],
    transfer: [],
    tenants: [],
    invoices: [],
    sfuNodes: [],
    constraints: [],
    savings: [],
    reliability: undefined,
  });
  assert.equal(bare.answer.spend, undefined);
  assert.match(
    bare.gaps.join('\n'),
    /nothing is said of what it cost[\s\S]*people were not counted[\s\S]*journal was not read/,
  );
  assert.deepEqual(
    keyFigures(bare)
      .slice(0, 1)
      .map(({ value }) => value),
    ['no data'],
  );
  const text = JSON.stringify([keyFigures(bare), chaptersOf(bare)]);
  assert.ok(!/NaN|Infinity|undefined/.test(text), text.slice(0, 400));
  assert.match(text, /Not enough data/);
  assert.equal(bare.bridge.kind, 'none');
  assert.equal(bare.allocations.length, 0);
});

test('half a month without the exporter is a marked gap, and without an invoice the figure is an estimate with a range', () => {
  const cut = (segments: MonthlyInput['bounds']['low']) => segments.filter(([from]) => from < Date.UTC(2026, 9, 20));
  const found = monthlyReport({
    ...input,
    invoices: input.invoices.filter(({ period }) => period !== '2026-10'),
    bounds: { low: cut(input.bounds.low), high: cut(input.bounds.high) },
  });
  assert.equal(found.answer.spend?.basis, 'estimate');
  assert.match(found.gaps.join('\n'), /costs were measured for 6\d\.\d % of the month/);
  assert.match(found.gaps.join('\n'), /no invoice for this month yet/);
  assert.ok(
    found.money.estimate.low < found.money.estimate.best && found.money.estimate.best < found.money.estimate.high,
  );
});

test('a running month is compared with as many days of the last one, and forecast to its end', () => {
  const running = monthlyReport({ ...input, asOfMs: Date.UTC(2026, 9, 16), invoices: input.invoices.slice(0, 1) });
  assert.ok(running.running);
  assert.ok(running.bridge.kind === 'bridge' && running.bridge.days === 15);
  assert.equal(running.outlook.forecast?.month, '2026-10');
  assert.ok((running.outlook.forecast?.likely ?? 0) > (running.money.estimate.best ?? 0));
});

test('a correction says what it replaces, why, and what changed', () => {
  const replaces = {
    edition: 1,
    issuedAtMs: Date.UTC(2026, 10, 2),
    total: usd(18_000),
    inputHash: 'abc',
    reason: 'databases were counted twice',
  };
  const second = monthlyReport({ ...input, replaces });
  assert.equal(second.edition, 2);
  assert.equal(second.inputHash, report.inputHash, 'what it replaces is no fact of the month');
  assert.match(
    correctionOf(second) ?? '',
    /Edition 2 replaces edition 1 of 2 Nov 2026, 07:00 \(input abc\): databases were counted twice\. The total was \$18,000 and is \$17,559 \(−\$441/,
  );
  assert.equal(correctionOf(report), undefined);
});
