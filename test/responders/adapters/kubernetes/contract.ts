import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PortError, type PortErrorCode } from '../../../../kernel/errors.ts';
import type { Autoscaler, Cluster, Deployment } from '../../../../responders/ports.ts';

/** A Cluster and what the contract may touch in it. Nothing else may change these while it runs. */
export interface ClusterUnderTest {
  readonly cluster: Cluster;
  /** A Deployment that no autoscaler owns. */
  readonly deployment: string;
  /** A pod of that Deployment. */
  readonly pod: string;
  /** A Deployment that an HPA or ScaledObject owns; undefined where the implementation has none. */
  readonly autoscaled: string | undefined;
  close(): Promise<void>;
}

/** What every implementation of the Cluster port does alike. */
export function clusterContract(name: string, make: () => Promise<ClusterUnderTest>): void {
  describe(`Cluster contract: ${name}`, () => {
    let subject: ClusterUnderTest;
    let runs = 0;
    const newRun = () => `contract-run-${++runs}`;
    const current = async (): Promise<Deployment> => known(await subject.cluster.deployment(subject.deployment));
    const autoscaler = async (): Promise<Autoscaler> =>
      known(known(await subject.cluster.deployment(subject.autoscaled ?? '')).autoscaler);

    before(async () => {
      subject = await make();
    });
    after(async () => {
      await subject.close();
    });

    it('reads a Deployment in the list as it reads it alone', async () => {
      const state = await subject.cluster.read();

      const listed = known(state.deployments.find((one) => one.name === subject.deployment));
      const alone = await current();
      assert.equal(listed.replicas, alone.replicas);
      assert.equal(listed.runId, alone.runId);
      assert.notEqual(alone.resourceVersion, '');
    });

    it('knows which workload a pod belongs to', async () => {
      const { pods } = await subject.cluster.read();

      const pod = known(pods.find((one) => one.name === subject.pod));
      assert.equal(pod.workload, subject.deployment);
      assert.ok(pod.createdAtMs > 0);
    });

    it('says undefined for a Deployment that does not exist', async () => {
      assert.equal(await subject.cluster.deployment('no-such-workload'), undefined);
    });

    it('scales to an absolute number and leaves the run id beside it', async () => {
      const seen = await current();
      const runId = newRun();

      await subject.cluster.scale({
        deployment: seen.name,
        replicas: seen.replicas + 1,
        resourceVersion: seen.resourceVersion,
        runId,
      });

      const now = await current();
      assert.equal(now.replicas, seen.replicas + 1);
      assert.equal(now.runId, runId);
      assert.notEqual(now.resourceVersion, seen.resourceVersion);
    });

    it('refuses a scale that was decided on an older version, and changes nothing', async () => {
      const seen = await current();
      await subject.cluster.scale({
        deployment: seen.name,
        replicas: seen.replicas + 1,
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      });
      const before = await current();

      const late = subject.cluster.scale({
        deployment: seen.name,
        replicas: 9,
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      });

      await rejectsWith(late, 'conflict');
      assert.deepEqual(await current(), before);
    });

    it('takes the second try of a scale that took effect for done, and changes nothing', async () => {
      const seen = await current();
      const change = {
        deployment: seen.name,
        replicas: seen.replicas + 1,
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      };
      await subject.cluster.scale(change);
      const before = await current();

      await subject.cluster.scale(change);

      assert.deepEqual(await current(), before);
    });

    it('does not take a scale of the same run to another number for done', async () => {
      const seen = await current();
      const change = {
        deployment: seen.name,
        replicas: seen.replicas + 1,
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      };
      await subject.cluster.scale(change);

      await rejectsWith(subject.cluster.scale({ ...change, replicas: change.replicas + 1 }), 'conflict');
    });

    it('says not-found for a scale and a restart of what does not exist', async () => {
      const change = { deployment: 'no-such-workload', resourceVersion: '1', runId: newRun() };

      await rejectsWith(subject.cluster.scale({ ...change, replicas: 1 }), 'not-found');
      await rejectsWith(subject.cluster.restart({ ...change, restartedAt: '2026-01-01T00:00:00Z' }), 'not-found');
    });

    it('restarts by the annotation it was given, leaves replicas alone, and does it once', async () => {
      const seen = await current();
      const change = {
        deployment: seen.name,
        restartedAt: '2026-01-02T03:04:05Z',
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      };

      await subject.cluster.restart(change);
      const once = await current();
      await subject.cluster.restart(change);

      assert.equal(once.restartedAt, '2026-01-02T03:04:05Z');
      assert.equal(once.runId, change.runId);
      assert.equal(once.replicas, seen.replicas);
      const twice = await current();
      assert.equal(twice.restartedAt, once.restartedAt);
      assert.equal(twice.runId, once.runId);
    });

    it('refuses a restart that was decided on an older version', async () => {
      const seen = await current();
      await subject.cluster.scale({
        deployment: seen.name,
        replicas: seen.replicas + 1,
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      });

      const late = {
        deployment: seen.name,
        restartedAt: '2026-02-02T02:02:02Z',
        resourceVersion: seen.resourceVersion,
        runId: newRun(),
      };
      await rejectsWith(subject.cluster.restart(late), 'conflict');

      assert.notEqual((await current()).restartedAt, '2026-02-02T02:02:02Z');
    });

    it('sets a deletion cost, and takes it off', async () => {
      const costOf = async () =>
        known((await subject.cluster.read()).pods.find((one) => one.name === subject.pod)).deletionCost;

      await subject.cluster.setDeletionCost({ pod: subject.pod, cost: -1000, runId: newRun() });
      assert.equal(await costOf(), -1000);
      await subject.cluster.setDeletionCost({ pod: subject.pod, cost: null, runId: newRun() });
      assert.equal(await costOf(), undefined);
    });

    it('says not-found for the deletion cost of a pod that is gone, but has nothing to take off it', async () => {
      await rejectsWith(subject.cluster.setDeletionCost({ pod: 'no-such-pod', cost: 1, runId: newRun() }), 'not-found');
      await subject.cluster.setDeletionCost({ pod: 'no-such-pod', cost: null, runId: newRun() });
    });

    it('has empty evidence for a workload that does not exist', async () => {
      assert.deepEqual(await subject.cluster.evidence('no-such-workload'), { events: [], logLines: [], rollouts: [] });
    });

    it('moves the floor of an autoscaler once, and leaves the replicas of its Deployment alone', async (t) => {
      if (subject.autoscaled === undefined) return t.skip('this implementation has no autoscaler');
      const seen = await autoscaler();
      const replicas = known(await subject.cluster.deployment(subject.autoscaled)).replicas;
      const change = { autoscaler: seen, minReplicas: seen.minReplicas + 1, runId: newRun() };

      await subject.cluster.setFloor(change);
      await subject.cluster.setFloor(change);

      const now = await autoscaler();
      assert.equal(now.minReplicas, seen.minReplicas + 1);
      assert.equal(now.runId, change.runId);
      assert.equal(known(await subject.cluster.deployment(subject.autoscaled)).replicas, replicas);
    });

    it('refuses a floor that was decided on an older version', async (t) => {
      if (subject.autoscaled === undefined) return t.skip('this implementation has no autoscaler');
      const seen = await autoscaler();
      await subject.cluster.setFloor({ autoscaler: seen, minReplicas: seen.minReplicas + 1, runId: newRun() });

      await rejectsWith(
        subject.cluster.setFloor({ autoscaler: seen, minReplicas: seen.minReplicas + 5, runId: newRun() }),
        'conflict',
      );

      assert.equal((await autoscaler()).minReplicas, seen.minReplicas + 1);
    });
  });
}

/** Asserts that a call fails with a PortError of this code. */
export async function rejectsWith(call: Promise<unknown>, code: PortErrorCode): Promise<PortError> {
  const error = await call.then(
    () => assert.fail(`wanted a PortError (${code}), but the call went through`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PortError, `not a PortError: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}

/** The value, or a failed assertion. */
export function known<T>(value: T | undefined): T {
  assert.ok(value !== undefined, 'expected a value');
  return value;
}
