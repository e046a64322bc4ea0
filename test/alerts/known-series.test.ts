import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { knownSeries } from '../../alerts/known-series.ts';
import { metrics } from '../../exporters/metrics/index.ts';
import { livekitServerMetrics } from '../../exporters/metrics/livekit-server.ts';
import { processMetrics } from '../../exporters/metrics/process.ts';
import { responderMetrics } from '../../exporters/metrics/responder.ts';
import { createResponderMetrics } from '../../responders/metrics.ts';

// What livekit-server 1.13.5 answered with two participants: each family's type, and one series of each shape.
const recorded = readFileSync(new URL('./fixtures/livekit-server-1.13.5.prom', import.meta.url), 'utf8').split('\n');
const recordedTypes = new Map(
  recorded.flatMap((line) => (line.startsWith('# TYPE ') ? [line.split(' ').slice(2) as [string, string]] : [])),
);

test('every LiveKit metric of the catalogue was seen at a real server, with its type and exactly its labels', () => {
  for (const metric of [...Object.values(livekitServerMetrics), ...Object.values(processMetrics)]) {
    assert.equal(recordedTypes.get(metric.name), metric.type, metric.name);
    const sample = metric.type === 'histogram' ? `${metric.name}_count` : metric.name;
    const line = recorded.find((text) => text.startsWith(`${sample}{`) || text.startsWith(`${sample} `));
    assert.ok(line !== undefined, `${sample} has no sample`);
    const labels = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label);
    assert.deepEqual(labels.sort(), [...metric.labels].sort(), metric.name);
  }
});

test('names of metrics are unique; our own follow the habits: base units, and _total for counters alone', () => {
  assert.equal(new Set(metrics.map(({ name }) => name)).size, metrics.length);
  for (const { name, type, emitter, help } of metrics) {
    assert.ok(help.length > 10, name);
    if (emitter.kind !== 'exporter') continue;
    assert.match(name, /^(gomeet|digitalocean)_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(ms|us|ns|percent|mbps|kb|mb)(_|$)/, name);
  }
});

test('no metric of ours has a label whose values nobody can bound', () => {
  for (const { name, labels, emitter } of metrics) {
    if (emitter.kind !== 'exporter') continue;
    for (const label of labels)
      assert.doesNotMatch(label, /participant|identity|user|room_name|email/, `${name} ${label}`);
  }
});

test('a histogram is known by its parts, each a counter; a gauge histogram by parts that are none', () => {
  const known = knownSeries(
    [
      { name: 'a', type: 'histogram', unit: 's', help: 'a', labels: [], emitter: { kind: 'contract', team: 'api' } },
      {
        name: 'b',
        type: 'gauge-histogram',
        unit: 's',
        help: 'b',
        labels: [],
        emitter: { kind: 'contract', team: 'api' },
      },
    ],
    [],
  );
  assert.deepEqual([...known.keys()], ['a_bucket', 'a_sum', 'a_count', 'b_bucket', 'b_sum', 'b_count']);
  assert.deepEqual([known.get('a_count')?.counter, known.get('b_count')?.counter], [true, false]);
  assert.ok(known.get('a_bucket')?.labels.has('le'));
  assert.ok(!known.get('a_sum')?.labels.has('le'));
});

test('the responder emits exactly what the catalogue says of it', async () => {
  const emitted = await createResponderMetrics().registry.getMetricsAsJSON();
  const declared = Object.values(responderMetrics).map(({ name, type }) => [name, type]);
  assert.deepEqual(emitted.map(({ name, type }) => [name, String(type)]).sort(), declared.sort());
});
