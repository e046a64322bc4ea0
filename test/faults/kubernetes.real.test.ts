import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startControlPlane } from '../../lab/cluster/control-plane.ts';
import { startFaultProxy } from '../../lab/fakes/fault-proxy.ts';
import { createFixtures, kubeconfigWith } from '../responders/adapters/kubernetes/live-cluster.ts';
import { waitFor } from '../support/rig.ts';
import { skipWithout } from '../support/skip-without.ts';
import { faultWorld } from './test-world.ts';
import { crashLoop, journalCount, runStates } from './world.ts';

describe('with a real API server behind a killing proxy', { skip: skipWithout('etcd', 'kube-apiserver') }, () => {
  test('killed after its patch was accepted and the answer was lost: the next replica finds the patch and sends none', async (t) => {
    const plane = await startControlPlane();
    t.after(() => plane.stop());
    const fixtures = await createFixtures(plane.kubeconfig);
    const { apps, namespace } = fixtures;
    await fixtures.addDeployment('chat-service', 2);
    const proxy = await startFaultProxy(plane.url);
    t.after(() => proxy.stop());
    // The fake serves the fleet alone here: what is acted on is real.
    const world = await faultWorld(t, { 'chat-service': 2 });
    const real = { kubeconfig: kubeconfigWith(plane.kubeconfig, { server: proxy.url }), namespace };
    const deployment = async () => await apps.readNamespacedDeployment({ name: 'chat-service', namespace });
    const before = (await deployment()).metadata?.generation ?? 0;
    proxy.inject({ fault: { kind: 'lose-answer' }, method: 'PATCH' });
    const patches = () => proxy.requests.filter(({ method }) => method === 'PATCH').length;

    const slowToRetry = {
      tickMs: 100,
      redecideMs: 500,
      verifyEveryMs: 200,
      flapMs: 60_000,
      reconcileMs: 60_000,
      worldMs: 250,
      cloudMs: 1_000,
      leaseMs: 2_000,
      retryMs: 30_000,
    };
    const first = await world.start('first', { ...real, timings: slowToRetry });
    await first.send(crashLoop('chat-service'));
    await waitFor(async () => ((await deployment()).metadata?.generation ?? 0) > before, 'the patch to be accepted');
    await first.signal('SIGKILL');
    assert.equal(await journalCount(world.database, 'acted'), 0);

    await world.database.query(`update run set due_at = clock_timestamp() where state = 'intended'`);
    await world.start('second', real);
    await waitFor(
      async () => (await runStates(world.database))['verifying'] === 1,
      'the second replica to recognise it',
    );

    const after = await deployment();
    assert.equal(after.metadata?.generation, before + 1);
    assert.equal(patches(), 1);
    // What the controllers would make and report.
    for (const suffix of ['aaaaa', 'bbbbb']) await fixtures.addPod('chat-service', suffix);
    const status = {
      observedGeneration: before + 1,
      replicas: 2,
      readyReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    };
    await apps.replaceNamespacedDeploymentStatus({ name: 'chat-service', namespace, body: { ...after, status } });
    await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the verification');
    assert.equal(world.kubernetes.effects.length, 0);
    assert.equal(patches(), 1);
  });
});
