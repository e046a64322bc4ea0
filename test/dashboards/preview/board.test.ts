import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPng } from '../../../dashboards/chart/render.ts';
import { paperTheme } from '../../../dashboards/chart/theme.ts';
import { panelsOf } from '../../../dashboards/define.ts';
import { boards } from '../../../dashboards/index.ts';
import { meetingBoard } from '../../../dashboards/meeting/dashboard.ts';
import type { Asked } from '../../../dashboards/preview/ask.ts';
import { drawBoard } from '../../../dashboards/preview/board.ts';
import { layoutOf } from '../../../dashboards/preview/layout.ts';
import { sfuBoard } from '../../../dashboards/sfu/dashboard.ts';
import { PortError } from '../../../kernel/errors.ts';

const toMs = Date.UTC(2026, 10, 24, 3, 0);
const view = { fromMs: toMs - 3_600_000, toMs, stepMs: 60_000 };
const nodes = (count: number) => Array.from({ length: count }, (_, index) => `ND_${String(index).padStart(3, '0')}`);

/** A Prometheus that answers every query with one line a node. */
const fleet = (count: number): Asked => ({
  query: async () => nodes(count).map((node_id, index) => ({ labels: { node_id }, value: index })),
  queryRange: async (_expr, { fromMs, toMs: until, stepMs }) =>
    nodes(count).map((node_id, index) => ({
      labels: { node_id },
      points: Array.from(
        { length: (until - fromMs) / stepMs },
        (_, step) => [fromMs + step * stepMs, (index + 1) / count] as const,
      ),
    })),
});
const silent: Asked = { query: async () => [], queryRange: async () => [] };

test('a board is drawn with every title, and the hours in UTC', async () => {
  const { svg, empty, failed } = await drawBoard(sfuBoard, fleet(1), view);
  for (const { title } of panelsOf(sfuBoard)) assert.ok(svg.includes(`>${title}<`), title);
  for (const { title } of sfuBoard.rows) assert.ok(svg.includes(`>${title}<`), title);
  assert.ok(svg.includes('>02:30<') && svg.includes('2026-11-24 03:00 UTC'));
  assert.deepEqual([empty, failed], [[], []]);
});

test('with a hundred nodes the worst are named, the others are a backdrop, and the page grows no longer', async () => {
  const { svg } = await drawBoard(sfuBoard, fleet(100), view);
  assert.ok(svg.includes('>ND_099<'));
  assert.ok(!svg.includes('>ND_050<'));
  const height = (text: string) => /height="(\d+)"/.exec(text)?.[1];
  assert.equal(height(svg), height((await drawBoard(sfuBoard, fleet(1), view)).svg));
  const biggest = svg.length / (await drawBoard(sfuBoard, fleet(10), view)).svg.length;
  assert.ok(biggest < 12, `${biggest} times the picture of ten nodes`);
});

test('a panel without data says so, and says it otherwise where nothing is the good case', async () => {
  for (const board of boards) {
    const { svg, empty } = await drawBoard(board, silent, view);
    assert.equal(empty.length, panelsOf(board).length);
    const words = panelsOf(board).map((panel) => panel.empty ?? 'no data');
    assert.equal(svg.match(/>no data</g)?.length ?? 0, words.filter((word) => word === 'no data').length, board.uid);
  }
});

test('a Prometheus that does not answer one query spoils one panel and is told', async () => {
  const { cpuByNode } = sfuBoard.queries;
  const asked: Asked = {
    ...fleet(2),
    queryRange: async (expr, range) => {
      if (expr.startsWith(cpuByNode.split('{')[0] ?? ''))
        throw new PortError('prometheus', 'timeout', 'no answer in time');
      return fleet(2).queryRange(expr, range);
    },
  };
  const { svg, failed } = await drawBoard(sfuBoard, asked, view);
  assert.deepEqual(failed, ['Which node is hot?']);
  assert.ok(svg.includes('>no answer: timeout<'));
});

test('every name on the page is its own: clips of one chart do not cut another', async () => {
  const { svg } = await drawBoard(sfuBoard, fleet(3), view);
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.ok(ids.length > 0);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) assert.ok(ids.includes(id), id);
});

test('a label with markup is text, in lines, numbers and tables', async () => {
  const evil = '"><script>alert(1)</script>';
  const hostile: Asked = {
    query: async () => [{ labels: { node_id: evil, room_sid: evil, state: evil }, value: 1 }],
    queryRange: async () => [{ labels: { node_id: evil, state: evil, direction: evil }, points: [[toMs - 60_000, 1]] }],
  };
  const { svg } = await drawBoard(sfuBoard, hostile, view);
  assert.ok(!svg.includes('<script'));
});

