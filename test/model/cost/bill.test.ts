import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUsd, type MicroUsd, usd } from '../../../kernel/money.ts';
import { type Billed, billOf, hourOf, monthOf, transferLine } from '../../../model/cost/bill.ts';
import { totalOf, totalsBy } from '../../../model/cost/lines.ts';
import { prices } from '../../../model/prices.ts';
import { billedThings } from '../../../reports/cost/things.ts';
import { documentedInventory } from '../../support/documented-inventory.ts';

const hourMs = 3_600_000;
const january = { fromMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2026, 1, 1) };
const hoursOfJanuary = (hours: number) => ({ ...january, untilMs: january.fromMs + hours * hourMs });
const documented = (nodes: number) => billOf(billedThings(documentedInventory(nodes)), january, prices);

test('the documented architecture costs about $8,800 a month at 6 nodes, $9,050 at the most, where the document says $27,048', () => {
  const lines = documented(6);
  const parts = Object.fromEntries(
    totalsBy(lines, ({ kind }) => kind).map(({ key, cost }) => [key, [cost.low, cost.high]]),
  );

  assert.deepEqual(parts, {
    droplet: [usd(4_032), usd(4_032)], // 6 c-32 at $1.00 an hour for 672 hours, never 744
    database: [
      3 * usd(969.6) + 3 * usd(480), // PostgreSQL of 64 GB from the basic plans' $15.15 a GB ...
      3 * usd(1_130.24) + 3 * usd(480), // ... to the $1,130 that the documents' rate makes; Valkey of 32 GB at $15 a GB
    ],
    volume: [usd(102.4), usd(102.4)], // 1 TiB at $0.10 a GiB
    control_plane: [usd(40), usd(40)],
    registry: [usd(20), usd(20)],
    load_balancer: [usd(12), usd(12)],
    spaces: [usd(5), usd(5)], // one subscription, where the recomputation of the documents has two
  });
  const { best, low, high } = totalOf(lines);
  assert.deepEqual(
    [low, best, high].map((amount) => formatUsd(amount)),
    ['$8,560', '$8,801', '$9,042'],
  );
  assert.ok(high + usd(5) < usd(9_050) && high < usd(27_048) / 2);
});

test('at 20 nodes it costs $18,450 at the most, 14 nodes more and nothing else', () => {
  const [six, twenty] = [totalOf(documented(6)), totalOf(documented(20))];
  assert.equal(twenty.best - six.best, 14 * usd(672));
  assert.equal(formatUsd(twenty.high), '$18,450');
});

test('30 TB a month lie within the pool of 54 TB; what goes out above it is paid by the GiB', () => {
  assert.equal(transferLine({ bytes: 30e12, poolBytes: 54e12 }, prices).cost.best, usd(0));
  const line = transferLine({ bytes: 54e12 + 1_000 * 1024 ** 3, poolBytes: 54e12 }, prices);
  assert.deepEqual([line.quantity, line.cost.best], [1_000, usd(10)]);
});

test('what is not sure is marked: each doubtful price is a range or says that it is unconfirmed', () => {
  const doubtful = documented(6).filter(({ basis }) => basis !== 'published' && basis !== 'derived');
  assert.deepEqual(doubtful.map(({ kind }) => kind).sort(), ['database', 'database', 'spaces']);
});

const thing: fc.Arbitrary<Billed> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom('droplet' as const, 'volume' as const, 'database' as const),
    sku: fc.constantFrom('c-4', 'c-32'),
    prices: fc.tuple(fc.nat(10 ** 12), fc.nat(10 ** 12)),
    createdAtMs: fc.option(fc.integer({ min: january.fromMs - 1e9, max: january.untilMs }), { nil: undefined }),
  })
  .map(({ prices: [one, other], ...rest }) => ({
    ...rest,
    name: rest.id,
    region: 'fra1',
    project: undefined,
    cluster: undefined,
    pool: undefined,
    origin: 'table',
    basis: 'published',
    source: 'generated',
    monthly: { low: Math.min(one, other) as MicroUsd, high: Math.max(one, other) as MicroUsd },
  }));
const things = fc.array(thing, { maxLength: 40 });

test('no money is negative, each best figure lies in its range, and the parts by any key make the whole', () => {
  fc.assert(
    fc.property(things, fc.integer({ min: 0, max: 2_000 }), (given, hours) => {
      const lines = billOf(given, hoursOfJanuary(hours), prices);
      for (const { cost } of lines) assert.ok(cost.low >= 0 && cost.low <= cost.best && cost.best <= cost.high);
      const whole = totalOf(lines);
      for (const key of ['kind', 'sku', 'id'] as const) {
        const parts = totalsBy(lines, (line) => line[key]);
        assert.equal(
          parts.reduce((sum, { cost }) => sum + cost.best, 0),
          whole.best,
        );
      }
      assert.equal(lines.length, given.length);
    }),
  );
});

test('more hours never cost less, and the cap of 672 hours a month holds', () => {
  const hours = fc.integer({ min: 0, max: 744 });
  fc.assert(
    fc.property(things, hours, hours, (given, one, other) => {
      const cost = (length: number) => totalOf(billOf(given, hoursOfJanuary(length), prices)).best;
      assert.ok(cost(Math.min(one, other)) <= cost(Math.max(one, other)));
      const month = given.reduce((sum, { monthly }) => sum + monthly.high, 0);
      assert.ok(totalOf(billOf(given, january, prices)).high <= month);
    }),
  );
});

test('over two months each has its own cap', () => {
  const two = { fromMs: january.fromMs, untilMs: Date.UTC(2026, 2, 1) };
  const [node] = billedThings(documentedInventory(1));
  assert.ok(node);
  assert.equal(totalOf(billOf([node], two, prices)).best, usd(672 + 672));
});

test('an hour of all that stands costs a 672nd of the month, and nothing costs nothing', () => {
  const month = monthOf(billedThings(documentedInventory(6)), prices);
  assert.ok(Math.abs(hourOf(month, prices) * 672 - totalOf(month).best) <= 672);
  assert.deepEqual([hourOf([], prices), totalOf([]).best], [0, 0]);
});
