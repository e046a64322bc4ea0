import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { alerts } from '../../alerts/index.ts';
import { knownSeries } from '../../alerts/known-series.ts';
import { annotationStepMs, annotations } from '../../dashboards/annotations.ts';
import { panelsOf } from '../../dashboards/define.ts';
import { grafanaBoard } from '../../dashboards/grafana.ts';
import { barsInWidth } from '../../dashboards/grafana-panel.ts';
import { boards } from '../../dashboards/index.ts';

const Source = z.object({ type: z.literal('prometheus'), uid: z.literal('$datasource') });
const Link = z.object({ title: z.string().min(1), url: z.string() });
const Target = z.object({
  refId: z.string(),
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
  instant: z.boolean(),
  datasource: Source,
});
const Panel = z.object({
  type: z.enum(['stat', 'timeseries', 'table']),
  id: z.number().int().positive(),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: Source,
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  fieldConfig: z.object({
    defaults: z.object({
      unit: z.string().min(1),
      noValue: z.string().min(1),
      links: z.array(Link).default([]),
      thresholds: z.object({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) }),
    }),
  }),
  targets: z.array(Target).nonempty(),
  options: z.looseObject({ legend: z.looseObject({ showLegend: z.boolean() }).optional() }).optional(),
  links: z.array(Link).default([]),
});
const Row = z.object({ type: z.literal('row'), id: z.number(), title: z.string().min(1), gridPos: z.unknown() });
const Variable = z.object({
  name: z.string(),
  label: z.string().min(1),
  type: z.string(),
  refresh: z.number().optional(),
  datasource: Source.optional(),
  query: z.string(),
});
const Dashboard = z.object({
  uid: z.string(),
  title: z.string().min(1),
  description: z.string().min(1),
  editable: z.boolean(),
  panels: z.array(z.union([Row, Panel])),
  templating: z.object({ list: z.array(Variable) }),
  annotations: z.object({
    list: z.array(z.object({ name: z.string(), expr: z.string(), datasource: Source, enable: z.literal(true) })),
  }),
});
type Dashboard = z.infer<typeof Dashboard>;
type Panel = z.infer<typeof Panel>;

const built = boards.map((board) => ({
  board,
  json: Dashboard.parse(JSON.parse(JSON.stringify(grafanaBoard(board, { consoleUrl: 'https://console.example' })))),
}));
const panelsIn = (json: Dashboard): readonly Panel[] =>
  json.panels.flatMap((part) => ('targets' in part ? [part] : []));
const counters = new Set([...knownSeries()].filter(([, { counter }]) => counter).map(([name]) => name));

