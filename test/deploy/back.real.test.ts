import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findDrift } from '../../deploy/drift/edits.ts';
import { clean } from '../../deploy/kube/clean.ts';
import { fieldOf, type KubeObject } from '../../deploy/kube/object.ts';
import { appliedRefs } from '../../deploy/kube/own.ts';
import { rollBackLast } from '../../deploy/rollback.ts';
import { undoRollout } from '../../deploy/undo.ts';
import { planUninstall, uninstall } from '../../deploy/uninstall.ts';
import { systemClock } from '../../kernel/clock.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { type DeployStage, startDeployStage } from '../support/deploy-stage.ts';
import { skipWithout } from '../support/skip-without.ts';
import { configMap, service, smallPlatform } from '../support/small-platform.ts';

const tools = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
const light = (change: Parameters<typeof smallPlatform>[0] = {}) => smallPlatform({ light: true, ...change });
const volume: KubeObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'prometheus-storage', namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

describe('the ways back, on a real control plane', { skip: skipWithout(...tools) }, () => {
  let stage: DeployStage;
  before(async () => {
    stage = await startDeployStage();
  });
  after(() => stage.stop());
  beforeEach(() => stage.reset());

  const get = (kind: string, name: string, apiVersion = 'v1') => stage.kube.get({ apiVersion, kind, namespace, name });
  const image = async () =>
    fieldOf(await get('Deployment', 'auth-service', 'apps/v1'), 'spec', 'template', 'spec', 'containers', '0', 'image');
  const back = (change: Partial<Parameters<typeof rollBackLast>[0]> = {}) =>
    rollBackLast({
      kube: stage.kube,
      namespace,
      clock: stage.laterClock(),
      who: 'test',
      agreed: async () => true,
      tell: () => undefined,
      ...change,
    });
  const balancer = service('traefik', 'LoadBalancer');
  const withMore = light({
    image: 'auth-service:2',
    value: 'two',
    extra: [configMap('new-config', 'x'), volume, balancer],
  });

  it('rolls back to the snapshot: changed objects as they were, new ones gone, namespace, volume and load balancer kept', async () => {
    await stage.deploy(light());
    const before = clean((await get('ConfigMap', 'api-config')) ?? assert.fail());
    // No controller gives an address here: the run is left after its last change, as by a kill.
    await stage.deploy(withMore, { only: 'secrets', readyWithinMs: 0 });
    await stage.deploy(withMore, { only: 'services', supersede: true });

    const outcome = await back();

    assert.equal(outcome.is, 'done', outcome.says);
    assert.deepEqual(clean((await get('ConfigMap', 'api-config')) ?? assert.fail()), before);
    assert.equal(await image(), 'auth-service:1');
    assert.equal(await get('ConfigMap', 'new-config'), undefined);
    assert.notEqual(await get('PersistentVolumeClaim', 'prometheus-storage'), undefined);
    assert.notEqual(await get('Service', 'traefik'), undefined);
    assert.notEqual(await get('Secret', 'gomeet-secrets'), undefined);
    assert.equal((await back()).is, 'refused');
  });

  it('deploys again after a rollback as if nothing had been: what is declared is ours, what somebody raised stays theirs', async () => {
    await stage.deploy(light());
    await stage.deploy(light({ image: 'auth-service:2', value: 'two' }));
    assert.equal((await back()).is, 'done');
    assert.equal(await image(), 'auth-service:1');
    const floor: KubeObject = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'auth-service-hpa', namespace },
      spec: { minReplicas: 4 },
    };
    await stage.kube.apply(floor, { manager: 'responder', force: true });

    const outcome = await stage.deploy(light({ image: 'auth-service:3', value: 'three' }));

    assert.equal(outcome.is, 'done', JSON.stringify(outcome));
    assert.equal(await image(), 'auth-service:3');
    assert.equal(fieldOf(await get('ConfigMap', 'api-config'), 'data', 'value'), 'three');
    assert.equal(
      fieldOf(await get('HorizontalPodAutoscaler', 'auth-service-hpa', 'autoscaling/v2'), 'spec', 'minReplicas'),
      4,
    );
    const managers = (await get('ConfigMap', 'api-config'))?.metadata['managedFields'];
    assert.deepEqual(managersOf(managers), ['gomeet-deploy'], 'one owner, whichever way it came');
  });

  it('rolls back nothing without a yes, and is refused while another deploys', async () => {
    await stage.deploy(light());
    const clock = stage.laterClock();
    const { takeLock } = await import('../../deploy/record/lock.ts');

    assert.equal((await back({ agreed: async () => false })).is, 'declined');
    await takeLock(stage.kube, namespace, 'alice', clock);
    assert.equal((await back({ clock })).is, 'refused');

    assert.notEqual(await get('ConfigMap', 'api-config'), undefined);
  });

  it('takes one rollout back to its revision before, and says so where there is none', async () => {
    await stage.deploy(light());
    assert.equal((await undoRollout(stage.kube, namespace, 'auth-service')).done, false);
    await stage.deploy(light({ image: 'auth-service:2' }));

    const { done, says } = await undoRollout(stage.kube, namespace, 'auth-service');

    assert.ok(done, says);
    assert.equal(await image(), 'auth-service:1');
    assert.equal((await undoRollout(stage.kube, namespace, 'not-there')).done, false);
  });

  it('shows an edit by hand, an object that was deleted, and floors that others hold; and changes none of it', async () => {
    const files = light({ extra: [configMap('other', 'x')] });
    await stage.deploy(files);
    const edit = (object: KubeObject) => stage.kube.apply(object, { manager: 'kubectl-edit', force: true });
    await edit(configMap('api-config', 'by hand'));
    await edit({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'auth-service-hpa', namespace },
      spec: { minReplicas: 4 },
    });
    await stage.api.core.deleteNamespacedConfigMap({ namespace, name: 'other' });
    const declared = files.flatMap(({ objects }) => objects);

    const drift = await findDrift({
      kube: stage.kube,
      clock: systemClock,
      environment: 'staging',
      declared,
      dryRun: true,
    });

    assert.deepEqual(
      drift.edited.map(({ ref }) => ref.name),
      ['api-config'],
    );
    assert.match(drift.edited[0]?.diff ?? '', /-\s+value: by hand\n\+\s+value: one/);
    assert.deepEqual(
      drift.missing.map(({ ref }) => ref.name),
      ['other'],
    );
    assert.deepEqual(
      drift.held.map(({ ref }) => ref.name),
      ['auth-service-hpa'],
    );
    assert.equal(fieldOf(await get('ConfigMap', 'api-config'), 'data', 'value'), 'by hand');
  });

  it('uninstalls its own and nothing else', async () => {
    const files = light({ extra: [volume] });
    await stage.deploy(files);
    await stage.api.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'somebody-elses' } } });
    const refs = appliedRefs(files.flatMap(({ objects }) => objects));

    const plan = await planUninstall(stage.kube, 'staging', namespace, refs);
    assert.notEqual(await get('ConfigMap', 'api-config'), undefined);
    await uninstall(stage.kube, plan, () => undefined);

    assert.equal(await get('ConfigMap', 'api-config'), undefined);
    assert.notEqual(await get('ConfigMap', 'somebody-elses'), undefined);
    assert.notEqual(await get('PersistentVolumeClaim', 'prometheus-storage'), undefined);
    assert.notEqual(await get('Secret', 'gomeet-secrets'), undefined);
    assert.notEqual(await stage.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }), undefined);
    assert.deepEqual((await planUninstall(stage.kube, 'production', namespace, refs)).removable, []);
  });
});

function managersOf(fields: unknown): readonly unknown[] {
  return Array.isArray(fields) ? fields.map((one) => fieldOf(one, 'manager')) : [];
}
