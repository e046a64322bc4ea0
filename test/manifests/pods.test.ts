import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import { privileged } from '../../manifests/files/pod-security.ts';

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: z.string(),
  resources: z.object({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) }),
  securityContext: z.looseObject({
    allowPrivilegeEscalation: z.boolean(),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: z.object({ drop: z.array(z.string()), add: z.array(z.string()).optional() }),
  }),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() })),
  startupProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  livenessProbe: z.unknown().optional(),
});
const Pod = z.looseObject({
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.boolean(),
  terminationGracePeriodSeconds: z.number(),
  securityContext: z.looseObject({
    runAsNonRoot: z.boolean(),
    runAsUser: z.number(),
    runAsGroup: z.number(),
    fsGroup: z.number(),
    seccompProfile: z.object({ type: z.string() }),
  }),
  volumes: z.array(z.looseObject({ name: z.string() })),
  containers: z.array(Container),
});
const Controller = z.object({ template: z.object({ spec: Pod }) });

// What the makers of the add-ons have in their own namespaces, test/manifests/addons looks at.
const objects = platformFiles('production')
  .flatMap((file) => file.objects)
  .filter(({ metadata }) => metadata.namespace === platformNamespace);
const pods = objects.flatMap(({ kind, metadata, spec }) => {
  if (kind === 'CronJob') {
    const { jobTemplate } = z.object({ jobTemplate: z.object({ spec: Controller }) }).parse(spec);
    return [{ name: metadata.name, kind, pod: jobTemplate.spec.template.spec }];
  }
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return [];
  return [{ name: metadata.name, kind, pod: Controller.parse(spec).template.spec }];
});
const workloads = environments.production.workloads;
const excepted = new Map(privileged(workloads).map(({ name, privilege }) => [name, privilege]));

test('every pod of the catalogue is made', () => {
  const ours = workloads
    .filter(({ kind, rendered }) => kind !== 'managed' && rendered === undefined)
    .map(({ name }) => name);
  assert.deepEqual(pods.map(({ name }) => name).sort(), ours.sort());
});

test('user, group and fsGroup are 1000, the root is read-only, /tmp is its own, nothing is escalated, all capabilities are dropped', () => {
  for (const { name, pod } of pods) {
    if (!excepted.has(name)) {
      const { runAsNonRoot, runAsUser, runAsGroup, fsGroup } = pod.securityContext;
      assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup, fsGroup], [true, 1_000, 1_000, 1_000], name);
    }
    assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', name);
    assert.ok(
      pod.volumes.some((volume) => volume.name === 'tmp' && 'emptyDir' in volume),
      name,
    );
    for (const { securityContext, volumeMounts } of pod.containers) {
      assert.equal(securityContext.readOnlyRootFilesystem, true, name);
      assert.equal(securityContext.allowPrivilegeEscalation, false, name);
      assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, name);
      assert.ok(
        volumeMounts.some(({ mountPath }) => mountPath === '/tmp'),
        name,
      );
    }
  }
});

test('only what says why may do more, and the reason is in the catalogue', () => {
  assert.deepEqual([...excepted.keys()].sort(), ['fluent-bit', 'livekit-sfu', 'node-exporter']);
  for (const [name, privilege] of excepted) assert.ok((privilege?.why.length ?? 0) > 20, name);
  for (const { name, pod } of pods)
    assert.equal(pod['hostNetwork'] ?? false, excepted.get(name)?.hostNetwork === true, name);
});

test('images are pinned: none is latest, none without a tag', () => {
  for (const { name, pod } of pods)
    for (const { image, imagePullPolicy } of pod.containers) {
      assert.match(image, /:[\w.-]+$/, name);
      assert.doesNotMatch(image, /:latest$/, name);
      assert.equal(imagePullPolicy, 'IfNotPresent', name);
    }
});

test('each service runs an image of its own: the survey found one under four names', () => {
  const images = [
    'auth-service',
    'meeting-service',
    'signaling-service',
    'chat-service',
    'turn-service',
    'frontend',
  ].map((name) => pods.find((one) => one.name === name)?.pod.containers[0]?.image);
  assert.equal(new Set(images).size, images.length);
});

test('every container has requests and a memory limit, and probes for start, readiness and life where it listens', () => {
  for (const { name, kind, pod } of pods) {
    for (const { resources } of pod.containers) {
      assert.ok(resources.requests['cpu'] && resources.requests['memory'] && resources.limits['memory'], name);
    }
    const [main] = pod.containers;
    if (kind !== 'CronJob') assert.ok(main?.startupProbe && main.readinessProbe && main.livenessProbe, name);
  }
});

test('each workload has an account of its own, with a token in the pod only where it speaks to the API server', () => {
  for (const { name, pod } of pods) {
    const reaches = workloads.find((workload) => workload.name === name)?.reaches ?? [];
    assert.equal(pod.serviceAccountName, name);
    assert.equal(pod.automountServiceAccountToken, reaches.includes('kubernetes-api'), name);
    assert.ok(
      objects.some(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === name),
      name,
    );
  }
});

test('no mount lies inside a read-only one: such pods never start', () => {
  for (const { name, pod } of pods)
    for (const { volumeMounts } of pod.containers)
      for (const outer of volumeMounts.filter(({ readOnly }) => readOnly === true))
        assert.deepEqual(
          volumeMounts
            .filter(({ mountPath }) => mountPath.startsWith(`${outer.mountPath}/`) && outer.mountPath !== '/host')
            .map(({ mountPath }) => mountPath),
          [],
          `${name}: ${outer.mountPath}`,
        );
});

test('an SFU has hours to drain, its rollout adds before it takes, and no eviction takes one', () => {
  const sfu = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'livekit-sfu');
  const spec = z
    .looseObject({
      strategy: z.unknown(),
      template: z.object({ spec: Pod, metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }) }),
    })
    .parse(sfu?.['spec']);
  assert.deepEqual(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  assert.ok(spec.template.spec.terminationGracePeriodSeconds >= 6 * 3_600);
  assert.equal(spec.template.metadata.annotations['cluster-autoscaler.kubernetes.io/safe-to-evict'], 'false');
  const budget = objects.find(
    ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === 'livekit-sfu',
  );
  assert.equal(z.looseObject({ maxUnavailable: z.number() }).parse(budget?.['spec']).maxUnavailable, 0);
});
