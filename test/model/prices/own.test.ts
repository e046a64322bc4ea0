import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import { ownPrices } from '../../../model/prices/own.ts';
import { bookPrice, databasePrice, dropletPrice } from '../../../model/prices/resources.ts';
import { prices } from '../../../model/prices.ts';

const head = 'asOf: 2026-12-01\nsource: our contract\n';
const own = (text: string) => ownPrices(head + text, 'prices.yaml', prices);

test('own prices take the place of ours, with their date and source; the rest stays, and the API wins over both', () => {
  const book = own(
    'nodeSizes: {c-32: 0.9}\nmonthly: {volume: 0.08}\ndatabases:\n  - {engine: pg, slugPrefix: gd-, perGib: 16}\ntransferPerGib: 0.005\n',
  );
  assert.equal(book.asOf, '2026-12-01');
  assert.deepEqual(
    [
      dropletPrice(book, 'c-32', undefined).low,
      dropletPrice(book, 'c-32', usd(1)).low,
      bookPrice(book, 'volume', 10).low,
    ],
    [usd(0.9 * 672), usd(672), usd(0.8)],
  );
  const database = databasePrice(book, { engine: 'pg', size: 'gd-16vcpu-64gb', nodes: 1 });
  assert.deepEqual([database.low, database.high, database.basis], [usd(1_024), usd(1_024), 'published']);
  assert.match(database.source, /our contract, of 2026-12-01 \(prices\.yaml\)/);
  assert.equal(book.transferPerGib, usd(0.005));
  assert.deepEqual(bookPrice(book, 'snapshot', 1), bookPrice(prices, 'snapshot', 1));
});

test('JSON is read as well', () => {
  const book = ownPrices('{"asOf": "2026-12-01", "source": "s", "monthly": {"volume": 0.2}}', 'prices.json', prices);
  assert.equal(bookPrice(book, 'volume', 1).low, usd(0.2));
});

test('what is wrong is named by file, line and field', () => {
  const cases = [
    ['monthly:\n  volume: a lot\n', 'prices.yaml: line 4: monthly.volume: want dollars as a number'],
    ['monthly:\n  snapshot: 0.05\n  volume: -1\n', 'prices.yaml: line 5: monthly.volume: want dollars above 0'],
    ['monthly:\n  volum: 1\n', 'prices.yaml: line 4: monthly.volum: there is no such price; did you mean volume?'],
    ['nodeSizes:\n  c-33: 1\n', 'prices.yaml: line 4: nodeSizes.c-33: there is no such price; did you mean c-32?'],
    ['databases:\n  - {engine: pg}\n', 'prices.yaml: line 4: databases.0.perGib: want dollars as a number'],
    [
      'transferPerGib: 99000000\n',
      'prices.yaml: line 3: transferPerGib: more than a million dollars: is the unit right?',
    ],
    ['currency: EUR\n', 'prices.yaml: line 3: currency: only USD is reckoned with'],
    ['mothly: {}\n', /^prices\.yaml: line 3: mothly: Unrecognized key/],
    ['monthly: {volume: 1\n', /^prices\.yaml: line \d: .*/],
    ['monthly: {}\nmonthly: {}\n', /^prices\.yaml: line 4: Map keys must be unique/],
  ] as const;
  for (const [text, message] of cases) assert.throws(() => own(text), { name: UsageError.name, message });
  assert.throws(() => ownPrices('', 'empty.yaml', prices), /^UsageError: empty\.yaml: line 1: top level/);
  assert.throws(() => ownPrices('source: x\n', 'p.yaml', prices), /p\.yaml: line 1: asOf: want the day/);
});
