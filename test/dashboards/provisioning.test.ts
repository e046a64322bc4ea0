import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { boards } from '../../dashboards/index.ts';
import { datasources, grafanaObjects, providers } from '../../dashboards/provisioning.ts';

const objects = grafanaObjects(boards, { environment: 'staging', namespace: 'elsewhere' }).map((object) =>
  object.toJSON(),
);
const Shape = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.literal('elsewhere'),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  data: z.record(z.string(), z.string()),
});

test('each board is in one ConfigMap that the sidecar finds, with the folder it belongs to, below the size an object may have', () => {
  const maps = objects
    .map((object) => Shape.parse(object))
    .filter(({ metadata }) => metadata.labels['grafana_dashboard'] === '1');
  assert.deepEqual(maps.flatMap(({ data }) => Object.keys(data)).sort(), boards.map(({ uid }) => `${uid}.json`).sort());
  for (const { metadata, data } of maps) {
    const [first] = Object.keys(data);
    assert.equal(metadata.annotations['grafana_folder'], boards.find(({ uid }) => first === `${uid}.json`)?.folder);
    assert.ok(JSON.stringify(data).length < 900_000, metadata.name);
    for (const [name, json] of Object.entries(data)) assert.equal(`${JSON.parse(json).uid}.json`, name);
  }
});

test('the data source bears the name of its environment, which a board is switched by', () => {
  const Sources = z.object({ datasources: z.array(z.object({ name: z.string(), uid: z.string(), url: z.url() })) });
  assert.deepEqual(
    Sources.parse(datasources('staging')).datasources.map(({ name, uid }) => [name, uid]),
    [['staging', 'gomeet-staging']],
  );
  const map = objects
    .map((object) => Shape.parse(object))
    .find(({ metadata }) => metadata.name === 'grafana-datasources');
  assert.deepEqual(parse(map?.data['gomeet.yaml'] ?? ''), JSON.parse(JSON.stringify(datasources('staging'))));
});

test('every folder has a provider that reads it and lets nobody edit it', () => {
  const Providers = z.object({
    providers: z.array(
      z.object({ folder: z.string(), allowUiUpdates: z.literal(false), options: z.object({ path: z.string() }) }),
    ),
  });
  const made = Providers.parse(providers(boards)).providers;
  assert.deepEqual(made.map(({ folder }) => folder).sort(), [...new Set(boards.map(({ folder }) => folder))].sort());
  assert.equal(new Set(made.map(({ options }) => options.path)).size, made.length);
});
