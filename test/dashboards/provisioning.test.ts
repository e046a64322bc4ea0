import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { postgresConnectionsHigh } from '../../alerts/catalogue/postgres-connections-high.ts';
import { alertsOf } from '../../alerts/thresholds.ts';
import { registerBuild } from '../../cli/deploy/build.ts';
import { generatedFiles } from '../../cli/deploy/generated-files.ts';
import { registerPreview } from '../../cli/deploy/preview.ts';
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

test('the provisioning files have the fields that Grafana documents, spelt as it has them, and no other', () => {
  // https://grafana.com/docs/grafana/v11.6/administration/provisioning/
  const Name = z.string().regex(/^[\w-]{1,40}$/);
  const Sources = z.strictObject({
    apiVersion: z.literal(1),
    datasources: z.array(
      z.strictObject({
        name: z.string(),
        uid: Name,
        type: z.literal('prometheus'),
        access: z.enum(['proxy', 'direct']),
        url: z.url(),
        isDefault: z.boolean(),
        editable: z.boolean(),
        jsonData: z.strictObject({
          httpMethod: z.enum(['GET', 'POST']),
          prometheusType: z.enum(['Prometheus', 'Cortex', 'Mimir', 'Thanos']),
          timeInterval: z.string().regex(/^\d+(ms|s|m)$/),
        }),
      }),
    ),
  });
  const Providers = z.strictObject({
    apiVersion: z.literal(1),
    providers: z.array(
      z.strictObject({
        name: z.string(),
        folder: z.string(),
        folderUid: Name,
        type: z.literal('file'),
        disableDeletion: z.boolean(),
        allowUiUpdates: z.boolean(),
        options: z.strictObject({ path: z.string().startsWith('/etc/grafana/boards/') }),
      }),
    ),
  });
  for (const data of [files['grafana-datasources'], files['grafana-providers']])
    assert.deepEqual(Object.keys(data ?? {}), ['gomeet.yaml']);
  const { datasources: sources } = Sources.parse(parse(files['grafana-datasources']?.['gomeet.yaml'] ?? ''));
  assert.equal(sources.filter(({ isDefault }) => isDefault).length, 1, 'Grafana refuses two');
  const made = Providers.parse(parse(files['grafana-providers']?.['gomeet.yaml'] ?? '')).providers;
  assert.equal(new Set(made.map(({ name }) => name)).size, made.length);
  for (const { uid } of boards) assert.match(uid, /^[\w-]{1,40}$/);
});

test('whoever opens the files or draws a board reads that no real Grafana has proved them', async () => {
  for (const name of ['datasources', 'providers']) {
    const file = generatedFiles().find(({ path }) => path === `grafana/${name}.yaml`);
    assert.match(file?.content ?? '', /^# Unproven against a real Grafana/, name);
  }
  for (const register of [registerBuild, registerPreview]) {
    const program = new Command();
    register(program);
    let help = '';
    program.commands[0]?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    assert.match(help, /Unproven against a real Grafana/);
  }
});
