import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { alerts } from '../../../alerts/index.ts';
import { boards } from '../../../dashboards/index.ts';

const Panel = z.object({
  id: z.number(),
  title: z.string(),
  description: z.string().min(1),
  datasource: z.object({ uid: z.literal('$datasource') }),
  fieldConfig: z.object({
    defaults: z.object({
      unit: z.string(),
      thresholds: z.object({ steps: z.array(z.object({ value: z.number().nullable() })) }).optional(),
    }),
  }),
  targets: z.array(z.object({ expr: z.string().min(1) })).nonempty(),
  links: z.array(z.object({ title: z.string(), url: z.url() })).default([]),
});
const panels = boards.flatMap((board) => z.array(Panel).parse(JSON.parse(JSON.stringify(board.build().panels))));

test('every panel asks a question, has a unit, and asks the Prometheus that the reader chose', () => {
  for (const { title } of panels) assert.match(title, /\?$/);
  for (const board of boards) {
    const ids = z
      .array(Panel)
      .parse(JSON.parse(JSON.stringify(board.build().panels)))
      .map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, board.uid);
  }
});

test('every query of a board is shown by a panel, and no panel shows another', () => {
  const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  assert.deepEqual(shown.sort(), boards.flatMap(({ queries }) => Object.values(queries)).sort());
});

test("a panel with an alert shows that alert's own threshold and leads to its runbook", () => {
  const watched = panels.filter(({ links }) => links.length > 0);
  assert.ok(watched.length >= 5);
  for (const { links, fieldConfig } of watched) {
    const alert = alerts.find(({ name }) => links[0]?.title.endsWith(name));
    assert.equal(fieldConfig.defaults.thresholds?.steps[1]?.value, alert?.response.signal.threshold);
  }
});
