import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sfuHeadroomLow } from '../../alerts/catalogue/sfu-headroom-low.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { lintQueries } from '../../alerts/lint.ts';
import type { Board, Link, Panel } from '../../dashboards/define.ts';
import { boards } from '../../dashboards/index.ts';
import { boardQueries, lintBoards } from '../../dashboards/lint.ts';

const panel: Panel = {
  id: 1,
  title: 'How many?',
  description: 'People.',
  show: 'stat',
  series: { people: 'max(gomeet_rooms)' },
  unit: 'short',
  span: 6,
};
const board: Board = {
  uid: 'gomeet-sfu',
  title: 'SFU',
  folder: 'GoMeet',
  source: 'sfu',
  question: 'How many?',
  span: '3h',
  variables: [],
  queries: { rooms: 'max(gomeet_rooms)' },
  rows: [{ title: 'How many?', panels: [panel] }],
};
const withPanel = (...changed: readonly Partial<Panel>[]): readonly string[] =>
  lintBoards([
    {
      ...board,
      rows: [{ title: 'How many?', panels: changed.map((part, index) => ({ ...panel, id: index + 1, ...part })) }],
    },
  ]);
/** What no compiler would let through: the build runs without one. */
const untyped = (part: object): Partial<Panel> => part;

test('the boards have no mistake, and neither has a board that is right', () => {
  assert.deepEqual(lintBoards(boards), []);
  assert.deepEqual(lintQueries(boardQueries(boards)), []);
  assert.deepEqual(lintBoards([board]), []);
});

test('a link that takes its word from a column that is not shown is named with the nearest column', () => {
  const query = 'max by (alertname) (ALERTS)';
  const linked = (...links: readonly Link[]) => {
    const listed = {
      ...panel,
      show: 'table',
      columns: { alertname: 'Alert', value: 'Times' },
      series: { alerts: query },
      links,
    } as const;
    return lintBoards([{ ...board, queries: { alerts: query }, rows: [{ title: 'Which?', panels: [listed] }] }]);
  };
  assert.deepEqual(linked({ title: 'Incident', incidentOf: 'Alerts' }), [
    'dashboards/sfu/dashboard.ts: panel "How many?" links by a column that it does not show: Alerts; did you mean Alert?',
  ]);
  assert.deepEqual(linked({ title: 'Runbook', runbookOf: 'Alert' }), []);
});

test('a link to nothing is named with its place and the nearest board', () => {
  assert.deepEqual(withPanel(untyped({ links: [{ title: 'there', board: 'gomeet-sfus' }] })), [
    'dashboards/sfu/dashboard.ts: panel "How many?" leads to no board: gomeet-sfus; did you mean gomeet-sfu?',
  ]);
  assert.match(
    withPanel(untyped({ links: [{ title: 'there', board: 'gomeet-sfu', with: { nodes: 'node_id' } }] }))[0] ?? '',
    /fills a variable that gomeet-sfu does not offer: nodes$/,
  );
});

test('a unit that is missing or unknown is named with its place and the nearest unit', () => {
  assert.match(
    withPanel(untyped({ unit: 'percentunits' }))[0] ?? '',
    /panel "How many\?" has no unit that is known: percentunits; did you mean percentunit\?$/,
  );
  assert.match(withPanel(untyped({ unit: '' }))[0] ?? '', /has no unit that is known: none/);
});

test('an unknown metric of a panel is named with its place and the nearest metric', () => {
  const queries = { rooms: 'sum(gomeet_room{node_id=~"$node"})' };
  const [problem] = lintQueries(boardQueries([{ ...board, queries }]));
  assert.equal(problem, 'dashboards/sfu/queries.ts rooms: unknown metric gomeet_room; did you mean gomeet_rooms?');
});

test('a query that no panel shows, and a panel that shows another, are found', () => {
  assert.match(
    lintBoards([{ ...board, queries: { ...board.queries, more: 'up' } }])[0] ?? '',
    /no panel shows the query more$/,
  );
  assert.match(withPanel({ series: { people: 'up' } }).join('\n'), /shows a query that queries\.ts does not name: up/);
});

test('an id, a title or a board given twice is found', () => {
  assert.match(withPanel({}, { id: 1, title: 'Other?' })[0] ?? '', /two panels have the id 1$/);
  assert.match(withPanel({}, {})[0] ?? '', /two panels are called "How many\?"$/);
  assert.match(lintBoards([board, board])[0] ?? '', /two boards are called gomeet-sfu$/);
});

test("a threshold on another scale than the panel's is found; one that only counts fits any", () => {
  assert.match(
    withPanel({ alert: sfuSaturated, unit: 'ms' })[0] ?? '',
    /has the unit ms, but the threshold of SfuSaturated is in ratio: want percentunit$/,
  );
  assert.deepEqual(withPanel({ alert: sfuSaturated, unit: 'percentunit' }), []);
  assert.deepEqual(withPanel({ alert: sfuHeadroomLow }), []);
});

test('an empty row, a panel without a query or a word, and a row without a question are found', () => {
  assert.match(withPanel()[0] ?? '', /no panel shows|row "How many\?" is empty/);
  assert.match(withPanel({ series: {} }).join('\n'), /shows nothing/);
  assert.match(withPanel({ description: '' })[0] ?? '', /has no description$/);
  assert.match(lintBoards([{ ...board, rows: [{ title: 'Numbers', panels: [panel] }] }])[0] ?? '', /asks no question$/);
});

test('a variable that the board does not offer is found', () => {
  const expr = 'max(gomeet_sfu_node_rooms{node_id=~"$node"})';
  const rows = [{ title: 'How many?', panels: [{ ...panel, series: { rooms: expr } }] }];
  assert.match(
    lintBoards([{ ...board, queries: { rooms: expr }, rows }])[0] ?? '',
    /uses \$node, which the board does not offer$/,
  );
  assert.deepEqual(lintBoards([{ ...board, queries: { rooms: expr }, rows, variables: ['node'] }]), []);
});

test('a variable that no query uses is found', () => {
  assert.deepEqual(lintBoards([{ ...board, variables: ['node'] }]), [
    'dashboards/sfu/dashboard.ts: offers $node, which no query uses',
  ]);
});

test('words that are taken from a label which the answer has not are found, with the nearest label', () => {
  const byNode = 'max by (node_id) (gomeet_sfu_node_rooms{node_id=~"$node"})';
  const shown = (changed: Partial<Panel>) =>
    lintBoards([
      {
        ...board,
        variables: ['node'],
        queries: { rooms: byNode },
        rows: [{ title: 'How many?', panels: [{ ...panel, series: { '{{node_id}}': byNode }, ...changed }] }],
      },
    ]);
  assert.deepEqual(shown({}), []);
  assert.match(
    shown({ series: { '{{node}}': byNode } })[0] ?? '',
    /a label that they do not have: node; did you mean node_id\?$/,
  );
  assert.match(shown({ series: { rooms: byNode } })[0] ?? '', /calls all lines "rooms", which differ by node_id$/);
  assert.match(shown({ series: { '': byNode } })[0] ?? '', /draws a line without a name$/);
  assert.match(
    shown({ show: 'table', columns: { node: 'Node' } })[0] ?? '',
    /do not have: node; did you mean node_id\?$/,
  );
  const link = (label: string) => shown({ links: [{ title: 'Only it', board: 'gomeet-sfu', with: { node: label } }] });
  assert.deepEqual(link('node_id'), []);
  assert.match(
    link('nodes')[0] ?? '',
    /fills node from a label that its lines do not have: nodes; did you mean node_id\?$/,
  );
});
