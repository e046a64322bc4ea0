import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findDrift } from '../../../deploy/drift/edits.ts';
import { fieldOf, type KubeObject } from '../../../deploy/kube/object.ts';
import type { Kube } from '../../../deploy/kube/port.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { platformNamespace as namespace } from '../../../manifests/catalogue/define.ts';
import { type DeployStage, startDeployStage } from '../../support/deploy-stage.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import { configMap, smallPlatform } from '../../support/small-platform.ts';

describe('drift, on a real control plane', { skip: skipWithout(...controlPlaneTools) }, () => {
  let stage: DeployStage;
  before(async () => {
    stage = await startDeployStage();
  });
  after(() => stage.stop());
  beforeEach(() => stage.reset());

  it('shows an edit by hand, an object that was deleted, and floors that others hold; and changes none of it', async () => {
    const files = smallPlatform({ light: true, extra: [configMap('other', 'x')] });
    const outcome = await stage.deploy(files);
    assert.equal(outcome.is, 'done', JSON.stringify(outcome));
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
    assert.equal(
      fieldOf(
        await stage.kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'api-config' }),
        'data',
        'value',
      ),
      'by hand',
    );
  });

  it('takes an autoscaler at work for no edit: what it wrote while we looked is looked at again', async () => {
    const files = smallPlatform({ light: true });
    assert.equal((await stage.deploy(files)).is, 'done');
    let scaled = 0;
    const kube: Kube = {
      ...stage.kube,
      async get(ref) {
        const object = await stage.kube.get(ref);
        if (ref.kind !== 'Deployment' || object === undefined || scaled > 0) return object;
        scaled += 1;
        await stage.kube.setField(ref, '/spec/replicas', 7, object.metadata.resourceVersion ?? '');
        return object;
      },
    };

    const drift = await findDrift({
      kube,
      clock: systemClock,
      environment: 'staging',
      declared: files.flatMap(({ objects }) => objects),
      dryRun: true,
    });

    assert.equal(scaled, 1);
    assert.deepEqual(drift.edited, []);
  });
});
