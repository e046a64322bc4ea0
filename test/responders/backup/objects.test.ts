import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { kubernetesSource } from '../../../responders/backup/objects.ts';

it('holds the objects of a namespace and no Secret, neither as one nor within another object', async () => {
  const objects = memoryObjects([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'api-config' }, data: { a: '1' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'gomeet-secrets' }, data: { JWT_SECRET: 'aHVudGVyMg==' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'applied-by-hand',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"was":"aHVudGVyMg=="}}' },
      },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api' }, secrets: [{ name: 'api-token-x' }] },
  ]);

  const dump = await kubernetesSource(objects, () => 0).dump(new AbortController().signal);
  const stored = await text(dump.stream);

  assert.deepEqual((await dump.facts()).counts, { ServiceAccount: 1, ConfigMap: 2 });
  assert.doesNotMatch(stored, /aHVudGVyMg|"Secret"|api-token/);
});
