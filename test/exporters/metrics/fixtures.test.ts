import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { blackboxMetrics } from '../../../exporters/metrics/blackbox.ts';
import type { Metric } from '../../../exporters/metrics/define.ts';
import { metrics } from '../../../exporters/metrics/index.ts';
import { apiServerMetrics } from '../../../exporters/metrics/kube-apiserver.ts';
import { kubeStateMetrics } from '../../../exporters/metrics/kube-state-metrics.ts';
import { nodeMetrics } from '../../../exporters/metrics/node.ts';
import { pgbouncerMetrics } from '../../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics } from '../../../exporters/metrics/postgres.ts';
import { redisMetrics } from '../../../exporters/metrics/redis.ts';

/** What running exporters answered; `scrape` are labels that Prometheus puts on, so that no recording shows them. */
const recordings: readonly { file: string; group: Readonly<Record<string, Metric>>; scrape?: readonly string[] }[] = [
  { file: 'postgres-exporter-0.11.1', group: postgresMetrics },
  { file: 'redis-exporter-1.45.0', group: redisMetrics },
  { file: 'node-exporter-1.5.0', group: nodeMetrics, scrape: ['node'] },
  { file: 'blackbox-exporter-0.23.0', group: blackboxMetrics, scrape: ['service'] },
  { file: 'kube-apiserver-1.36.1', group: apiServerMetrics },
  { file: 'kube-state-metrics-2.17.0', group: kubeStateMetrics },
  { file: 'pgbouncer-exporter-0.11.0', group: pgbouncerMetrics },
];

for (const { file, group, scrape = [] } of recordings)
  test(`every metric of the catalogue was seen at ${file}, with its type and exactly its labels`, () => {
    const lines = readFileSync(new URL(`./fixtures/${file}.prom`, import.meta.url), 'utf8').split('\n');
    for (const metric of Object.values(group)) {
      const type = lines.find((line) => line.startsWith(`# TYPE ${metric.name} `))?.split(' ')[3];
      // Some exporters leave counters of the kernel untyped.
      assert.ok(type === metric.type || type === 'untyped', `${metric.name} is a ${type}`);
      const sample = metric.type === 'histogram' ? `${metric.name}_count` : metric.name;
      const line = lines.find((text) => text.startsWith(`${sample}{`) || text.startsWith(`${sample} `));
      assert.ok(line !== undefined, `${sample} has no sample`);
      const labels = [...line.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
      assert.deepEqual([...labels, ...scrape].sort(), [...metric.labels].sort(), metric.name);
    }
  });

test('every metric says who emits it: a program with its version, or the team that promises it', () => {
  const kinds = Map.groupBy(metrics, ({ emitter }) => emitter.kind);
  for (const { emitter, name } of metrics) {
    if (emitter.kind === 'recorded') assert.match(emitter.source, /^(https:\/\/|test\/)/, name);
    if (emitter.kind === 'live' || emitter.kind === 'recorded') assert.match(emitter.version, /^\d+\.\d+/, name);
  }
  assert.ok((kinds.get('contract')?.length ?? 0) <= 8, 'promises are few');
});
