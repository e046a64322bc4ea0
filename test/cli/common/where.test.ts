import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { placed } from '../../../cli/common/where.ts';

let root = '';
const files = {
  'alerts/catalogue/room-full.ts': "export const roomFull = {\n  name: 'RoomFull',\n  expr: 'gomeet_room > 1',\n};\n",
  'alerts/catalogue/other.ts': "export const other = {\n  name: 'Other',\n  expr: 'gomeet_room > 2',\n};\n",
  'alerts/slo/recording.ts':
    "export const recording = {\n  key: 'recording',\n  owner: 'platform',\n  bad: 'sum(rate(results{resul=~`no`}[5m]))',\n};\n",
  'dashboards/home/queries.ts': "export const queries = {\n  rooms: 'sum by (nod_id) (gomeet_rooms)',\n};\n",
  'dashboards/home/dashboard.ts': "const board = {\n  unit: 'procent',\n  link: 'sfuu',\n};\n",
  'responders/act/nothing.ts': '\n',
  'manifests/catalogue/nothing.ts': '\n',
};

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'gomeet-where-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
after(() => rm(root, { recursive: true }));

test('a problem bears the file and the line of the word that is wrong, in the file of its own alert', () => {
  const wrong = 'unknown metric gomeet_room; did you mean gomeet_rooms?';
  assert.equal(placed(`RoomFull expr: ${wrong}`, root), `alerts/catalogue/room-full.ts:3: RoomFull expr: ${wrong}`);
  assert.equal(placed(`Other expr: ${wrong}`, root), `alerts/catalogue/other.ts:3: Other expr: ${wrong}`);
});

test('a recorded series whose name is put together is found by the word that is wrong', () => {
  const wrong = 'results has no label resul; did you mean result?';
  assert.equal(placed(`platform:recording_errors:rate5m: ${wrong}`, root).split(' ')[0], 'alerts/slo/recording.ts:4:');
});

test('a problem of a board bears the line too: labels, units, links', () => {
  const at = (problem: string) => placed(problem, root).split(' ')[0];
  assert.equal(
    at('dashboards/home/queries.ts rooms: no series here has the label nod_id; did you mean node_id?'),
    'dashboards/home/queries.ts:2',
  );
  const panel = 'dashboards/home/dashboard.ts: panel "Rooms"';
  assert.equal(
    at(`${panel} has no unit that is known: procent; did you mean percent?`),
    'dashboards/home/dashboard.ts:2:',
  );
  assert.equal(at(`${panel} leads to no board: sfuu; did you mean sfu?`), 'dashboards/home/dashboard.ts:3:');
});

test('without the word its subject is named, and what stands nowhere is said as it is', () => {
  assert.equal(
    placed('RoomFull signal names no unit: shares; did you mean seconds?', root).split(' ')[0],
    'alerts/catalogue/room-full.ts:2:',
  );
  assert.equal(placed('Nobody expr: does not parse', root), 'Nobody expr: does not parse');
});
