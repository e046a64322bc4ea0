import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import { addons, released, releaseText } from '../../../manifests/addons/index.ts';
import { podLabelsOf } from '../../../manifests/edges.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { renderEnvironment } from '../../../manifests/render.ts';

const { production } = environments;
const Deployment = z.looseObject({
  template: z.looseObject({
    metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
    spec: z.looseObject({
      nodeSelector: z.record(z.string(), z.string()),
      priorityClassName: z.string(),
      securityContext: z.looseObject({ runAsNonRoot: z.boolean() }).optional(),
      containers: z.array(
        z.looseObject({
          image: z.string(),
          ports: z.array(z.looseObject({ containerPort: z.number() })),
          env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).optional(),
          securityContext: z.looseObject({ readOnlyRootFilesystem: z.boolean() }),
          resources: z.looseObject({ requests: z.record(z.string(), z.string()) }),
        }),
      ),
    }),
  }),
});
const rendered = (name: keyof typeof environments) =>
  renderEnvironment(name)
    .filter(({ path }) => addons.some((addon) => path === `${addon.name}.yaml`))
    .flatMap(({ objects }) => objects);

test('every add-on is the file whose checksum is written down, of the version that is named', () => {
  for (const { name, sha256 } of addons) {
    assert.equal(createHash('sha256').update(releaseText(name)).digest('hex'), sha256, name);
    assert.ok(released(name).length > 5, name);
  }
});

test('the catalogue has every Deployment of an add-on, with its image, its namespace, its labels and a version that is the release', () => {
  const deployed = addons.flatMap((addon) =>
    released(addon.name)
      .filter(({ kind }) => kind === 'Deployment')
      .map((object) => ({ addon, object })),
  );
  const declared = production.workloads.filter((one) => one.rendered === 'upstream');
  assert.deepEqual(deployed.map(({ object }) => object.metadata.name).sort(), declared.map(({ name }) => name).sort());
  for (const { addon, object } of deployed) {
    const workload = declared.find(({ name }) => name === object.metadata.name) ?? assert.fail();
    const image = /"image":"([^"]+)"/.exec(JSON.stringify(object['spec']))?.[1];
    assert.equal(image, workload.image, 'what runs is what its makers released');
    assert.ok(workload.image?.endsWith(addon.version), `${workload.image} of ${addon.name} ${addon.version}`);
    assert.equal(object.metadata.namespace, workload.namespace);
    const { labels } = z
      .object({ template: z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) }) })
      .parse(object['spec']).template.metadata;
    for (const [key, value] of Object.entries(podLabelsOf(workload)))
      assert.equal(labels[key], value, `a policy would not find the pods of ${workload.name} by ${key}`);
  }
});

test('they run in the pool that the environment has for them, ask for what fit counts, and come before what wants their place', () => {
  for (const [name, pool] of [
    ['production', 'system'],
    ['starter', 'api'],
  ] as const)
    for (const object of rendered(name).filter(({ kind }) => kind === 'Deployment')) {
      const { spec } = Deployment.parse(object['spec']).template;
      assert.equal(spec.nodeSelector['doks.digitalocean.com/node-pool'], pool, object.metadata.name);
      assert.equal(spec.priorityClassName, 'system-cluster-critical');
      assert.deepEqual(Object.keys(spec.containers[0]?.resources.requests ?? {}), ['cpu', 'memory']);
    }
});

test('their namespaces are held to the restricted profile, and KEDA looks at ours alone', () => {
  const namespaces = rendered('production').filter(({ kind }) => kind === 'Namespace');
  assert.deepEqual(
    namespaces.map(({ metadata }) => metadata.name),
    ['cert-manager', 'keda'],
  );
  for (const { metadata } of namespaces)
    assert.equal(
      z.record(z.string(), z.string()).parse(metadata['labels'])['pod-security.kubernetes.io/enforce'],
      'restricted',
    );
  const watched = rendered('production').flatMap(({ kind, spec }) =>
    kind === 'Deployment'
      ? Deployment.parse(spec).template.spec.containers.flatMap(({ env = [] }) =>
          env.filter((one) => one.name === 'WATCH_NAMESPACE').map(({ value }) => value),
        )
      : [],
  );
  assert.deepEqual(watched, ['gomeet', 'gomeet', 'gomeet']);
});

test('what uses a kind comes after what defines it', () => {
  const files = renderEnvironment('production');
  const order = files.map(({ path }) => path);
  for (const [user, addon] of [
    ['ingress.yaml', 'traefik-crds.yaml'],
    ['ingress.yaml', 'cert-manager.yaml'],
    ['hpa.yaml', 'keda.yaml'],
  ] as const)
    assert.ok(order.indexOf(addon) < order.indexOf(user), `${addon} before ${user}`);
});
