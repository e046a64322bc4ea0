import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { postgresConnectionsHigh } from '../../alerts/catalogue/postgres-connections-high.ts';
import { alertsOf } from '../../alerts/thresholds.ts';
import { boardsWith, panelsOf } from '../../dashboards/define.ts';
import { boards } from '../../dashboards/index.ts';
import { datasources, folderSlug, grafanaFiles, providers } from '../../dashboards/provisioning.ts';

const files = grafanaFiles(boards, { environment: 'staging', consoleUrl: 'https://sre.example/' });
const ofBoards = Object.entries(files).filter(([name]) => name.startsWith('grafana-boards-'));

test('each board is in one ConfigMap, that of its folder, below the size an object may have', () => {
  for (const { uid, folder } of boards)
    assert.deepEqual(
      ofBoards.flatMap(([name, data]) => (data[`${uid}.json`] === undefined ? [] : [name])),
      [`grafana-boards-${folderSlug(folder)}`],
    );
  for (const [name, data] of ofBoards) assert.ok(JSON.stringify(data).length < 900_000, name);
});

test('links of a board lead to the console that the build was told', () => {
  const text = JSON.stringify(ofBoards);
  assert.ok(text.includes('https://sre.example/controls'));
  assert.ok(!text.includes('sre.gomeet.com'));
});

test('the data source bears the name of its environment, which a board is switched by', () => {
  const Sources = z.object({ datasources: z.array(z.object({ name: z.string(), uid: z.string(), url: z.url() })) });
  const made = Sources.parse(parse(files['grafana-datasources']?.['gomeet.yaml'] ?? ''));
  assert.deepEqual(
    made.datasources.map(({ name, uid }) => [name, uid]),
    [['staging', 'gomeet-staging']],
  );
  assert.notDeepEqual(datasources('staging'), datasources());
});

test('every folder has a provider that reads it and lets nobody edit it', () => {
  const Providers = z.object({
    providers: z.array(
      z.object({ folder: z.string(), allowUiUpdates: z.literal(false), options: z.object({ path: z.string() }) }),
    ),
  });
  const made = Providers.parse(providers(boards)).providers;
  assert.deepEqual(made.map(({ folder }) => folder).sort(), [...new Set(boards.map(({ folder }) => folder))].sort());
  for (const [name] of ofBoards) {
    const folder = name.replace('grafana-boards-', '');
    assert.ok(made.some(({ options }) => options.path.endsWith(`/${folder}`)));
  }
});

test('an environment that moves a threshold sees it drawn where it fires', () => {
  const drawn = (among: typeof boards) =>
    among
      .flatMap((board) => panelsOf(board))
      .filter(({ alert }) => alert?.name === postgresConnectionsHigh.name)
      .map(({ alert }) => alert?.response.signal.threshold);
  const moved = {
    name: 'starter',
    thresholds: { [postgresConnectionsHigh.name]: { value: 0.7, why: 'a test' } },
  } as const;
  const { threshold } = postgresConnectionsHigh.response.signal;
  assert.ok(drawn(boards).length > 0 && threshold !== 0.7);
  assert.deepEqual([...new Set(drawn(boards))], [threshold]);
  assert.deepEqual([...new Set(drawn(boardsWith(boards, alertsOf(moved))))], [0.7]);
});
