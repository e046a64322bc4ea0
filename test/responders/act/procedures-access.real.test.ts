import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { checkHealth } from '../../../responders/act/check-health.ts';
import type { Action, PolicyRule } from '../../../responders/act/define.ts';
import { deletePod } from '../../../responders/act/delete-pod.ts';
import { editConfig } from '../../../responders/act/edit-config.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { rollOut } from '../../../responders/act/roll-out.ts';
import { setResources } from '../../../responders/act/set-resources.ts';
import { troubleshoot } from '../../../responders/act/troubleshoot.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes-any.ts';
import type { Objects } from '../../../responders/ports.ts';
import { clusterScoped } from '../../../responders/role.ts';
import { actRig } from '../../support/act-ports.ts';
import { clusterOf, deploymentOf, nowMs, pastRun, situationOf } from '../../support/situation.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { known, rejectsWith } from '../adapters/cluster-contract.ts';
import { createFixtures, eventually, type Fixtures, grant, kubeconfigWith } from '../adapters/live-cluster.ts';

const name = 'chat-service';
const { scene, world } = situationOf('restartWorkload');
/** What the responder always reads to know the platform; a procedure needs its own rights beside it. */
const reading: readonly PolicyRule[] = [
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
  { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
];

describe('procedures under a service account with only their verbs', {
  skip: skipWithout('etcd', 'kube-apiserver'),
}, () => {
  let plane: ControlPlane;
  let fixtures: Fixtures;
  let admin: Objects;
  let serial = 0;

  before(async () => {
    plane = await startControlPlane();
    fixtures = await createFixtures(plane.kubeconfig);
    const { core, namespace } = fixtures;
    await fixtures.addDeployment(name, 3);
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 8080 }] } },
    });
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'chat-config' }, data: { 'app.yaml': 'a: 1' } },
    });
    admin = createKubernetesObjects({ kubeconfig: plane.kubeconfig, namespace });
  });
  after(() => plane.stop());

  /** The ports of a service account with exactly these rules. */
  async function portsWith(rules: readonly PolicyRule[]) {
    const { core, namespace } = fixtures;
    serial += 1;
    const account = `a${serial}`;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: account } } });
    const isCluster = ({ resources }: PolicyRule) => resources.some((resource) => clusterScoped.has(resource));
    const split = rules.flatMap((rule) => rule.resources.map((resource) => ({ ...rule, resources: [resource] })));
    await grant(
      fixtures,
      { kind: 'ServiceAccount', name: account },
      split.filter((rule) => !isCluster(rule)),
      split.filter(isCluster),
    );
    const answer = await core.createNamespacedServiceAccountToken({
      name: account,
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 3_600 } },
    });
    const kubeconfig = kubeconfigWith(plane.kubeconfig, { token: known(answer.status?.token) });
    const options = { kubeconfig, namespace, retry: { attempts: 1 } };
    const objects = createKubernetesObjects(options);
    return { ...actRig().ports, objects, cluster: createKubernetesCluster(options) };
  }

  /** Takes a procedure on for some turns, and says what its steps saw. */
  async function steps(action: Action, params: object, rules: readonly PolicyRule[], turns = 8) {
    const ports = await portsWith([...rules, ...reading]);
    const seen = {
      ...world,
      cluster: { value: clusterOf(4, { deployments: [deploymentOf(name, 3)] }), observedAtMs: nowMs },
    };
    const plan = action.preflight(params, seen, scene);
    assert.ok('change' in plan, JSON.stringify(plan));
    let run = pastRun({
      id: `r${serial}`,
      action: action.name,
      change: plan.change,
      state: 'verifying',
      actedAtMs: Date.now(),
    });
    // A new right is known to the authorizer a moment after it was given.
    await eventually(() => ports.cluster.read());
    for (let turn = 0; turn < turns; turn += 1) {
      const stride = await action.stride?.(run, {
        occasion: scene.occasion,
        ports,
        declared: scene.declared,
        nowMs: Date.now(),
        late: false,
      });
      run = { ...run, change: stride?.change ?? run.change };
      if (stride?.kind === 'end') break;
    }
    return { rows: progressOf(run)?.steps ?? [], failure: progressOf(run)?.failure };
  }

  function without(rules: readonly PolicyRule[], resource: string, verb: string): PolicyRule[] {
    return rules
      .flatMap((rule) => rule.resources.map((one) => ({ ...rule, resources: [one] })))
      .map((rule) =>
        rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
      )
      .filter(({ verbs }) => verbs.length > 0);
  }

  const cases: readonly (readonly [Action, object, number, string, string])[] = [
    [rollOut, { workload: name, image: 'v2', strategy: 'rolling' }, 2, 'deployments', 'patch'],
    [rollOut, { workload: name, image: 'v2', strategy: 'canary' }, 1, 'deployments', 'create'],
    [setResources, { workload: name, cpu: '250m' }, 1, 'deployments', 'patch'],
    [editConfig, { configMap: 'chat-config', key: 'app.yaml', value: 'a: 2' }, 1, 'configmaps', 'patch'],
  ];
  for (const [action, params, reached, resource, verb] of cases)
    it(`${action.name} ${JSON.stringify(params)} needs no more, and without ${verb} on ${resource} says so`, async () => {
      const enough = await steps(action, params, action.rbac);
      assert.ok(
        enough.rows.every(({ saw }) => !/forbidden|cannot/.test(saw ?? '')),
        JSON.stringify(enough, undefined, 1),
      );
      assert.ok(
        enough.rows.filter(({ state }) => state === 'done').length >= reached,
        JSON.stringify(enough, undefined, 1),
      );

      await admin.remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-canary` });
      const less = await steps(
        action,
        { ...params, ...('value' in params ? { value: 'a: 3' } : 'cpu' in params ? { cpu: '300m' } : { image: 'v3' }) },
        without(action.rbac, resource, verb),
      );
      assert.match(less.failure ?? '', new RegExp(`cannot ${verb} resource "${resource}"`), JSON.stringify(less));
      assert.match(less.failure ?? '', /forbidden/);
    });

  it('deletePod needs no more, and without delete on pods is refused by name', async () => {
    const pod = await fixtures.addPod(name, 'bcdfg');
    const run = pastRun({ change: { pod, workload: name, createdAtMs: Date.now() } });
    const less = await portsWith([...without(deletePod.rbac, 'pods', 'delete'), ...reading]);
    await eventually(() => less.cluster.read());
    const error = await rejectsWith(deletePod.run(run, scene.occasion, less), 'forbidden');
    assert.match(error.message, /cannot delete resource "pods"/);

    const enough = await portsWith([...deletePod.rbac, ...reading]);
    await eventually(() => enough.cluster.read());
    await deletePod.run(run, scene.occasion, enough);
    await deletePod.run(run, scene.occasion, enough);
  });

  for (const [action, lacking] of [
    [checkHealth, 'services'],
    [troubleshoot, 'events'],
  ] as const)
    it(`${action.name} can read all it looks at, and what it may not see is unknown`, async () => {
      const params = action === troubleshoot ? { workload: name } : {};
      const text = (rows: Awaited<ReturnType<typeof steps>>) =>
        JSON.stringify(rows.rows.map(({ result, saw }) => [saw, result?.table]));
      assert.doesNotMatch(text(await steps(action, params, action.rbac, 1)), /forbidden/);
      assert.match(
        text(await steps(action, params, without(action.rbac, lacking, 'list'), 1)),
        new RegExp(`cannot list resource .{1,2}${lacking}`),
      );
    });

  it('the adapter for any object has the API server’s own conflicts, and takes what is not there for absent', async () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'chat-config' };
    const now = known(await admin.get(ref));
    await admin.patch(ref, { data: { more: 'x' } }, { runId: 'r', resourceVersion: now.metadata.resourceVersion });
    await rejectsWith(
      admin.patch(ref, { data: { more: 'y' } }, { runId: 'r', resourceVersion: now.metadata.resourceVersion }),
      'conflict',
    );
    await admin.patch(ref, { data: { more: null } }, { runId: 'r2' });
    const after = known(await admin.get(ref));
    assert.equal(JSON.stringify(after).includes('"more"'), false);
    assert.equal(after.metadata.annotations?.['gomeet.dev/run-id'], 'r2');

    assert.equal(await admin.get({ ...ref, name: 'nope' }), undefined);
    assert.deepEqual(await admin.list({ apiVersion: 'nobody.example/v1', kind: 'Nothing' }), []);
    const made = await admin.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } },
      { runId: 'r3' },
    );
    await admin.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } },
      { runId: 'r3' },
    );
    await rejectsWith(
      admin.remove({ ...ref, name: 'mine' }, { uid: '00000000-0000-0000-0000-000000000000' }),
      'conflict',
    );
    await admin.remove({ ...ref, name: 'mine' }, { uid: known(made.metadata.uid) });
    await admin.remove({ ...ref, name: 'mine' });
    assert.equal(
      (await admin.list({ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: 'app=nobody' })).length,
      0,
    );
  });
});
