import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PanelChart, panelChart } from '../../../dashboards/chart/panel-chart.ts';
import { renderSvg } from '../../../dashboards/chart/render.ts';
import { paperTheme } from '../../../dashboards/chart/theme.ts';

const toMs = Date.UTC(2026, 10, 24, 3);
const minute = 60_000;
const base: PanelChart = {
  title: 'How many?',
  unit: 'short',
  series: [],
  show: 'lines',
  stepMs: minute,
  fromMs: toMs - 60 * minute,
  toMs,
  widthPx: 800,
  heightPx: 260,
  theme: paperTheme,
};
/** Lines by name, each minute a value, the last at the end of the picture. */
const lines = (values: Readonly<Record<string, readonly number[]>>): PanelChart['series'] => [
  {
    legend: '{{name}}',
    lines: Object.entries(values).map(([name, of]) => ({
      labels: { name },
      points: of.map((value, index) => [toMs - (of.length - 1 - index) * minute, value] as const),
    })),
  },
];
const drawn = (chart: Partial<PanelChart>) => renderSvg(panelChart({ ...base, ...chart }));
const washes = (svg: string) => svg.split(paperTheme.dangerWash).length - 1;

test('beside a name stands what the line is at now, in its unit; a line that ended says so', async () => {
  const svg = await drawn({ unit: 'percentunit', series: lines({ hot: [0.4, 0.97], calm: [0.3, 0.31] }) });
  assert.ok(svg.includes('>hot: 97 %<') && svg.includes('>calm: 31 %<'));
  const gone = [{ legend: 'gone', lines: [{ labels: {}, points: [[toMs - 30 * minute, 1] as const] }] }];
  assert.ok((await drawn({ series: gone })).includes('>gone: ended<'));
});

test('a limit stands at its line in words; one far above the lines is said, and presses nothing flat', async () => {
  const limit = { at: 0.85, direction: 'above' } as const;
  const near = await drawn({ unit: 'percentunit', series: lines({ a: [0.5, 0.6] }), limit });
  assert.ok(near.includes('>at most 85 %<'));
  assert.equal(washes(near), 1);
  const far = await drawn({ unit: 'percentunit', series: lines({ a: [0.01, 0.02] }), limit });
  assert.ok(far.includes('>↑ at most 85 %<'));
  assert.equal(washes(far), 0);
  assert.ok(
    (await drawn({ series: lines({ a: [4, 3] }), limit: { at: 2, direction: 'below' } })).includes('>at least 2<'),
  );
});

test('where all but the edge would be bad, the panel is not red', async () => {
  const svg = await drawn({ series: lines({ a: [0, 1] }), limit: { at: 0, direction: 'above' } });
  assert.equal(washes(svg), 0);
  assert.ok(svg.includes('>at most 0<'));
});

test('whole counts have whole ticks, bytes their own, yes and no are words, a week has each day once', async () => {
  assert.doesNotMatch(await drawn({ series: lines({ a: [0, 1] }) }), />0\.\d+</);
  const bytes = await drawn({ unit: 'bytes', series: lines({ a: [0, 3 * 2 ** 30] }) });
  assert.ok(bytes.includes('>1 GiB<') && bytes.includes('>3 GiB<'));
  const answer = await drawn({ unit: 'bool_yes_no', series: lines({ a: [0, 1] }) });
  assert.ok(answer.includes('>Yes<') && answer.includes('>No<'));
  const week = await drawn({ fromMs: toMs - 7 * 86_400_000, series: lines({ a: [1, 1] }) });
  const days = [...week.matchAll(/>(\d\d Nov)</g)].map(([, day]) => day);
  assert.ok(days.length >= 6);
  assert.equal(new Set(days).size, days.length);
});

test('what happened once is a bar as wide as its stretch, and its name says how often', async () => {
  const series = lines({ scaled: [2] });
  const svg = await drawn({ show: 'bars', stepMs: 10 * minute, series });
  assert.ok(svg.includes('>scaled: 2<'));
  const widths = [...svg.matchAll(/aria-roledescription="bar"[^>]*d="M[\d.-]+,[\d.-]+h([\d.]+)/g)].map(([, px]) =>
    Number(px),
  );
  assert.equal(widths.length, 1);
  assert.ok((widths[0] ?? 0) > 60, String(widths));
});

test('a gap of a stack is a gap', async () => {
  const points = [50, 49, 48, 3, 2, 1].map((before) => [toMs - before * minute, 1] as const);
  const svg = await drawn({ show: 'stack', series: [{ legend: 'a', lines: [{ labels: {}, points }] }] });
  const areas = [...svg.matchAll(/aria-roledescription="area mark"[^>]*d="([^"]+)"/g)].map(([, d]) => d ?? '');
  assert.equal(areas.length, 1);
  assert.equal(areas[0]?.match(/M/g)?.length, 2);
});
