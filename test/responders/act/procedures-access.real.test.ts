import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import { errorText } from '../../../kernel/errors.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { memoryVolumes } from '../../../lab/fakes/memory-volumes.ts';
import type { Action, PolicyRule } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import type { Objects } from '../../../responders/ports.ts';
import { clusterScoped } from '../../../responders/role.ts';
import { actRig } from '../../support/act-ports.ts';
import { pastRun } from '../../support/situation.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { known, rejectsWith } from '../adapters/kubernetes/contract.ts';
import {
  createFixtures,
  eventually,
  type Fixtures,
  grant,
  kubeconfigWith,
} from '../adapters/kubernetes/live-cluster.ts';
import { declared, lapsed, name, podNames, policies, reading, scene, seen, suffixes, volume } from './access-stage.ts';

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
    const container = { name: 'backup', image: 'backup' };
    await admin.apply(
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'backup' },
        spec: {
          schedule: '0 2 * * *',
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
        },
      },
      { runId: 'setup' },
    );
    await fixtures.addDeployment('livekit-sfu', 27);
    await fixtures.addScaledObject('nobody', { min: 1, max: 2 });
    for (const suffix of suffixes) await fixtures.addPod(name, suffix);
    const fleet = await fixtures.apps.readNamespacedDeployment({ name: 'livekit-sfu', namespace });
    const status = { replicas: 27, readyReplicas: 27, updatedReplicas: 27, observedGeneration: 1 };
    await fixtures.apps.replaceNamespacedDeploymentStatus({
      name: 'livekit-sfu',
      namespace,
      body: { ...fleet, status },
    });
    await fixtures.addDeployment('auth-service', 3);
    await core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: 'gomeet-secrets' }, stringData: { JWT_SECRET: 'old' } },
    });
    for (const { apiVersion, kind, metadata, spec } of policies)
      await admin.apply({ apiVersion, kind, metadata: { name: metadata.name }, spec }, { runId: 'setup' });
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
    const backups = {
      find: async (id: string) => ({ id, components: ['postgresql'] }),
      look: async () => ({ finished: [] }),
      restoreOver: async () => ({ ok: true, says: 'restored' }),
    };
    return {
      ...actRig({ backups, volumes: memoryVolumes([volume]) }).ports,
      objects,
      cluster: createKubernetesCluster(options),
    };
  }

  /** Takes an action on for some turns under an account with these rules; what it said, and how many steps were over. */
  async function attempt(action: Action, params: object, rules: readonly PolicyRule[], lacking?: string) {
    const ports = await portsWith(rules);
    const plan = action.preflight(params, seen, { ...scene, declared, lapsed });
    assert.ok('change' in plan, JSON.stringify(plan));
    let run = pastRun({
      id: `r${serial}`,
      action: action.name,
      change: plan.change,
      state: 'verifying',
      actedAtMs: Date.now(),
    });
    // A new right is known to the authorizer a moment after it was given.
    await eventually(async () => {
      await ports.cluster.read().catch((error: unknown) => {
        if (lacking === undefined || !errorText(error).includes(lacking)) throw error;
      });
    });
    if (action.stride === undefined) {
      const text = await action.run(run, scene.occasion, ports).then(JSON.stringify, errorText);
      return { text: text ?? '', done: 0 };
    }
    for (let turn = 0; turn < 20; turn += 1) {
      const stride = await action.stride(run, {
        occasion: scene.occasion,
        ports,
        declared,
        nowMs: Date.now(),
        late: false,
      });
      run = { ...run, change: stride.change ?? run.change };
      if (stride.kind === 'end') break;
    }
    const { steps = [], failure } = progressOf(run) ?? {};
    const text = JSON.stringify([
      failure,
      steps.map(({ state, saw, result }) => [state, saw, result?.table, result?.lines]),
    ]);
    return { text, done: steps.filter(({ state }) => state === 'done').length };
  }

  function without(rules: readonly PolicyRule[], resource: string, verb: string): PolicyRule[] {
    return rules
      .flatMap((rule) => rule.resources.map((one) => ({ ...rule, resources: [one] })))
      .map((rule) =>
        rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
      )
      .filter(({ verbs }) => verbs.length > 0);
  }

  /** What an action is asked, and which one of its rights is then taken away. */
  interface Case {
    readonly params: object;
    readonly lacks: readonly [resource: string, verb: string];
    /** Steps that are over within a few turns when nothing is lacking. */
    readonly reached?: number;
  }
  const workload = name;
  // One for each action there is: one that is new does not compile without.
  const cases: { readonly [Name in ActionName]: Case | 'nothing of the cluster' } = {
    drainSfu: { params: {}, lacks: ['pods', 'patch'] },
    scaleSfu: { params: { step: 1 }, lacks: ['deployments', 'patch'] },
    restartWorkload: { params: { workload }, lacks: ['deployments', 'patch'] },
    restartAll: { params: { workloads: [workload] }, lacks: ['deployments', 'patch'] },
    runRoutine: { params: { routine: 'morning' }, lacks: ['events', 'list'], reached: 4 },
    troubleshoot: { params: { workload }, lacks: ['events', 'list'], reached: 1 },
    setResources: { params: { workload, cpu: '250m' }, lacks: ['deployments', 'patch'], reached: 1 },
    deletePod: { params: { pod: podNames[0] }, lacks: ['pods', 'delete'] },
    forceDeletePod: { params: { pod: podNames[1] }, lacks: ['pods', 'delete'] },
    editConfig: {
      params: { configMap: 'chat-config', key: 'app.yaml', value: 'a: 2' },
      lacks: ['configmaps', 'patch'],
      reached: 1,
    },
    repairDns: { params: {}, lacks: ['services', 'list'] },
    repairFirewall: 'nothing of the cluster',
    createAutoscaler: {
      params: { workload: 'auth-service' },
      lacks: ['scaledobjects', 'create'],
      reached: 1,
    },
    autoscalePool: 'nothing of the cluster',
    scaleWorkload: { params: { workload, replicas: 4 }, lacks: ['deployments', 'patch'] },
    lapseScale: { params: {}, lacks: ['deployments', 'patch'] },
    rollOut: {
      params: { workload, image: 'v2', strategy: 'canary' },
      lacks: ['deployments', 'create'],
      reached: 1,
    },
    rollBack: { params: { workload }, lacks: ['replicasets', 'list'] },
    recreate: { params: { workload, image: 'v2' }, lacks: ['deployments', 'patch'] },
    checkHealth: { params: {}, lacks: ['services', 'list'], reached: 1 },
    runBackup: { params: {}, lacks: ['jobs', 'create'], reached: 1 },
    rotateSecrets: { params: { keys: ['JWT_SECRET'] }, lacks: ['secrets', 'patch'], reached: 1 },
    lockDown: { params: { workloads: [workload] }, lacks: ['networkpolicies', 'patch'], reached: 1 },
    liftLockdown: { params: { workloads: [workload] }, lacks: ['networkpolicies', 'get'], reached: 1 },
    promoteReplica: 'nothing of the cluster',
    restoreManaged: 'nothing of the cluster',
    restoreOverProduction: { params: { backup: 'b', components: ['postgresql'] }, lacks: ['services', 'list'] },
    respondToOutage: { params: { band: 'investigate' }, lacks: ['replicasets', 'list'], reached: 2 },
    raiseNodePool: 'nothing of the cluster',
    deleteVolume: { params: { volume: 'v' }, lacks: ['persistentvolumes', 'list'] },
    silenceAlert: 'nothing of the cluster',
    openIncident: 'nothing of the cluster',
    escalate: 'nothing of the cluster',
  };
  for (const [key, one] of Object.entries(cases)) {
    const action: Action = actions[key as ActionName];
    if (one === 'nothing of the cluster') continue;
    const [resource, verb] = one.lacks;
    it(`${key} needs no more than it declares, and without ${verb} on ${resource} says so`, async () => {
      // What is refused leaves everything as it is for the try that may.
      const less = await attempt(
        action,
        one.params,
        without([...action.rbac, ...reading], resource, verb),
        `cannot ${verb} resource "${resource}"`,
      );
      assert.match(less.text, new RegExp(`forbidden.+cannot ${verb} resource .{1,2}${resource}`));
      const enough = await attempt(action, one.params, [...action.rbac, ...reading]);
      assert.doesNotMatch(enough.text, /forbidden/);
      assert.ok(enough.done >= (one.reached ?? 0), enough.text);
    });
  }

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
