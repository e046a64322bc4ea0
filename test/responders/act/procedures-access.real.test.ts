import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import { errorText } from '../../../kernel/errors.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { memoryVolumes } from '../../../lab/fakes/memory-volumes.ts';
import type { Action, ActPorts, PolicyRule } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import type { Objects } from '../../../responders/ports.ts';
import { clusterScoped } from '../../../responders/role.ts';
import { actRig } from '../../support/act-ports.ts';
import { mortal } from '../../support/killed-at.ts';
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
    await Promise.all(
      seen.cluster.value.pods
        .filter((pod) => pod.workload === 'livekit-sfu')
        .map((pod) => {
          const spec = { automountServiceAccountToken: false, containers: [{ name: 'sfu', image: 'sfu' }] };
          return core.createNamespacedPod({ namespace, body: { metadata: { name: pod.name }, spec } });
        }),
    );
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

  /** What the API server counts as changed: the generation of what has one, the data of what has none. */
  async function standing(): Promise<readonly string[]> {
    const kinds = [
      'apps/v1 Deployment',
      'networking.k8s.io/v1 NetworkPolicy',
      'batch/v1 Job',
      'v1 Pod',
      'v1 ConfigMap',
      'v1 Secret',
      'keda.sh/v1alpha1 ScaledObject',
    ];
    const all = await Promise.all(
      kinds.map(async (text) => {
        const [apiVersion = '', kind = ''] = text.split(' ');
        return await admin.list({ apiVersion, kind });
      }),
    );
    return all
      .flat()
      .map(
        ({ kind, metadata, ...rest }) =>
          `${kind} ${metadata.name} ${'generation' in metadata ? metadata.generation : ''} ${JSON.stringify(rest['data'])}`,
      );
  }

  /** Takes an action on until it ends or only waits, under an account with these rules; what it said, and how many steps were over. */
  async function attempt(
    action: Action,
    params: object,
    rules: readonly PolicyRule[],
    lacking?: string,
    killed = false,
  ) {
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
    const unread = await eventually(() =>
      ports.cluster.read().then(
        () => '',
        (error: unknown) => {
          if (lacking !== undefined && errorText(error).includes(lacking)) return errorText(error);
          throw error;
        },
      ),
    );
    const responder = mortal(ports, killed ? 'after its first write' : undefined);
    if (action.stride === undefined) {
      const act = (living: ActPorts) => action.run(run, scene.occasion, living).then(JSON.stringify, errorText);
      const taken = await responder.turn(act);
      const left = taken === undefined ? await standing() : undefined;
      const text = taken !== undefined ? taken.kept : (await action.applied(run, ports)) ? '' : await act(ports);
      // A drain has marked a pod by its first write and has the rest still to do.
      if (left !== undefined && action !== actions.drainSfu)
        assert.deepEqual(await standing(), left, 'it was done twice');
      return { text: `${unread}${text ?? ''}`, done: 0, verdict: undefined, killed: taken === undefined };
    }
    let verdict: string | undefined;
    let left: readonly string[] | undefined;
    let died = false;
    for (let turn = 0, waits = 0; turn < 60 && waits < 3; turn += 1) {
      const taken = await responder.turn(async (living) =>
        action.stride?.(structuredClone(run), {
          occasion: scene.occasion,
          ports: living,
          declared,
          nowMs: Date.now(),
          late: false,
        }),
      );
      if (taken?.kept === undefined) {
        died = true;
        left = await standing();
        continue;
      }
      if (left !== undefined) assert.deepEqual(await standing(), left, 'it was done twice');
      left = undefined;
      const { kept: stride } = taken;
      run = { ...run, change: stride.change ?? run.change };
      waits = stride.kind === 'wait' ? waits + 1 : 0;
      if (stride.kind !== 'end') continue;
      verdict = stride.verdict;
      break;
    }
    const { steps = [], failure } = progressOf(run) ?? {};
    const text = JSON.stringify([
      unread,
      failure,
      steps.map(({ state, saw, result }) => [state, saw, result?.table, result?.lines]),
    ]);
    return { text, done: steps.filter(({ state }) => state === 'done').length, verdict, killed: died };
  }

  function without(rules: readonly PolicyRule[], resource: string, verb: string): PolicyRule[] {
    return rules
      .flatMap((rule) => rule.resources.map((one) => ({ ...rule, resources: [one] })))
      .map((rule) =>
        rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
      )
      .filter(({ verbs }) => verbs.length > 0);
  }

  /** Every right that an action declares, once, those that change something first: without one the platform stands as it did for the next. */
  function rightsOf({ rbac }: Action): (readonly [verb: string, resource: string])[] {
    const rights = rbac.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    const order = ['patch', 'create', 'delete', 'get', 'list'];
    const rank = (right: string) => order.findIndex((verb) => right.startsWith(verb));
    return [...new Set(rights)]
      .sort((a, b) => rank(a) - rank(b))
      .map((right) => {
        const [verb = '', resource = ''] = right.split(' ');
        return [verb, resource];
      });
  }

  /** What an action is asked here, and which of its rights it does not come to: no controller runs, so that nothing gets ready and nothing goes wrong. */
  interface Case {
    readonly params: object;
    readonly beyond?: readonly string[];
    /** Puts back what an attempt that went through has taken. */
    readonly before?: () => Promise<unknown>;
    /** What it would change stands so already, or is not there. */
    readonly changesNothing?: true;
    /** Steps that are over within a few turns when nothing is lacking. */
    readonly reached?: number;
  }
  const workload = name;
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const refill = () =>
    admin.patch({ ...deployment, name: 'livekit-sfu' }, { spec: { replicas: 27 } }, { runId: 'setup' });
  // Nothing here has an autoscaler.
  const floors = [
    'patch horizontalpodautoscalers',
    'patch scaledobjects',
    'get horizontalpodautoscalers',
    'get scaledobjects',
  ];
  // Asked for where there are Services with a load balancer, and where there is cert-manager.
  const deepHealth = ['list endpointslices', 'list certificates'];
  // After the pods of the new version are ready.
  const routing = [
    'patch services',
    'patch ingressroutes',
    'patch traefikservices',
    'create services',
    'create ingressroutes',
    'create traefikservices',
    'delete deployments',
    'delete services',
    'delete ingressroutes',
    'delete traefikservices',
    'get services',
    'list ingresses',
    'list ingressroutes',
  ];
  // One for each action there is: one that is new does not compile without.
  const cases: { readonly [Name in ActionName]: Case | 'nothing of the cluster' } = {
    drainSfu: {
      beyond: floors,
      before: refill,
      params: {},
    },
    scaleSfu: {
      beyond: floors,
      before: refill,
      params: { step: 1 },
    },
    restartWorkload: {
      params: { workload },
      before: () =>
        admin.patch(
          { ...deployment, name },
          { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': null } } } } },
          { runId: 'setup' },
        ),
    },
    restartAll: { params: { workloads: [workload] } },
    runRoutine: {
      beyond: deepHealth,
      params: { routine: 'morning' },
      reached: 4,
    },
    troubleshoot: {
      beyond: ['get pods/log'],
      params: { workload },
      reached: 1,
    },
    setResources: { params: { workload, cpu: '250m' }, reached: 1 },
    deletePod: {
      params: { pod: podNames[0] },
      before: () => fixtures.addPod(name, suffixes[0]).catch(() => undefined),
    },
    forceDeletePod: {
      params: { pod: podNames[1] },
      before: () => fixtures.addPod(name, suffixes[1]).catch(() => undefined),
    },
    editConfig: {
      beyond: ['patch deployments', 'get deployments'],
      params: { configMap: 'chat-config', key: 'app.yaml', value: 'a: 2' },
      before: () =>
        admin.patch(
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'chat-config' },
          { data: { 'app.yaml': 'a: 1' } },
          { runId: 'setup' },
        ),
      reached: 1,
    },
    repairDns: { params: {} },
    repairFirewall: 'nothing of the cluster',
    createAutoscaler: {
      beyond: [
        'patch horizontalpodautoscalers',
        'create horizontalpodautoscalers',
        'delete horizontalpodautoscalers',
        'delete scaledobjects',
        'get horizontalpodautoscalers',
      ],
      params: { workload: 'auth-service' },
      before: () => admin.remove({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'auth-service' }),
      reached: 1,
    },
    autoscalePool: 'nothing of the cluster',
    scaleWorkload: {
      beyond: floors,
      params: { workload, replicas: 4 },
    },
    lapseScale: {
      beyond: floors,
      params: {},
    },
    rollOut: {
      beyond: routing,
      before: () => admin.remove({ ...deployment, name: `${name}-canary` }),
      params: { workload, image: 'v2', strategy: 'canary' },
      reached: 1,
    },
    rollBack: {
      changesNothing: true,
      beyond: ['patch deployments'],
      params: { workload },
    },
    recreate: { params: { workload, image: 'v2' } },
    checkHealth: {
      beyond: deepHealth,
      params: {},
      reached: 1,
    },
    runBackup: { params: {}, reached: 1 },
    rotateSecrets: { params: { keys: ['JWT_SECRET'] }, reached: 1 },
    lockDown: {
      changesNothing: true,
      beyond: ['create networkpolicies', 'delete networkpolicies'],
      params: { workloads: [workload] },
      reached: 1,
    },
    liftLockdown: {
      changesNothing: true,
      beyond: ['create networkpolicies', 'delete networkpolicies', ...deepHealth],
      params: { workloads: [workload] },
      reached: 1,
    },
    promoteReplica: 'nothing of the cluster',
    restoreManaged: 'nothing of the cluster',
    restoreOverProduction: {
      beyond: deepHealth,
      params: { backup: 'b', components: ['postgresql'] },
    },
    respondToOutage: {
      // The other bands look at the platform's health.
      beyond: [...deepHealth, 'list daemonsets', 'list networkpolicies', 'list services', 'list statefulsets'],
      params: { band: 'investigate' },
      reached: 2,
    },
    raiseNodePool: 'nothing of the cluster',
    deleteVolume: { params: { volume: 'v' } },
    silenceAlert: 'nothing of the cluster',
    openIncident: 'nothing of the cluster',
    escalate: 'nothing of the cluster',
  };
  for (const [key, one] of Object.entries(cases)) {
    const action: Action = actions[key as ActionName];
    if (one === 'nothing of the cluster') continue;
    it(`${key} needs no more than it declares, also when it is killed after its first write, and says so without any one of its verbs`, async () => {
      const silent: string[] = [];
      for (const [verb, resource] of rightsOf(action)) {
        const right = `${verb} ${resource}`;
        await one.before?.();
        const words = `cannot ${verb} resource "${resource}"`;
        const less = await attempt(action, one.params, without([...action.rbac, ...reading], resource, verb), words);
        const refused = [...less.text.matchAll(/cannot (\w+) resource .{1,2}?([\w/]+)/g)].map(
          ([, v, r]) => `${v} ${r}`,
        );
        assert.deepEqual([...new Set(refused)], refused.length === 0 ? [] : [right], less.text);
        if (refused.length === 0) silent.push(right);
        // Who may not look at something still does the rest, and says what was not seen.
        else if (verb !== 'list' && action.reach !== 'reading') assert.notEqual(less.verdict, 'verified', right);
      }
      await one.before?.();
      const enough = await attempt(action, one.params, [...action.rbac, ...reading], undefined, true);
      if (rightsOf(action).some(([verb]) => verb !== 'get' && verb !== 'list'))
        assert.equal(enough.killed, !one.changesNothing, 'killed after its first write');
      assert.doesNotMatch(enough.text, /forbidden/);
      if (action.stride === undefined) assert.equal(enough.text, '');
      assert.ok(enough.done >= (one.reached ?? 0), enough.text);
      assert.deepEqual(silent.sort(), [...(one.beyond ?? [])].sort());
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
