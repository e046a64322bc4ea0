import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ControlPlane, startControlPlane } from '../../../../lab/cluster/control-plane.ts';
import { type FaultProxy, type FaultRule, startFaultProxy } from '../../../../lab/fakes/fault-proxy.ts';
import { createKubernetesCluster, type KubernetesCluster } from '../../../../responders/adapters/kubernetes/cluster.ts';
import { skipWithout } from '../../../support/skip-without.ts';
import { known, rejectsWith } from './contract.ts';
import { createFixtures, type Fixtures, kubeconfigWith } from './live-cluster.ts';

const name = 'livekit-sfu';

describe('Kubernetes adapter behind a bad network', { skip: skipWithout('etcd', 'kube-apiserver') }, () => {
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let fixtures: Fixtures;
  let cluster: KubernetesCluster;
  let kubeconfig: string;
  const connect = (timeoutMs: number) =>
    createKubernetesCluster({
      kubeconfig,
      namespace: fixtures.namespace,
      timeoutMs,
      retry: { firstWaitMs: 10, maxWaitMs: 1_500 },
    });
  const truth = async () =>
    known(await fixtures.apps.readNamespacedDeployment({ name, namespace: fixtures.namespace }));
  const patches = () => proxy.requests.filter(({ method }) => method === 'PATCH').length;
  const lists = (path: RegExp) => proxy.requests.filter((one) => one.method === 'GET' && path.test(one.path)).length;

  before(async () => {
    plane = await startControlPlane();
    proxy = await startFaultProxy(plane.url);
    kubeconfig = kubeconfigWith(plane.kubeconfig, { server: proxy.url });
  });
  after(async () => {
    await proxy.stop();
    await plane.stop();
  });
  beforeEach(async () => {
    proxy.clear();
    fixtures = await createFixtures(plane.kubeconfig);
    await fixtures.addDeployment(name, 2);
    await fixtures.addHpa(name, { min: 2, max: 20 });
    cluster = connect(2_000);
  });

  async function decided(runId: string) {
    const seen = known(await cluster.deployment(name));
    return { deployment: name, replicas: seen.replicas + 1, resourceVersion: seen.resourceVersion, runId };
  }

  const writeFaults: readonly { says: string; fault: FaultRule['fault']; code: Parameters<typeof rejectsWith>[1] }[] = [
    { says: '429', fault: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, code: 'throttled' },
    { says: '500', fault: { kind: 'answer', status: 500, body: 'etcdserver: leader changed' }, code: 'unavailable' },
    { says: '503', fault: { kind: 'answer', status: 503 }, code: 'unavailable' },
    { says: '409', fault: { kind: 'answer', status: 409 }, code: 'conflict' },
    { says: 'nothing', fault: { kind: 'hang' }, code: 'timeout' },
  ];
  for (const { says, fault, code } of writeFaults) {
    it(`sends a write once when the API server answers ${says}, and nothing has changed`, async () => {
      const change = await decided('run-1');
      const before = patches();
      proxy.inject({ fault, method: 'PATCH', times: 9 });

      const error = await rejectsWith(connect(400).scale(change), code);

      assert.equal(patches(), before + 1);
      assert.equal(error.retryable, true);
      assert.equal((await truth()).spec?.replicas, 2);
    });
  }

  for (const kind of ['lose-answer', 'truncate', 'cut', 'stall'] as const) {
    it(`recognises its own scale when the answer was spoilt (${kind}), and does not repeat it`, async () => {
      const change = await decided('run-2');
      proxy.inject({ fault: { kind }, method: 'PATCH' });
      const first = await connect(600)
        .scale(change)
        .catch((error: unknown) => error);
      assert.ok(first instanceof Error);
      const afterFirst = await truth();
      assert.equal(afterFirst.spec?.replicas, 3);

      await cluster.scale(change);

      assert.deepEqual((await truth()).metadata, afterFirst.metadata);
    });
  }

  it('recognises its own restart and floor when their answers were lost', async () => {
    const { resourceVersion, runId } = await decided('run-3');
    const restart = { deployment: name, restartedAt: '2026-03-04T05:06:07Z', resourceVersion, runId };
    proxy.inject({ fault: { kind: 'lose-answer' }, method: 'PATCH', times: 2 });
    await rejectsWith(cluster.restart(restart), 'unreachable');
    const floor = { autoscaler: known(known(await cluster.deployment(name)).autoscaler), minReplicas: 4, runId };
    await rejectsWith(cluster.setFloor(floor), 'unreachable');
    const generation = (await truth()).metadata?.generation;

    await cluster.restart(restart);
    await cluster.setFloor(floor);

    assert.equal((await truth()).metadata?.generation, generation);
    assert.equal(known(known(await cluster.deployment(name)).autoscaler).minReplicas, 4);
  });

  it('does not take the change of another run for its own', async () => {
    const change = await decided('run-4');
    await cluster.scale({ ...change, runId: 'run-of-somebody-else' });

    await rejectsWith(cluster.scale(change), 'conflict');
  });

  it('repeats a read after 500, 503 and a cut connection', async () => {
    for (const fault of [
      { kind: 'answer', status: 500 },
      { kind: 'answer', status: 503 },
      { kind: 'cut' },
      { kind: 'truncate' },
    ] as const) {
      proxy.inject({ fault, path: /\/pods/ });
      assert.equal((await cluster.read()).deployments.length, 1);
    }
  });

  it('waits as long as 429 asks before it reads again', async () => {
    proxy.inject({ fault: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, path: /\/pods/ });
    const startedAt = Date.now();

    await cluster.read();

    assert.ok(Date.now() - startedAt >= 950);
  });

  it('does not wait for minutes when 429 asks for them, and says how long', async () => {
    proxy.inject({
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': '300' } },
      path: /\/pods/,
      times: 9,
    });

    const error = await rejectsWith(cluster.read(), 'throttled');

    assert.equal(error.retryAfterMs, 300_000);
  });

  it('gives up on a read after three tries', async () => {
    proxy.inject({ fault: { kind: 'answer', status: 500 }, path: /\/pods/, times: 99 });
    const before = lists(/\/pods/);

    await rejectsWith(cluster.read(), 'unavailable');

    assert.equal(lists(/\/pods/), before + 3);
  });

  it('ends a read that is never answered, or whose body never comes, in its time', async () => {
    for (const kind of ['hang', 'stall'] as const) {
      proxy.inject({ fault: { kind }, path: /\/pods/ });
      const startedAt = Date.now();

      await rejectsWith(connect(400).read(), 'timeout');

      assert.ok(Date.now() - startedAt < 1_500);
    }
  });

  it('does not take a forbidden list for an empty cluster', async () => {
    proxy.inject({
      fault: { kind: 'answer', status: 403, body: '{"message":"pods is forbidden"}' },
      path: /\/pods/,
      times: 9,
    });

    const error = await rejectsWith(cluster.read(), 'forbidden');

    assert.match(error.message, /pods is forbidden/);
  });

  it('fails when ScaledObjects cannot be listed, and does not take that for a cluster without KEDA', async () => {
    proxy.inject({ fault: { kind: 'answer', status: 403 }, path: /scaledobjects/, times: 9 });

    await rejectsWith(cluster.read(), 'forbidden');
    await rejectsWith(cluster.deployment(name), 'forbidden');
  });

  it('has evidence of what can be read when events cannot', async () => {
    await fixtures.addPod(name, 'bcdfg');
    proxy.inject({ fault: { kind: 'answer', status: 500 }, path: /\/events/, times: 9 });

    const evidence = await cluster.evidence(name);

    assert.deepEqual([evidence.events, evidence.logLines], [[], []]);
  });

  it('shows no token in an error, even when the answer echoes it', async () => {
    const change = await decided('run-5');
    const token = plane.adminToken;
    proxy.inject({
      fault: { kind: 'answer', status: 500, body: `{"message":"bad ${token}, Authorization: Bearer ${token}"}` },
      method: 'PATCH',
    });

    const error = await rejectsWith(cluster.scale(change), 'unavailable');

    assert.match(error.message, /bad \[hidden\]/);
    assert.equal(
      JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause }).includes(token),
      false,
    );
  });
});