test('panels keep to the grid and do not overlap', () => {
  for (const board of boards) {
    const { panels, widthPx, heightPx } = layoutOf(board);
    for (const [index, { box, panel }] of panels.entries()) {
      assert.ok(box.x >= 0 && box.x + box.widthPx <= widthPx && box.y + box.heightPx <= heightPx, panel.title);
      for (const other of panels.slice(index + 1)) {
        const apart =
          other.box.x >= box.x + box.widthPx ||
          box.x >= other.box.x + other.box.widthPx ||
          other.box.y >= box.y + box.heightPx;
        assert.ok(apart, `${panel.title} and ${other.panel.title}`);
      }
    }
  }
});

test('the picture as PNG is twice as dense as its size says', async () => {
  const png = Buffer.from(await renderPng((await drawBoard(sfuBoard, fleet(2), view)).svg));
  assert.equal(png.readUInt32BE(16), 2 * 1_920);
});

test('a count of nothing is not red where the alert wants more than nothing', async () => {
  const split = (value: number): Asked => ({ ...silent, query: async () => [{ labels: {}, value }] });
  const colourOf = async (value: number) => {
    const { svg } = await drawBoard(meetingBoard, split(value), view);
    return new RegExp(`fill="(#[0-9a-f]+)"[^>]*>${value}<`).exec(
      svg.slice(svg.indexOf('Does any meeting run twice?')),
    )?.[1];
  };
  assert.equal(await colourOf(1), paperTheme.danger);
  assert.notEqual(await colourOf(0), paperTheme.danger);
});

test('what happened meanwhile is drawn over every line and named above; what an annotation cannot be asked for is left out', async () => {
  const acted = toMs - 1_800_000;
  const asked = (events: Asked['queryRange']): Asked => ({
    query: fleet(1).query,
    queryRange: (expr, range) =>
      /ALERTS|runs_total|replicaset/.test(expr) ? events(expr, range) : fleet(1).queryRange(expr, range),
  });
  const happened = await drawBoard(
    sfuBoard,
    asked(async (expr) => {
      if (expr.includes('replicaset')) return [{ labels: { replicaset: 'chat-1' }, points: [[toMs, acted]] }];
      if (expr.includes('ALERTS')) return [];
      const points = [0, 60_000, 600_000].map((later) => [acted + later, 1] as const);
      return [{ labels: { action: 'scaleSfu', state: 'verified' }, points }];
    }),
    view,
  );
  assert.ok(happened.svg.includes('Actions (2): scaleSfu verified 02:40, scaleSfu verified 02:30'));
  assert.ok(happened.svg.includes('Rollouts (1): Rollout of chat-1 02:30'));
  assert.ok(!happened.svg.includes('Alerts that page ('));
  const rules = (svg: string) =>
    [...svg.matchAll(/<line [^>]*>/g)].filter(([tag]) => tag.includes('#8a4fbf') && tag.includes('opacity="0.7"'))
      .length;
  const lines = panelsOf(sfuBoard).filter(({ show }) => show === 'lines' || show === 'stack').length;
  assert.equal(rules(happened.svg), 2 * lines);
  const away = asked(async () => {
    throw new PortError('prometheus', 'timeout', 'no answer in time');
  });
  const quiet = await drawBoard(sfuBoard, away, view);
  assert.deepEqual([rules(quiet.svg), quiet.failed], [0, []]);
});

test('values wholly below zero are drawn and end no process: a budget that is overdrawn many times over', async () => {
  const overdrawn: Asked = {
    query: fleet(1).query,
    queryRange: async (_expr, { fromMs }) => [
      { labels: {}, points: [-3, -28, -4_000].map((value, at) => [fromMs + 60_000 * at, value]) },
    ],
  };
  const { svg } = await drawBoard({ ...sfuBoard, rows: sfuBoard.rows.slice(0, 2) }, overdrawn, view);
  assert.ok((await renderPng(svg)).length > 10_000);
});

test('no name that a board gives to a line is cut: there is room for each', async () => {
  for (const board of boards) {
    const { svg } = await drawBoard(board, fleet(1), view);
    const cut = [...svg.matchAll(/>([^<]+)…</g)].map(([, text]) => text);
    assert.deepEqual(cut, [], board.uid);
  }
});

test('bytes and bits below one are written as such, without a milli in front', async () => {
  const still: Asked = {
    ...silent,
    queryRange: async (_expr, { fromMs, toMs: until }) => [
      { labels: {}, points: [fromMs, (fromMs + until) / 2, until].map((at) => [at, 0.9] as const) },
    ],
  };
  for (const board of boards) {
    const { svg } = await drawBoard(board, still, view);
    assert.doesNotMatch(svg, />[\d.]+m(B|bit\/s)<|>\d+m</, board.uid);
  }
});

test('the line of a network card is drawn where NodeNetworkHigh fires on the smaller one', () => {
  const card = panelsOf(sfuBoard).find(({ title }) => title.startsWith('Which network card'));
  assert.equal(card?.limit?.at, 0.85 * 2e9);
});