/** The rules of the public dashboard linters; each says what is wrong with a board, and nothing when nothing is. */
const rules: Readonly<Record<string, (json: Dashboard) => readonly string[]>> = {
  'the data source is a variable': ({ templating }) =>
    templating.list.some(
      ({ name, type, query }) => name === 'datasource' && type === 'datasource' && query === 'prometheus',
    )
      ? []
      : ['no data source variable'],
  'a variable asks the data source that the reader chose': ({ templating }) =>
    templating.list
      .filter(({ type, datasource }) => type === 'query' && datasource === undefined)
      .map(({ name }) => name),
  'a variable is asked again when the time range changes': ({ templating }) =>
    templating.list.filter(({ type, refresh }) => type === 'query' && refresh !== 2).map(({ name }) => name),
  'nobody edits in the browser what a file provides': ({ editable }) => (editable ? ['editable'] : []),
  'ids are unique, rows included': ({ panels }) => {
    const ids = panels.map(({ id }) => id);
    return ids.filter((id, index) => ids.indexOf(id) !== index).map(String);
  },
  'rates are over $__rate_interval, whatever the zoom': (json) =>
    // A count over a stretch that the panel names is no rate.
    exprs(json).filter((expr) =>
      /\b(i?rate\([^[]*\[(?!\$__rate_interval\])|increase\([^[]*\[(?!\$__rate_interval\]|1h\]|24h\]))/.test(expr),
    ),
  'a counter is shown as a rate, never as it stands': (json) =>
    exprs(json).filter((expr) =>
      [...expr.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)].some(
        ({ 0: name, index }) => counters.has(name) && !/\b(rate|irate|increase)\($/.test(expr.slice(0, index)),
      ),
    ),
  'every panel has a legend for what it draws': (json) =>
    panelsIn(json)
      .filter(
        ({ type, targets, options }) =>
          type === 'timeseries' &&
          (options?.legend?.showLegend !== true || targets.some(({ legendFormat }) => legendFormat === '__auto')),
      )
      .map(({ title }) => title),
  'a number or a list is of now: the last of three hours is not': (json) =>
    panelsIn(json)
      .filter(({ type, targets }) => type !== 'timeseries' && targets.some(({ instant }) => !instant))
      .map(({ title }) => title),
  'no panel overlaps another or leaves the grid': (json) => overlaps(panelsIn(json)),
  'a board fits three screens at 1080p': (json) => {
    const rows = Math.max(...panelsIn(json).map(({ gridPos }) => gridPos.y + gridPos.h));
    // A row of the grid is 38 px with its gap.
    return rows * 38 > 3 * 1_080 ? [`${rows} rows`] : [];
  },
};

function exprs(json: Dashboard): readonly string[] {
  return panelsIn(json).flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

function overlaps(panels: readonly Panel[]): readonly string[] {
  const cells = new Map<string, string>();
  const wrong: string[] = [];
  for (const { title, gridPos } of panels) {
    if (gridPos.x + gridPos.w > 24) wrong.push(title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        if (cells.has(`${x} ${y}`)) wrong.push(`${title} on ${cells.get(`${x} ${y}`)}`);
        cells.set(`${x} ${y}`, title);
      }
  }
  return wrong;
}

for (const [name, rule] of Object.entries(rules)) {
  test(`linter: ${name}`, () => {
    for (const { json } of built) assert.deepEqual(rule(json), [], json.uid);
  });
}

test('every panel of a board reaches its JSON, with its id, in reading order', () => {
  for (const { board, json } of built)
    assert.deepEqual(
      panelsIn(json).map(({ id, title }) => [id, title]),
      panelsOf(board).map(({ id, title }) => [id, title]),
    );
});

test("a panel with an alert shows that alert's own threshold, on its bad side, and leads to its runbook", () => {
  const watched = built.flatMap(({ board, json }) =>
    panelsOf(board).flatMap(({ id, alert }) => {
      const panel = panelsIn(json).find((one) => one.id === id);
      return alert === undefined || panel === undefined ? [] : [{ alert, panel }];
    }),
  );
  assert.ok(watched.length >= 6);
  for (const { alert, panel } of watched) {
    const { threshold, direction } = alert.response.signal;
    const [below, above] = panel.fieldConfig.defaults.thresholds.steps;
    const step = above?.value ?? Number.NaN;
    // Grafana colours from a step on, and an alert fires above its threshold.
    assert.ok(direction === 'above' ? step > threshold : step === threshold, panel.title);
    assert.ok(Math.abs(step - threshold) <= Math.max(1e-9, Math.abs(threshold) * 1e-6), panel.title);
    assert.equal((direction === 'above' ? above : below)?.color, 'red', panel.title);
    assert.ok(panel.links.some(({ url }) => url.endsWith(`/${alert.name}`)));
    const incident = `https://console.example/alerts/${alert.name}`;
    assert.ok(
      panel.fieldConfig.defaults.links.some(({ url }) => url === incident),
      panel.title,
    );
  }
  assert.ok(alerts.length > 0);
});

test('a link keeps the time range and the environment, and fills variables from what was clicked', () => {
  const urls = built.flatMap(({ json }) => panelsIn(json).flatMap(({ fieldConfig }) => fieldConfig.defaults.links));
  const toNode = urls.find(({ url }) => url.startsWith('/d/gomeet-webrtc?') && url.includes('var-node'));
  assert.equal(
    toNode?.url,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: macros of Grafana
    '/d/gomeet-webrtc?${__url_time_range}&${datasource:queryparam}&var-node=${__field.labels.node_id}',
  );
});

test('deployments, actions and alerts are drawn over every board, from the Prometheus that it asks', () => {
  for (const { json } of built)
    assert.deepEqual(json.annotations.list.map(({ name }) => name).sort(), ['Actions', 'Alerts that page', 'Rollouts']);
});

test('no action falls between two looks of an annotation: each window is longer than the step', () => {
  for (const { name, expr } of annotations)
    for (const [, seconds] of expr.matchAll(/\[(\d+)s\]/g)) assert.ok(Number(seconds) * 1_000 > annotationStepMs, name);
  assert.ok(annotations.some(({ expr }) => /increase\([^[]+\[\d+s\]/.test(expr)));
});

test('what happened is counted over stretches that are wide enough to be seen, the worst of a list stands first', () => {
  const Drawn = z.object({
    panels: z.array(
      z.looseObject({
        title: z.string(),
        maxDataPoints: z.number().optional(),
        options: z
          .looseObject({ sortBy: z.array(z.object({ displayName: z.string(), desc: z.boolean() })).optional() })
          .optional(),
      }),
    ),
  });
  for (const board of boards) {
    const { panels } = Drawn.parse(JSON.parse(JSON.stringify(grafanaBoard(board))));
    for (const { title, show, columns } of panelsOf(board)) {
      const made = panels.find((panel) => panel.title === title);
      if (show === 'bars') assert.equal(made?.maxDataPoints, barsInWidth, title);
      if (show === 'table')
        assert.deepEqual(
          made?.options?.sortBy,
          [
            {
              displayName: columns?.['value'] ?? Object.values(columns ?? {})[0],
              desc: columns?.['value'] !== undefined,
            },
          ],
          title,
        );
    }
  }
});

test('what fires leads to the incident of that alert, and to its page', () => {
  const home = boards.find(({ uid }) => uid === 'gomeet-home');
  assert.ok(home);
  const text = JSON.stringify(grafanaBoard(home, { consoleUrl: 'https://console.example/' }));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of Grafana
  assert.ok(text.includes('https://console.example/alerts/${__data.fields.Alert}'));
});
