import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedLines, partsOfAWhole, seriesName } from '../../../dashboards/chart/series.ts';

const line = (node: string, ...values: number[]) => ({
  labels: { node },
  points: values.map((value, index) => [index * 1_000, value] as const),
});
const options = { legend: '{{node}}', direction: 'above', stepMs: 1_000 } as const;

test('the worst five lines are named, the very worst first, the others are a backdrop', () => {
  const lines = namedLines(
    [1, 7, 3, 5, 2, 6, 4].map((value) => line(`n${value}`, value)),
    options,
  );
  assert.deepEqual(
    lines.named.map(({ name }) => name),
    ['n7', 'n3', 'n4', 'n5', 'n6'],
  );
  assert.deepEqual(
    lines.rest.map(({ name }) => name),
    ['n2', 'n1'],
  );
});

test('where less is worse, the lowest line comes first', () => {
  assert.equal(
    namedLines([line('full', 9), line('empty', 0)], { ...options, direction: 'below' }).named[0]?.name,
    'empty',
  );
});

test('a gap in the data breaks the line', () => {
  const [drawn] = namedLines(
    [
      {
        labels: { node: 'a' },
        points: [
          [0, 1],
          [1_000, 1],
          [9_000, 1],
        ],
      },
    ],
    options,
  ).named;
  assert.deepEqual(
    drawn?.points.map(({ t, v }) => [t, v]),
    [
      [0, 1],
      [1_000, 1],
      [2_000, null],
      [9_000, 1],
    ],
  );
});

test('a line without a gap is not broken', () => {
  const [drawn] = namedLines([line('a', 1, 2, 3)], options).named;
  assert.ok(drawn?.points.every(({ v }) => v !== null));
});

test('what is not a number is no data, not zero', () => {
  const [drawn] = namedLines([line('a', Number.NaN, 1)], options).named;
  assert.equal(drawn?.points[0]?.v, null);
});

test('a legend names a line by its labels, and a label that is missing by nothing', () => {
  assert.equal(seriesName({ node_id: 'ND_1' }, 'node {{ node_id }}'), 'node ND_1');
  assert.equal(seriesName({ pod: 'sfu-1' }, '{{missing}}'), 'sfu-1');
  assert.equal(seriesName({ pod: 'x'.repeat(300) }, '{{pod}}').length, 40);
});

test('of more parts than can be told apart the small ones are one, and nothing of the whole is lost', () => {
  const parts = Array.from({ length: 30 }, (_, index) => line(`n${index}`, index, index));
  const drawn = partsOfAWhole(parts, 1_000);
  assert.equal(drawn.length, 10);
  assert.deepEqual([drawn[0]?.name, drawn.at(-1)?.name, drawn.at(-1)?.grey], ['n29', '21 others', true]);
  const at = (t: number) =>
    drawn.flatMap(({ points }) => points.filter((point) => point.t === t)).reduce((sum, { v }) => sum + (v ?? 0), 0);
  assert.deepEqual([at(0), at(1_000)], [435, 435]);
  assert.equal(
    partsOfAWhole(parts.slice(0, 10), 1_000).some(({ grey }) => grey),
    false,
  );
});
