import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withoutForeignAddons } from '../../deploy/foreign-addons.ts';
import { clean } from '../../deploy/kube/clean.ts';
import { fieldOf, type KubeObject, type Ref, refOf } from '../../deploy/kube/object.ts';
import { appliedRefs } from '../../deploy/kube/own.ts';
import { rollBackLast } from '../../deploy/rollback.ts';
import { undoRollout } from '../../deploy/undo.ts';
import { planUninstall, uninstall } from '../../deploy/uninstall.ts';
import { systemClock } from '../../kernel/clock.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { type DeployStage, startDeployStage } from '../support/deploy-stage.ts';
import { controlPlaneTools, skipWithout } from '../support/skip-without.ts';
import { configMap, service, smallPlatform } from '../support/small-platform.ts';
import { definition, held, ofAnAddon } from './an-addon.ts';

const light = (change: Parameters<typeof smallPlatform>[0] = {}) => smallPlatform({ light: true, ...change });
const volume: KubeObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'prometheus-storage', namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

describe('the ways back, on a real control plane', { skip: skipWithout(...controlPlaneTools) }, () => {
  let stage: DeployStage;
  before(async () => {
    stage = await startDeployStage();
  });
  after(() => stage.stop());
  beforeEach(() => stage.reset());

  const get = (kind: string, name: string, apiVersion = 'v1') => stage.kube.get({ apiVersion, kind, namespace, name });
  const image = async () =>
    fieldOf(await get('Deployment', 'auth-service', 'apps/v1'), 'spec', 'template', 'spec', 'containers', '0', 'image');
  /** A volume or a namespace that is deleted is there for a while, and says so. */
  const stays = async (...refs: readonly Ref[]) => {
    for (const ref of refs) {
      const { metadata } = (await stage.kube.get(ref)) ?? assert.fail(`${ref.kind} ${ref.name} is gone`);
      assert.equal(metadata['deletionTimestamp'], undefined, `${ref.kind} ${ref.name} is being deleted`);
    }
  };
  const platform = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'gomeet-secrets' };
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
    extra: [configMap('new-config', 'x'), volume, balancer, ofAnAddon],
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
    await stays(refOf(volume), refOf(balancer), refOf(ofAnAddon), platform, secret);
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

  it('uninstalls its own and nothing else', async () => {
    const files = light({ extra: [volume, balancer, ofAnAddon] });
    // No controller gives the balancer an address here.
    await stage.deploy(files, { only: 'secrets', readyWithinMs: 0 });
    await stage.api.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'somebody-elses' } } });
    const refs = appliedRefs(files.flatMap(({ objects }) => objects));

    const plan = await planUninstall(stage.kube, 'staging', namespace, refs);
    assert.notEqual(await get('ConfigMap', 'api-config'), undefined);
    assert.deepEqual(await uninstall(plan, { kube: stage.kube, clock: systemClock, tell: () => undefined }), {
      is: 'done',
    });

    assert.equal(await get('ConfigMap', 'api-config'), undefined);
    assert.notEqual(await get('ConfigMap', 'somebody-elses'), undefined);
    await stays(refOf(volume), refOf(balancer), refOf(ofAnAddon), platform, secret);
    assert.deepEqual((await planUninstall(stage.kube, 'production', namespace, refs)).removable, []);
  });

  it('takes custom resources away first, and leaves what lets go of them running until they are gone', async () => {
    const files = light({ extra: [definition] });
    assert.equal((await stage.deploy(files)).is, 'done');
    await stage.kube.create(held);
    const plan = await planUninstall(
      stage.kube,
      'staging',
      namespace,
      appliedRefs([...files.flatMap((one) => one.objects), held]),
    );
    const thing = () => get('ScaledObject', 'auth-service', 'keda.sh/v1alpha1');
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);

    const stopped = await uninstall(plan, { kube: stage.kube, clock: systemClock, tell, withinMs: 0 });

    assert.ok(stopped.is === 'stopped');
    const why = /1 custom resources do not go, such as ScaledObject gomeet\/auth-service, held by finalizer\.keda\.sh/;
    assert.match(stopped.says, why);
    assert.match(stopped.todo, /run the same command again/);
    assert.notEqual((await thing())?.metadata['deletionTimestamp'], undefined);
    const operator = () => get('Deployment', 'auth-service', 'apps/v1');
    assert.notEqual(await operator(), undefined);
    // Stands in for KEDA, which lets go a while after it was asked to: as long as it has not, it must be there.
    let sleeps = 0;
    const clock = {
      now: systemClock.now,
      async sleep() {
        sleeps += 1;
        assert.notEqual(await operator(), undefined);
        const one = (await thing()) ?? assert.fail();
        const { finalizers: _finalizers, ...metadata } = one.metadata;
        if (sleeps === 2) await stage.kube.replace({ ...one, metadata });
      },
    };

    assert.deepEqual(await uninstall(plan, { kube: stage.kube, clock, tell }), { is: 'done' });

    assert.equal(sleeps, 2);
    assert.equal(lines.filter((line) => line.startsWith('waiting, 180 s at the most: ') && why.test(line)).length, 1);
    assert.equal(await thing(), undefined);
    assert.equal(await operator(), undefined);
    assert.notEqual(
      await stage.kube.get({ ...refOf(definition) }),
      undefined,
      'with it would go what others made of it',
    );
  });

  for (const addon of ['keda', 'cert-manager', 'metrics-server', 'traefik-crds'])
    it(`neither deploys over a foreign ${addon} nor takes it away`, async (t) => {
      const foreign = { ...configMap(`foreign-${addon}`, 'theirs'), metadata: { name: `foreign-${addon}`, namespace } };
      await stage.kube.create(foreign);
      t.after(async () =>
        stage.kube.remove(refOf(foreign), (await stage.kube.get(refOf(foreign)))?.metadata.uid ?? ''),
      );
      const before = await stage.kube.get(refOf(foreign));
      const ours = [...light(), { path: `${addon}.yaml`, objects: [configMap(`foreign-${addon}`, 'ours')] }];
      const { files, left } = await withoutForeignAddons(stage.kube, ours);
      assert.deepEqual(left, [addon]);
      await stage.deploy(files);

      const plan = await planUninstall(
        stage.kube,
        'staging',
        namespace,
        appliedRefs(ours.flatMap((one) => one.objects)),
      );
      await uninstall(plan, { kube: stage.kube, clock: systemClock, tell: () => undefined });

      assert.deepEqual(await stage.kube.get(refOf(foreign)), before);
      assert.equal(await get('ConfigMap', 'api-config'), undefined);
    });

  it('uninstalls by command: shows and asks for the name of the cluster first, and does nothing without it', async () => {
    await stage.deploy(light({ extra: [volume] }));
    const gomeet = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [main, 'uninstall', ...args], {
        env: { ...process.env, KUBECONFIG: stage.plane.kubeconfig },
      }).then(
        ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
          code,
          out: stdout + stderr,
        }),
      );
    const there = () => get('ConfigMap', 'api-config');

    const shown = await gomeet('--environment', 'staging');
    assert.equal(shown.code, 0, shown.out);
    assert.match(shown.out, /- ConfigMap gomeet\/api-config\n/);
    assert.match(shown.out, /= PersistentVolumeClaim gomeet\/prometheus-storage stays/);
    assert.match(shown.out, /\d+ would go\. Do it with --confirm gomeet-staging/);
    const wrong = await gomeet('--environment', 'staging', '--confirm', 'gomeet-cluster');
    assert.equal(wrong.code, 2);
    assert.match(wrong.out, /the cluster of staging is gomeet-staging/);
    const other = await gomeet('--environment', 'production', '--confirm', 'gomeet-cluster');
    assert.equal(other.code, 2);
    assert.match(other.out, /production was asked for, but this cluster is staging/);
    assert.notEqual(await there(), undefined);

    const done = await gomeet('--environment', 'staging', '--confirm', 'gomeet-staging');
    assert.equal(done.code, 0, done.out);
    assert.equal(await there(), undefined);
    await stays(refOf(volume), platform, secret);
  });
});

function managersOf(fields: unknown): readonly unknown[] {
  return Array.isArray(fields) ? fields.map((one) => fieldOf(one, 'manager')) : [];
}
