import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformFiles, standbyFiles } from '../../cli/deploy/platform.ts';
import { customResources, kubernetesSchemas } from '../../lab/tools.ts';
import { addons, released } from '../../manifests/addons/index.ts';
import { customDefinitions, type ObjectCheck, objectCheck } from '../support/kubernetes-schemas.ts';
import { needTool } from '../support/need-tool.ts';

const environments = ['production', 'staging', 'starter'] as const;

for (const version of kubernetesSchemas) {
  test(`every object of every environment passes ${version} and the CRDs, with no field that they do not have`, (t) => {
    const check = checkOf(t, version);
    if (check === undefined) return;
    for (const name of environments)
      for (const { path, objects } of [...platformFiles(name), ...standbyFiles()])
        for (const object of objects)
          assert.deepEqual(check(object), [], `${name}/${path}: ${object.kind} ${object.metadata.name}`);
  });
}

test('a misspelt field, a wrong type, a missing field and an unknown kind are refused, so these tests can fail', (t) => {
  const check = checkOf(t, 'openapi-1.36');
  if (check === undefined) return;
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };
  assert.deepEqual(check({ ...service, spec: { ports: [{ port: 1 }] } }), []);
  const wrong = [
    { ...service, spec: { prots: [] } },
    { ...service, spec: { ports: [{ port: 'http' }] } },
    { ...service, spec: { ports: [{ name: 'http' }] } },
    { ...service, apiVersion: 'v2' },
    // The survey's policy had `from` inside `ports`.
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a' },
      spec: { podSelector: {}, ingress: [{ ports: [{ port: '10000-11000', from: [] }] }] },
    },
    { apiVersion: 'traefik.io/v1alpha1', kind: 'Middleware', metadata: { name: 'a' }, spec: { timeout: {} } },
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'a' }, spec: { triggers: [] } },
  ];
  for (const object of wrong) assert.notDeepEqual(check(object), [], JSON.stringify(object));
});

function checkOf(t: Parameters<typeof needTool>[0], version: string): ObjectCheck | undefined {
  const files = [version, ...customResources].map((name) => needTool(t, name));
  const [openApi, ...crds] = files.filter((file) => file !== undefined);
  return openApi === undefined || files.includes(undefined) ? undefined : objectCheck(openApi, crds);
}

// KEDA's own kustomization adds bounds to two numbers of its definition.
const leftOut = { description: 'string', minimum: 'number', maximum: 'number' } as const;

for (const tool of customResources)
  test(`the definitions of ${tool} that are deployed are those of its module, but for prose`, (t) => {
    const path = needTool(t, tool);
    if (path === undefined) return;
    const ours = new Map(
      addons
        .flatMap(({ name }) => released(name))
        .map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec]),
    );
    for (const { metadata, spec } of customDefinitions(path))
      assert.deepEqual(
        withoutProse(spec),
        withoutProse(ours.get(`CustomResourceDefinition ${metadata.name}`)),
        metadata.name,
      );
  });

function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !Object.entries(leftOut).some(([out, type]) => key === out && typeof inner === type))
      .map(([key, inner]) => [key, withoutProse(inner)]),
  );
}
