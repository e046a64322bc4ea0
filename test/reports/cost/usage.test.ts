import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintQueries } from '../../../alerts/lint.ts';
import { usageQueries } from '../../../reports/cost/queries.ts';
import { readUsage, workloadOf } from '../../../reports/cost/usage.ts';

test('every query of the reports parses and uses only metrics and labels of the catalogue', () => {
  const queries = Object.entries(usageQueries(30)).map(([at, expr]) => ({ at, expr }));
  assert.equal(queries.length, 10);
  assert.deepEqual(lintQueries(queries), []);
});

test('a pod belongs to the longest name of the catalogue, else to its own without what Kubernetes adds', () => {
  assert.equal(workloadOf('livekit-sfu-7d9f8b6c5-abcde'), 'livekit-sfu');
  assert.equal(workloadOf('livekit-exporter-7d9f8b6c5-abcde'), 'livekit-exporter');
  assert.equal(workloadOf('coredns-6f6b679f8f-x2x9k'), 'coredns');
  assert.equal(workloadOf('cilium-x2x9k'), 'cilium');
  assert.equal(workloadOf('loki-0'), 'loki');
  assert.equal(workloadOf('standalone'), 'standalone');
});

test('a Prometheus that knows nothing yields no reading, not zeros', async () => {
  const usage = await readUsage({ query: async () => [] }, 30);
  assert.deepEqual(usage.containers, []);
  assert.deepEqual([...usage.pools], []);
  assert.deepEqual(usage.activity, { participantHours: undefined, meetings: undefined, egressBytes: undefined });
});
