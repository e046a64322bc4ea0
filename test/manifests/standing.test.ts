import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { fieldOf, type KubeObject } from '../../deploy/kube/object.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { environments } from '../../manifests/environments/index.ts';

const deployable = [environments.production, environments.staging, environments.starter];

/** What keeps a platform standing while pods, nodes and releases come and go, looked for in the rendered objects of each environment. */
for (const { name, workloads } of deployable)
  describe(`what keeps ${name} standing`, () => {
    const objects: readonly KubeObject[] = platformFiles(name).flatMap((file) => file.objects);
    const ours = objects.filter(({ metadata }) => metadata.namespace === platformNamespace);
    const ofKind = (...kinds: readonly string[]) => ours.filter(({ kind }) => kinds.includes(kind));
    const all = ofKind('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob');
    const podOf = (object: KubeObject) =>
      object.kind === 'CronJob'
        ? fieldOf(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
        : fieldOf(object, 'spec', 'template', 'spec');
    const made = workloads.filter(({ kind, rendered }) => kind !== 'managed' && rendered === undefined);
    const objectOf = (workload: string) =>
      all.find(({ metadata }) => metadata.name === workload) ?? assert.fail(workload);

    it('whatever others ask through a Service keeps answering until it is out of it; an SFU drains by itself', () => {
      const asked = made.filter(({ kind, clients }) => kind === 'Deployment' && clients.length > 0);
      assert.ok(asked.length > 15);
      for (const { name: workload } of asked) {
        const pod = podOf(objectOf(workload));
        const pause = Number(fieldOf(pod, 'containers', '0', 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0);
        if (workload === 'livekit-sfu') assert.equal(pause, 0);
        else assert.ok(pause >= 5 && pause < Number(fieldOf(pod, 'terminationGracePeriodSeconds')), workload);
      }
    });

    it('whatever has or may have several replicas is spread over nodes, its own kind beside each other last', () => {
      const several = made.filter(
        ({ kind, maxReplicas }) => /^(Deployment|StatefulSet)$/.test(kind) && maxReplicas > 1,
      );
      assert.ok(several.length > 10);
      for (const { name: workload } of several) {
        const pod = podOf(objectOf(workload));
        const apart = fieldOf(
          pod,
          'affinity',
          'podAntiAffinity',
          'requiredDuringSchedulingIgnoredDuringExecution',
          '0',
        );
        const spread = fieldOf(pod, 'topologySpreadConstraints', '0');
        const rule = workload === 'livekit-sfu' ? apart : spread;
        assert.equal(fieldOf(rule, 'topologyKey'), 'kubernetes.io/hostname', workload);
        // A selector that finds other pods than its own would spread nothing.
        assert.deepEqual(
          fieldOf(rule, 'labelSelector', 'matchLabels'),
          fieldOf(objectOf(workload), 'spec', 'selector', 'matchLabels'),
          workload,
        );
        if (spread !== undefined) assert.equal(fieldOf(spread, 'maxSkew'), 1, workload);
      }
    });

    it('every pod has a priority that exists: media before services before monitoring before what can wait', () => {
      const classes = new Map(
        objects.filter(({ kind }) => kind === 'PriorityClass').map((one) => [one.metadata.name, one] as const),
      );
      const of = (workload: string) => {
        const named = String(fieldOf(podOf(objectOf(workload)), 'priorityClassName'));
        return Number(fieldOf(classes.get(named) ?? assert.fail(`${workload}: ${named}`), 'value'));
      };
      for (const { name: workload } of made) assert.ok(of(workload) < 1_000_000_000, 'above are the system classes');
      const falling = ['livekit-sfu', 'node-exporter', 'signaling-service', 'prometheus', 'backup'].map(of);
      assert.deepEqual(
        falling,
        [...new Set(falling)].sort((a, b) => b - a),
      );
      assert.equal(of('traefik'), of('signaling-service'));
      assert.equal(fieldOf(classes.get('gomeet-batch'), 'preemptionPolicy'), 'Never');
      assert.ok([...classes.values()].every((one) => fieldOf(one, 'globalDefault') !== true));
    });

    it('every workload of several replicas has a budget that finds its pods and leaves a node to be emptied; meetings and recordings are never evicted', () => {
      const budgets = ofKind('PodDisruptionBudget');
      const several = made.filter(
        ({ kind, replicas }) => (kind === 'Deployment' || kind === 'StatefulSet') && replicas > 1,
      );
      for (const { name: workload, replicas } of several) {
        const own = budgets.filter(({ metadata }) => metadata.name === workload);
        assert.equal(own.length, 1, workload);
        assert.deepEqual(
          fieldOf(own[0], 'spec', 'selector', 'matchLabels'),
          fieldOf(objectOf(workload), 'spec', 'selector', 'matchLabels'),
          workload,
        );
        const held = workload === 'livekit-sfu' || workload === 'livekit-recorder';
        assert.equal(fieldOf(own[0], 'spec', 'maxUnavailable'), held ? 0 : 1, workload);
        assert.ok(held || replicas > 1, workload);
      }
      for (const budget of budgets) assert.ok(made.some((one) => one.name === budget.metadata.name));
    });

    it('every claim asks for the class that the README names, which is defined as the one kind of volume that DOKS has', () => {
      const [storage, ...others] = objects.filter(({ kind }) => kind === 'StorageClass');
      assert.deepEqual([storage?.metadata.name, others], ['do-block-storage-optimized', []]);
      assert.deepEqual(
        ['provisioner', 'reclaimPolicy', 'allowVolumeExpansion', 'volumeBindingMode'].map((key) =>
          fieldOf(storage, key),
        ),
        ['dobs.csi.digitalocean.com', 'Retain', true, 'WaitForFirstConsumer'],
      );
      const claims = ofKind('StatefulSet').flatMap((one) => {
        const templates = fieldOf(one, 'spec', 'volumeClaimTemplates');
        return Array.isArray(templates) ? templates : [];
      });
      assert.equal(
        claims.length,
        made.reduce((sum, one) => sum + (one.storage?.length ?? 0), 0),
      );
      for (const claim of claims) {
        assert.equal(fieldOf(claim, 'spec', 'storageClassName'), 'do-block-storage-optimized');
        assert.deepEqual(fieldOf(claim, 'spec', 'accessModes'), ['ReadWriteOnce']);
      }
    });

    it('the quota holds everything at its most and a rollout besides, and one load balancer; what says nothing gets limits', () => {
      const hard = (key: string) => parseFloat(String(fieldOf(ofKind('ResourceQuota')[0], 'spec', 'hard', key)));
      const { pools } = deployable.find((one) => one.name === name) ?? assert.fail(name);
      const nodes = pools.reduce((sum, { maxNodes }) => sum + maxNodes, 0);
      const most = made.map((one) => ({ ...one, pods: one.kind === 'DaemonSet' ? nodes : one.maxReplicas }));
      const sum = (of: (one: (typeof most)[number]) => number) => most.reduce((total, one) => total + of(one), 0);
      assert.ok(hard('requests.cpu') >= sum(({ pods, requests }) => pods * requests.cpuCores));
      assert.ok(hard('pods') >= sum(({ pods }) => pods));
      assert.equal(hard('services.loadbalancers'), 1);
      const [limit] = ofKind('LimitRange');
      assert.ok(fieldOf(limit, 'spec', 'limits', '0', 'default', 'memory'));
      assert.ok(fieldOf(limit, 'spec', 'limits', '0', 'defaultRequest', 'cpu'));
    });

    it('no account is handed a token by itself; a pod has one exactly where a Role is bound to its account', () => {
      const bound = new Set(
        objects
          .filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
          .flatMap((one) => {
            const subjects = fieldOf(one, 'subjects');
            return Array.isArray(subjects) ? subjects.map((subject) => String(fieldOf(subject, 'name'))) : [];
          }),
      );
      for (const account of ofKind('ServiceAccount'))
        if (made.some((one) => one.name === account.metadata.name))
          assert.equal(fieldOf(account, 'automountServiceAccountToken'), false, account.metadata.name);
      for (const object of all.filter(({ metadata }) => made.some((one) => one.name === metadata.name)))
        assert.equal(
          fieldOf(podOf(object), 'automountServiceAccountToken'),
          bound.has(String(fieldOf(podOf(object), 'serviceAccountName'))),
          object.metadata.name,
        );
    });
  });
