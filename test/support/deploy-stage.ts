import { createKube } from '../../deploy/adapters/kubernetes.ts';
import { clean } from '../../deploy/kube/clean.ts';
import type { ObjectFile } from '../../deploy/kube/object.ts';
import type { Kube } from '../../deploy/kube/port.ts';
import type { DeployEvent, DeployOptions } from '../../deploy/phases/ports.ts';
import { deploy } from '../../deploy/phases/run.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { connectApi, createAll, type LabApi } from '../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../lab/cluster/nodes.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { patienceMs } from './patience.ts';

/** A real control plane with nodes, and what deploys to it. */
export interface DeployStage {
  readonly plane: ControlPlane;
  readonly api: LabApi;
  readonly kube: Kube;
  /** A clock that is later by a minute at each call, so that the lock of a killed run is over. */
  laterClock(): Clock;
  options(files: readonly ObjectFile[], change?: Partial<DeployOptions>): DeployOptions;
  deploy(files: readonly ObjectFile[], change?: Partial<DeployOptions>): ReturnType<typeof deploy>;
  readonly events: DeployEvent[];
  /** Empties the namespace. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** A deployment to staging that goes by nothing but the cluster. */
export function deployDefaults(kube: Kube, files: readonly ObjectFile[], clock: Clock): DeployOptions {
  return {
    environment: 'staging',
    clusterName: 'gomeet-staging',
    others: ['production', 'gomeet-cluster'],
    namespace,
    files,
    kube,
    clock,
    parts: {},
    checks: { preDeployment: [], postDeployment: [], validation: [] },
    tell: () => undefined,
    who: 'test',
    context: 'lab',
    readyWithinMs: patienceMs,
    pollMs: 100,
  };
}

/** Starts it; the context is named `lab`, so that every run has to name it until the cluster knows what it is. */
export async function startDeployStage(): Promise<DeployStage> {
  const plane = await startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace });
  const api = connectApi(plane.kubeconfig);
  await createAll(api, [
    nodeObject('node-1', { name: 'api', size: c32 }),
    nodeObject('node-2', { name: 'api', size: c32 }),
  ]);
  const kube = createKube({ kubeconfig: plane.kubeconfig, namespace });
  const events: DeployEvent[] = [];
  let minutes = 0;
  const laterClock = (): Clock => {
    minutes += 1;
    const shiftMs = minutes * 61_000;
    return { now: () => Date.now() + shiftMs, sleep: systemClock.sleep };
  };
  const options = (files: readonly ObjectFile[], change: Partial<DeployOptions> = {}): DeployOptions => ({
    ...deployDefaults(kube, files, laterClock()),
    tell: (event) => events.push(event),
    ...change,
  });
  return {
    plane,
    api,
    kube,
    laterClock,
    options,
    events,
    deploy: (files, change) => deploy(options(files, change)),
    async reset() {
      events.splice(0);
      await empty(kube);
      await createAll(api, [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'gomeet-secrets', namespace },
          data: { JWT_SECRET: Buffer.from('not-a-real-one').toString('base64') },
        } as never,
      ]);
    },
    stop: () => plane.stop(),
  };
}

const emptied = [
  'apps/v1 Deployment',
  'autoscaling/v2 HorizontalPodAutoscaler',
  'networking.k8s.io/v1 NetworkPolicy',
  'v1 Service',
  'v1 ConfigMap',
  'v1 Secret',
  'coordination.k8s.io/v1 Lease',
];

/** Empties the namespace, which is quicker than to delete it, and takes its labels and annotations off. */
async function empty(kube: Kube): Promise<void> {
  for (const text of emptied) {
    const [apiVersion = '', kind = ''] = text.split(' ');
    const objects = await kube.list({ apiVersion, kind, namespace });
    await Promise.all(
      objects.map(async ({ metadata: { name, uid = '' } }) => {
        if (name !== 'kube-root-ca.crt') await kube.remove({ apiVersion, kind, namespace, name }, uid);
      }),
    );
  }
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  const found = await kube.get(ref);
  if (found === undefined) return;
  const { labels: _labels, annotations: _annotations, managedFields: _fields, ...metadata } = found.metadata;
  await kube.replace({ ...found, metadata: { ...metadata, managedFields: [{}] } });
}

/** What stands of the declared objects and what else carries our label, without what changes by itself. */
export async function endState(kube: Kube): Promise<readonly unknown[]> {
  const kinds = [
    'apps/v1 Deployment',
    'v1 ConfigMap',
    'v1 Service',
    'autoscaling/v2 HorizontalPodAutoscaler',
    'networking.k8s.io/v1 NetworkPolicy',
  ];
  const lists = await Promise.all(
    kinds.map((text) => {
      const [apiVersion = '', kind = ''] = text.split(' ');
      return kube.list({ apiVersion, kind, namespace }, 'gomeet.dev/deployed-by=gomeet-deploy');
    }),
  );
  return lists
    .flat()
    .map((object) => clean(object))
    .sort((a, b) => `${a.kind}${a.metadata.name}`.localeCompare(`${b.kind}${b.metadata.name}`));
}
