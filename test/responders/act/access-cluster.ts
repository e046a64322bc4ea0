import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { memoryVolumes } from '../../../lab/fakes/memory-volumes.ts';
import type { ActPorts, PolicyRule } from '../../../responders/act/define.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import type { Objects } from '../../../responders/ports.ts';
import { clusterScoped } from '../../../responders/role.ts';
import { actRig } from '../../support/act-ports.ts';
import { known } from '../adapters/kubernetes/contract.ts';
import { createFixtures, type Fixtures, grant, kubeconfigWith } from '../adapters/kubernetes/live-cluster.ts';
import { name, policies, seen, suffixes, volume } from './access-stage.ts';

/** A real API server that holds what the actions are tried on; no controller runs. */
export interface AccessCluster {
  readonly fixtures: Fixtures;
  /** May everything. */
  readonly admin: Objects;
  /** The ports of a new service account with exactly these rules. */
  portsWith(rules: readonly PolicyRule[]): Promise<ActPorts>;
  /** What the API server counts as changed: the generation of what has one, the data of what has none. */
  standing(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startAccessCluster(): Promise<AccessCluster> {
  const plane = await startControlPlane();
  const fixtures = await createFixtures(plane.kubeconfig);
  const admin = await fill(plane, fixtures);
  let serial = 0;
  return {
    fixtures,
    admin,
    portsWith(rules) {
      serial += 1;
      return portsOf(plane, fixtures, `a${serial}`, rules);
    },
    standing: () => standing(admin),
    stop: () => plane.stop(),
  };
}

async function fill(plane: ControlPlane, fixtures: Fixtures): Promise<Objects> {
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
  const admin = createKubernetesObjects({ kubeconfig: plane.kubeconfig, namespace });
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
  return admin;
}

async function portsOf(
  plane: ControlPlane,
  fixtures: Fixtures,
  account: string,
  rules: readonly PolicyRule[],
): Promise<ActPorts> {
  const { core, namespace } = fixtures;
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

async function standing(admin: Objects): Promise<readonly string[]> {
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
