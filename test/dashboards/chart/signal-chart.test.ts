import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPng, renderSvg } from '../../../dashboards/chart/render.ts';
import { type SignalChart, signalChart, sparkline, thresholdText } from '../../../dashboards/chart/signal-chart.ts';
import { pageTheme, paperTheme } from '../../../dashboards/chart/theme.ts';

const fromMs = Date.UTC(2026, 10, 21, 13, 50);
const chart: SignalChart = {
  title: 'SfuSaturated',
  unit: 'ratio',
  legend: '{{node_id}}',
  threshold: 0.85,
  direction: 'above',
  series: ['a', 'b'].map((id, index) => ({
    labels: { node_id: id },
    points: [0, 1, 2, 3].map((step) => [fromMs + step * 300_000, 0.2 + 0.3 * index + step * 0.1] as const),
  })),
  stepMs: 300_000,
  fromMs,
  toMs: fromMs + 900_000,
  markers: [
    { kind: 'fired', atMs: fromMs + 300_000 },
    { kind: 'verified', atMs: fromMs + 800_000 },
  ],
  theme: paperTheme,
  widthPx: 560,
  heightPx: 240,
};

test('the chart shows the threshold, the markers and the hours in UTC, 24 a day', async () => {
  const svg = await renderSvg(signalChart(chart));
  for (const text of ['threshold 85%', 'fired 13:55:00', 'verified 14:03:20', '>14:00<', '>UTC<', '>a<', '>b<'])
    assert.ok(svg.includes(text), text);
  assert.ok(!/no data/.test(svg));
  assert.ok(!/ [AP]M/.test(svg));
});

test('the page may forbid inline styles: the drawing has none', async () => {
  const svg = await renderSvg(signalChart({ ...chart, theme: pageTheme }));
  assert.ok(!/style=|<style|<script|\son\w+=/.test(svg));
  assert.ok(svg.includes('var(--bad)'));
});

test('a label with markup is drawn as text', async () => {
  const series = [
    { labels: { node_id: '"><script>alert(1)</script>' }, points: chart.series[0]?.points ?? [] },
    ...chart.series,
  ];
  const svg = await renderSvg(signalChart({ ...chart, series }));
  assert.ok(!svg.includes('<script'));
  assert.ok(svg.includes('&lt;script'));
});

test('without any point the chart says that there is no data', async () => {
  for (const series of [[], [{ labels: {}, points: [] }]])
    assert.ok((await renderSvg(signalChart({ ...chart, series }))).includes('no data'));
});

test('markers without any data do not hide that there is none', async () => {
  const svg = await renderSvg(signalChart({ ...chart, series: [] }));
  assert.ok(svg.includes('fired') && svg.includes('no data'));
});

test('the picture for the thread is a PNG with text in it, set in the font that comes along', async () => {
  const svg = await renderSvg(signalChart(chart));
  const png = Buffer.from(await renderPng(svg));
  assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.equal(png.readUInt32BE(16), 2 * Number(/width="(\d+)"/.exec(svg)?.[1]));
  const wordless = Buffer.from(await renderPng(svg.replace(/<text[\s\S]*?<\/text>/g, '')));
  assert.ok(png.length > wordless.length + 1_000, `${png.length} against ${wordless.length} bytes without words`);
});

test('a sparkline has the lines and no words', async () => {
  const svg = await renderSvg(sparkline(chart));
  assert.ok(!svg.includes('<text') && svg.includes('stroke-dasharray'));
});

test('thresholds read as people write them', () => {
  assert.equal(thresholdText({ unit: 'ratio', threshold: 0.855 }), '85.5%');
  assert.equal(thresholdText({ unit: 'count', threshold: 1500 }), '1,500');
  assert.equal(thresholdText({ unit: 'seconds', threshold: 2 }), '2 s');
});

test('a share of a few per cent is not pressed flat by the whole, and one near the whole shows it', async () => {
  const of = (value: number, threshold: number) =>
    renderSvg(
      signalChart({
        ...chart,
        threshold,
        series: [
          {
            labels: {},
            points: [
              [fromMs, value],
              [chart.toMs, value],
            ],
          },
        ],
      }),
    );
  const small = await of(0.03, 0.02);
  assert.ok(small.includes('>3%<') && !small.includes('>100%<'));
  assert.ok((await of(0.9, 0.85)).includes('>100%<'));
});

test('where all but the edge is bad, the picture is not red, and the words of the threshold stay inside', async () => {
  const none = { ...chart, unit: 'count', threshold: 0, series: [{ labels: {}, points: [[fromMs, 2]] }] } as const;
  assert.ok(!(await renderSvg(signalChart(none))).includes(paperTheme.dangerWash));
  assert.ok((await renderSvg(signalChart(chart))).includes(paperTheme.dangerWash));
});
