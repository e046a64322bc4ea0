import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { settings } from '../../../kernel/config.ts';
import { bundleImage } from '../../../manifests/catalogue/parts.ts';
import { environments } from '../../../manifests/environments/index.ts';
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

test('every key that a workload is given is used: handed on under the name its program knows, read by that name, or named by an object that it reads', () => {
  const settingNames = new Set(
    Object.entries(settings as Record<string, { readonly alias?: string; readonly help: string }>).flatMap(
      ([name, { alias }]) => [name, ...(alias ? [alias] : [])],
    ),
  );
  for (const environment of ['production', 'staging', 'starter'] as const) {
    const objects = platformFiles(environment).flatMap((file) => file.objects);
    const textOf = (kind: RegExp, name?: string) =>
      JSON.stringify(objects.filter((one) => kind.test(one.kind) && (name ?? one.metadata.name) === one.metadata.name));
    for (const { name, image = '', secretKeys } of environments[environment].workloads) {
      // What GoMeet's own services read of theirs is theirs to say.
      if (image.startsWith('registry.digitalocean.com/') && image !== bundleImage) continue;
      const pod = textOf(/^(Deployment|StatefulSet|DaemonSet)$/, name);
      const mounted = [...pod.matchAll(/"configMap":\{"name":"([\w-]+)"\}/g)].map(([, map]) =>
        textOf(/^ConfigMap$/, map),
      );
      const reads = `${pod}${mounted.join('')}`;
      for (const path of secretKeys) {
        const [secret = '', key = ''] = path.split('/');
        const uses = {
          'cert-manager': () => textOf(/^Issuer$/).includes(`"name":"${secret}","key":"${key}"`),
          // Egress knows the two by these names (its README, configuration).
          'livekit-recorder': () => /^LIVEKIT_API_(KEY|SECRET)$/.test(key) || pod.includes(`$(${key})`),
          traefik: () => textOf(/^Middleware$/).includes(`"secret":"${secret}"`),
        } satisfies Record<string, () => boolean>;
        const used =
          image === bundleImage
            ? settingNames.has(key)
            : name in uses
              ? uses[name as keyof typeof uses]()
              : [`$(${key})`, `$${'{'}${key}}`, `/secrets/${key}`].some((use) => reads.includes(use));
        assert.ok(used, `${environment}: ${name} ${path}`);
      }
    }
  }
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
