import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { runIdAnnotation } from '../../responders/adapters/kubernetes/objects.ts';
import { infrastructureOf } from '../../responders/edge/declared.ts';
import type { KubeObject, Objects } from '../../responders/ports.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { platformPolicies } from '../policies.ts';
import { wallMs } from '../time.ts';
import { rollOut } from './cluster.ts';
import { nodeReady } from './nodes.ts';
import type { Rim } from './rim.ts';
import type { SimDeployment, SimPod, SimState } from './state.ts';
import { deploymentStatus } from './step.ts';

const policy = 'NetworkPolicy';
/** The one change of a Deployment that the simulator knows. */
const NewImage = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ image: z.string() })]).rest(z.unknown()) }),
    }),
  }),
});

/** Address of the simulated load balancer. */
export const simAddress = '203.0.113.10';

/** Production's network policies, which a lockdown narrows, as a deployment applies them; and the secrets that a rotation renews. */
function changeableObjects(): Objects {
  const host = infrastructureOf()?.databases.find(({ engine }) => engine === 'pg')?.name;
  return memoryObjects([
    ...platformPolicies(platformNamespace),
    secretObject('gomeet-secrets', { JWT_SECRET: 'simulated-jwt-secret', TURN_SECRET: 'simulated-turn-secret' }),
    secretObject('digitalocean-credentials', {
      DO_POSTGRES_PASSWORD: 'simulated-password',
      DO_POSTGRES_CONNECTION_STRING: Object.assign(
        new URL(`postgresql://${host}-do-user-1.b.db.ondigitalocean.com:25060/gomeet`),
        { username: 'doadmin', password: 'simulated-password' },
      ).href,
    }),
  ]);
}

function secretObject(name: string, values: Readonly<Record<string, string>>): KubeObject {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, creationTimestamp: new Date().toISOString() },
    data: Object.fromEntries(data),
  };
}

/** The simulated platform as Kubernetes objects, of which only network policies, secrets and the image of a Deployment can be changed; pods that a drill adds are in a state of their own. */
export function simulatedObjects(rim: Rim, added: () => readonly KubeObject[]): Objects {
  const all = (): readonly KubeObject[] => {
    const state = rim.state('kubernetes');
    return [
      ...state.pods.map(podObject),
      ...added(),
      ...state.nodes.map(({ name, ...node }) =>
        object('v1', 'Node', name, {
          status: {
            conditions: [{ type: 'Ready', status: nodeReady({ name, ...node }, state.seconds) ? 'True' : 'False' }],
          },
        }),
      ),
      ...state.deployments.flatMap((deployment) => [
        deploymentObject(state, deployment),
        ...replicaSetObjects(rim, deployment),
      ]),
      object('v1', 'Service', 'traefik', {
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: { ingress: [{ ip: simAddress }] } },
      }),
      ...['traefik', 'pgbouncer-do'].map((name) =>
        object(
          'discovery.k8s.io/v1',
          'EndpointSlice',
          `${name}-1`,
          { endpoints: [{ conditions: { ready: true } }] },
          { 'kubernetes.io/service-name': name },
        ),
      ),
    ];
  };
  const kept = changeableObjects();
  const isKept = (kind: string) => kind === policy || kind === 'Secret';
  const changeable = (kind: string): Objects => {
    if (isKept(kind)) return kept;
    throw new PortError('kubernetes', 'unsupported', `of the simulated platform a ${kind} can only be looked at`);
  };
  return {
    get: async (ref) =>
      isKept(ref.kind)
        ? await kept.get(ref)
        : all().find((one) => one.kind === ref.kind && one.metadata.name === ref.name),
    list: async (of) => (isKept(of.kind) ? await kept.list(of) : all().filter(({ kind }) => kind === of.kind)),
    apply: async (object, by) => await changeable(object.kind).apply(object, by),
    patch: async (ref, patch, by) =>
      ref.kind === 'Deployment'
        ? patchDeployment(rim, ref.name, patch, by)
        : await changeable(ref.kind).patch(ref, patch, by),
    remove: async (ref, options) => await changeable(ref.kind).remove(ref, options),
  };
}

function object(apiVersion: string, kind: string, name: string, rest: object, labels: Record<string, string> = {}) {
  return { apiVersion, kind, metadata: { name, labels }, ...rest };
}

function podObject(pod: SimPod): KubeObject {
  const { name, workload, node, ready, restarts, waitingReason, unschedulable } = pod;
  const conditions =
    unschedulable === undefined
      ? []
      : [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable }];
  const state = waitingReason === undefined ? {} : { waiting: { reason: waitingReason } };
  return object(
    'v1',
    'Pod',
    name,
    {
      spec: node === undefined ? {} : { nodeName: node },
      status: {
        phase: ready ? 'Running' : 'Pending',
        conditions,
        containerStatuses: [{ name: workload, image: workload, restartCount: restarts, state }],
      },
    },
    { app: workload },
  );
}

function deploymentObject(state: SimState, deployment: SimState['deployments'][number]): KubeObject {
  const { ready, updated } = deploymentStatus(state, deployment);
  const { name, replicas, image, runId, resourceVersion } = deployment;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      labels: {},
      resourceVersion: String(resourceVersion),
      annotations: runId === undefined ? {} : { [runIdAnnotation]: runId },
    },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: templateOf(name, image) },
    status: { readyReplicas: ready, updatedReplicas: updated },
  };
}

function templateOf(name: string, image: string) {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } };
}

function replicaSetObjects(rim: Rim, { name, rollouts }: SimDeployment): readonly KubeObject[] {
  return rollouts.map(({ atSeconds, revision, image }) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${revision}`,
      creationTimestamp: new Date(wallMs(rim.time, atSeconds)).toISOString(),
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', name }],
    },
    spec: { template: templateOf(name, image) },
  }));
}

function patchDeployment(
  rim: Rim,
  name: string,
  patch: object,
  by: { readonly runId: string; readonly resourceVersion?: string | undefined },
): KubeObject {
  const state = rim.state('kubernetes');
  const deployment = state.deployments.find((one) => one.name === name);
  if (deployment === undefined) throw new PortError('kubernetes', 'not-found', `deployments.apps "${name}" not found`);
  if (by.resourceVersion !== undefined && by.resourceVersion !== String(deployment.resourceVersion))
    throw new PortError('kubernetes', 'conflict', `deployments.apps "${name}": the object has been modified`);
  const { image } = NewImage.parse(patch).spec.template.spec.containers[0];
  Object.assign(deployment, { runId: by.runId, resourceVersion: deployment.resourceVersion + 1 });
  if (image !== deployment.image) rollOut(state, deployment, { image });
  rim.record({ peer: 'kubernetes', verb: 'setImage', target: name, value: image, runId: by.runId });
  return deploymentObject(state, deployment);
}
