import { PortError } from '../../kernel/errors.ts';
import type { KubeObject, Objects } from '../../responders/ports.ts';
import { nodeReady } from './nodes.ts';
import type { Rim } from './rim.ts';
import type { SimPod, SimState } from './state.ts';
import { deploymentStatus } from './step.ts';

/** Address of the simulated load balancer. */
export const simAddress = '203.0.113.10';

/** The simulated platform as Kubernetes objects, for what only looks; pods that a drill adds are in a state of their own. */
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
      ...state.deployments.map((deployment) => deploymentObject(state, deployment)),
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
  const unchanged = async (): Promise<never> => {
    throw new PortError('kubernetes', 'unsupported', 'objects of the simulated platform can only be looked at');
  };
  return {
    get: async ({ kind, name }) => all().find((one) => one.kind === kind && one.metadata.name === name),
    list: async ({ kind }) => all().filter((one) => one.kind === kind),
    apply: unchanged,
    patch: unchanged,
    remove: unchanged,
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
  const { name, replicas } = deployment;
  return object('apps/v1', 'Deployment', name, {
    spec: { replicas },
    status: { readyReplicas: ready, updatedReplicas: updated },
  });
}
