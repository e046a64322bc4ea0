import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownSeries } from '../../../alerts/known-series.ts';
import { lintPromql } from '../../../alerts/promql.ts';
import { seedCpuCost } from '../../../model/capacity/node.ts';
import { capacityQueries, readCpuPoints, readFleet, readTraffic } from '../../../reports/capacity/measure.ts';
import type { Metrics, Series } from '../../../responders/ports.ts';

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

function metrics(figures: Figures, series: Readonly<Record<string, readonly Series[]>> = {}): Metrics {
  return {
    query: async (expr) =>
      Object.entries(figures[expr] ?? {}).map(([node_id, value]) => ({ labels: { node_id }, value })),
    queryRange: async (expr) => series[expr] ?? [],
  };
}

const complete: Figures = {
  [capacityQueries.serving]: { a: 1, b: 1 },
  [capacityQueries.load]: { a: 0.25, b: 0.5 },
  [capacityQueries.bytes]: { a: 1e7, b: 2e7 },
  [capacityQueries.participants]: { a: 100, b: 200 },
  [capacityQueries.packets]: { a: 1e5, b: 2e5 },
  [capacityQueries.cores]: { a: 32, b: 32 },
};

test('every query asks for metrics and labels that the catalogue has', () => {
  for (const [name, expr] of Object.entries(capacityQueries))
    assert.deepEqual(lintPromql(expr, knownSeries()), [], name);
});

test('a node is what its figures say, its idle cores apart', async () => {
  const { nodes, unmeasured } = await readFleet(metrics(complete), 'c-32', { ...seedCpuCost, idleCores: 1 });
  assert.deepEqual(unmeasured, []);
  assert.deepEqual(nodes[0], {
    id: 'a',
    participants: 100,
    used: { cpuCores: 7, packetsPerSecond: 1e5, bytesPerSecond: 1e7 },
    limits: { cpuCores: 32 * 0.6 - 1, packetsPerSecond: 959_156, bytesPerSecond: 175_000_000 },
  });
});

test('a node that lacks a single figure counts for nothing and is named', async () => {
  for (const query of ['load', 'bytes', 'participants', 'packets', 'cores'] as const) {
    const lacking = { ...complete, [capacityQueries[query]]: { a: 1 } };
    const { nodes, unmeasured } = await readFleet(metrics(lacking), 'c-32', seedCpuCost);
    assert.deepEqual([nodes.map(({ id }) => id), unmeasured], [['a'], ['b']], query);
  }
});

test('a node that does not serve is not asked about', async () => {
  const { nodes, unmeasured } = await readFleet(
    metrics({ ...complete, [capacityQueries.serving]: { b: 1 } }),
    'c-32',
    seedCpuCost,
  );
  assert.deepEqual([nodes.map(({ id }) => id), unmeasured], [['b'], []]);
});

test('CPU is paired with the packets of the same node and the same moment, or not at all', async () => {
  const points = await readCpuPoints(
    metrics(
      {},
      {
        [capacityQueries.cpuSeconds]: [
          {
            labels: { node_id: 'a' },
            points: [
              [0, 1],
              [900_000, 2],
            ],
          },
          { labels: { node_id: 'b' }, points: [[0, 3]] },
        ],
        [capacityQueries.packets]: [
          {
            labels: { node_id: 'a' },
            points: [
              [900_000, 5e4],
              [1_800_000, 6e4],
            ],
          },
        ],
      },
    ),
    { fromMs: 0, toMs: 1_800_000 },
  );
  assert.deepEqual(points, [{ packetsPerSecond: 5e4, cpuCores: 2 }]);
});

test('the peak read at a full hour belongs to the hour before it', async () => {
  const series = { [capacityQueries.traffic]: [{ labels: {}, points: [[7_200_000, 41] as const] }] };
  assert.deepEqual(await readTraffic(metrics({}, series), { nowMs: 7_500_000, weeks: 1 }), [
    { atMs: 3_600_000, participants: 41 },
  ]);
});
