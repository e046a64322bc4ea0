import assert from 'node:assert/strict';
import { test } from 'node:test';
import { production } from '../../../manifests/environments/production.ts';
import { createOnly, documentedSecrets, secretKeysOf, secretsFile } from '../../../manifests/files/secrets.ts';
import { noInputs, renderEnvironment } from '../../../manifests/render.ts';

const context = { ...noInputs, environment: production };

test('the template has every key that a pod reads and no other, and no value', () => {
  const text = JSON.stringify(renderEnvironment('production').map(({ objects }) => objects));
  const read = new Set(
    [...text.matchAll(/"secretKeyRef":\{"name":"([a-z-]+)","key":"(\w+)"\}/g)].map(
      ([, secret, key]) => `${secret}/${key}`,
    ),
  );
  assert.ok(read.size > 20);
  const template = new Set<string>();
  for (const object of secretsFile(context)) {
    const values = Object.entries(object['stringData'] ?? {});
    if (object['type'] !== 'Opaque') continue;
    for (const [key, value] of values) {
      assert.equal(value, '', `${object.metadata.name}/${key}`);
      template.add(`${object.metadata.name}/${key}`);
    }
  }
  assert.deepEqual(
    [...read].filter((path) => !template.has(path)),
    [],
  );
  const declared = [...secretKeysOf(production)].flatMap(([name, keys]) => keys.map((key) => `${name}/${key}`));
  assert.deepEqual([...template].sort(), declared.sort());
});

test('no tool that finds a secret there may overwrite it with the template', () => {
  for (const { metadata } of secretsFile(context))
    assert.deepEqual(metadata['annotations'], { [createOnly]: 'true' }, metadata.name);
});

test("the runbook's secrets are mapped to keys that exist", () => {
  const keys = secretKeysOf(production);
  for (const [old, { secret, keys: wanted }] of Object.entries(documentedSecrets))
    for (const key of wanted) assert.ok(keys.get(secret)?.includes(key), `${old}: ${secret} has no ${key}`);
});
