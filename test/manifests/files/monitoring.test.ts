import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ConfigMap = z.object({
  kind: z.literal('ConfigMap'),
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  data: z.record(z.string(), z.string()),
});
const file = new URL('../../../generated/manifests/production/monitoring.yaml', import.meta.url);
const maps = parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
  const parsed = ConfigMap.safeParse(document.toJS());
  return parsed.success ? [parsed.data] : [];
});

test("boards and data sources lie in ConfigMaps with the labels that Grafana's sidecar looks for, and nothing else does", () => {
  const labelled = (label: string) =>
    maps.filter(({ metadata }) => metadata.labels[label] === '1').map(({ metadata }) => metadata.name);
  const named = (start: string) => maps.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(start));
  assert.equal(labelled('grafana_dashboard').length, 3);
  assert.deepEqual(labelled('grafana_dashboard'), named('grafana-boards-'));
  assert.deepEqual(labelled('grafana_datasource'), ['grafana-datasources']);
});
