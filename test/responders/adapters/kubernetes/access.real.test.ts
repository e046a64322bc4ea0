import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlPlane, startControlPlane } from '../../../../lab/cluster/control-plane.ts';
import type { PolicyRule } from '../../../../responders/act/define.ts';
import { roleRules } from '../../../../responders/act/index.ts';
import { mayI, reviewedUser } from '../../../../responders/adapters/kubernetes/access.ts';
import { createKubernetesClient } from '../../../../responders/adapters/kubernetes/client.ts';
import { createKubernetesCluster } from '../../../../responders/adapters/kubernetes/cluster.ts';
import type { Cluster } from '../../../../responders/ports.ts';
import { clusterScoped } from '../../../../responders/role.ts';
import { skipWithout } from '../../../support/skip-without.ts';
import { known, rejectsWith } from './contract.ts';
import { createFixtures, eventually, type Fixtures, grant, kubeconfigWith } from './live-cluster.ts';

const workload = 'livekit-sfu';
const scaled = 'meeting-service';

describe("The responder's Role on a real API server", { skip: skipWithout('etcd', 'kube-apiserver') }, () => {
  let plane: ControlPlane;
  let fixtures: Fixtures;
  let pod: string;

  before(async () => {
    plane = await startControlPlane();
    fixtures = await createFixtures(plane.kubeconfig);
    for (const name of [workload, scaled]) await fixtures.addDeployment(name, 2);
    await fixtures.addHpa(workload, { min: 2, max: 20 });
    await fixtures.addScaledObject(scaled, { min: 2, max: 20 });
    pod = await fixtures.addPod(workload, 'bcdfg');
  });
  after(async () => {
    await plane.stop();
  });

  /** A service account with exactly these rules, as the generated Role and ClusterRole give them. */
  async function account(name: string, rules: readonly PolicyRule[]) {
    const { core, namespace } = fixtures;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    const isCluster = ({ resources }: PolicyRule) => resources.some((resource) => clusterScoped.has(resource));
    await grant(
      fixtures,
      { kind: 'ServiceAccount', name },
      rules.filter((rule) => !isCluster(rule)),
      rules.filter(isCluster),
    );
    const answer = await core.createNamespacedServiceAccountToken({
      name,
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 3_600 } },
    });
    const kubeconfig = kubeconfigWith(plane.kubeconfig, { token: known(answer.status?.token) });
    const options = { kubeconfig, namespace, retry: { attempts: 1 } };
    return { cluster: createKubernetesCluster(options), client: createKubernetesClient(options) };
  }

  const writes: Readonly<Record<string, { needs: [string, string]; act: (cluster: Cluster) => Promise<void> }>> = {
    scale: {
      needs: ['deployments', 'patch'],
      act: async (cluster) => {
        const { name, replicas, resourceVersion } = await deployment(workload);
        await cluster.scale({ deployment: name, replicas: replicas + 1, resourceVersion, runId: 'rbac' });
      },
    },
    restart: {
      needs: ['deployments', 'patch'],
      act: async (cluster) => {
        const { name, resourceVersion } = await deployment(workload);
        await cluster.restart({
          deployment: name,
          restartedAt: new Date().toISOString(),
          resourceVersion,
          runId: 'rbac',
        });
      },
    },
    'floor of an HPA': {
      needs: ['horizontalpodautoscalers', 'patch'],
      act: (cluster) => raiseFloor(cluster, workload),
    },
    'floor of a ScaledObject': { needs: ['scaledobjects', 'patch'], act: (cluster) => raiseFloor(cluster, scaled) },
    'deletion cost': {
      needs: ['pods', 'patch'],
      act: (cluster) => cluster.setDeletionCost({ pod, cost: 5, runId: 'rbac' }),
    },
  };

  // Seen by the administrator, so that a missing right to read does not hide the missing right to write.
  async function deployment(name: string) {
    const admin = createKubernetesCluster({ kubeconfig: plane.kubeconfig, namespace: fixtures.namespace });
    return known(await admin.deployment(name));
  }

  async function raiseFloor(cluster: Cluster, name: string): Promise<void> {
    const autoscaler = known((await deployment(name)).autoscaler);
    await cluster.setFloor({ autoscaler, minReplicas: autoscaler.minReplicas + 1, runId: 'rbac' });
  }

  it('suffices for every read and every write of the adapter', async () => {
    const { cluster, client } = await account('responder', roleRules());
    await eventually(async () => assert.deepEqual(await mayI(client, roleRules()), []));

    assert.equal((await cluster.read()).deployments.length, 2);
    assert.equal(known(await cluster.deployment(workload)).name, workload);
    for (const write of Object.values(writes)) await write.act(cluster);
  });

  it('needs no right to learn by what name the API server knows it', async () => {
    const { client } = await account('somebody', []);

    assert.equal(await reviewedUser(client), `system:serviceaccount:${fixtures.namespace}:somebody`);
  });

  it('lets nobody read secrets, run commands in pods, or touch nodes, namespaces, volumes and rights', async () => {
    const { client } = await account('bounded', roleRules());
    const tooMuch: PolicyRule[] = [
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'delete'] },
      { apiGroups: [''], resources: ['pods/exec', 'pods/eviction'], verbs: ['create'] },
      { apiGroups: [''], resources: ['nodes', 'namespaces'], verbs: ['delete', 'patch'] },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['delete'] },
      { apiGroups: ['apps'], resources: ['statefulsets', 'daemonsets'], verbs: ['delete', 'patch'] },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create', 'patch'] },
    ];
    const asked = tooMuch.flatMap(({ resources, verbs }) => resources.flatMap(() => verbs)).length;

    const missing = await mayI(client, tooMuch);

    assert.equal(missing.length, asked);
  });

  for (const [title, { needs, act }] of Object.entries(writes)) {
    const [resource, verb] = needs;
    it(`without ${verb} on ${resource}, the ${title} is refused by name, and the start-up check says so`, async () => {
      const { cluster, client } = await account(
        `less-${title.toLowerCase().replaceAll(' ', '-')}`,
        without(roleRules(), resource, verb),
      );
      await eventually(async () => assert.equal((await mayI(client, roleRules())).length, 1));

      const [missing] = await mayI(client, roleRules());
      const error = await rejectsWith(act(cluster), 'forbidden');

      assert.deepEqual([missing?.resources, missing?.verbs], [[resource], [verb]]);
      assert.match(error.message, new RegExp(`cannot ${verb} resource "${resource}"`));
      assert.equal(error.retryable, false);
    });
  }

  it('does not take a Role that names what belongs to no namespace for the right to list it', async () => {
    const { core, namespace } = fixtures;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'role-only' } } });
    await grant(fixtures, { kind: 'ServiceAccount', name: 'role-only' }, roleRules(), []);
    const answer = await core.createNamespacedServiceAccountToken({
      name: 'role-only',
      namespace,
      body: { spec: { audiences: [] } },
    });
    const kubeconfig = kubeconfigWith(plane.kubeconfig, { token: known(answer.status?.token) });
    const client = createKubernetesClient({ kubeconfig, namespace });

    await eventually(async () => {
      const missing = await mayI(client, roleRules());
      assert.deepEqual(missing.map(({ resources, verbs }) => `${verbs.join()} ${resources.join()}`).sort(), [
        'list nodes',
        'list persistentvolumes',
      ]);
    });
  });
});

function without(rules: readonly PolicyRule[], resource: string, verb: string): PolicyRule[] {
  return rules.map((rule) =>
    rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
  );
}
