import { PortError } from '../../kernel/errors.ts';
import type { Autoscaler, Cluster, ClusterState, Deployment, Evidence, Pod } from '../../responders/ports.ts';
import { wallMs } from '../time.ts';
import { nodeReady } from './nodes.ts';
import type { Rim } from './rim.ts';
import { addEvent, type SimAutoscaler, type SimDeployment, type SimPod, type SimState } from './state.ts';
import { deploymentStatus } from './step.ts';

const peer = 'kubernetes';

/** Kubernetes of the simulated platform: conflicts, run ids and rollouts as the API server has them. */
export function simulatedCluster(rim: Rim): Cluster {
  const find = (name: string) => {
    const found = rim.state(peer).deployments.find((deployment) => deployment.name === name);
    if (found === undefined) throw new PortError(peer, 'not-found', `deployments.apps "${name}" not found`);
    return found;
  };
  return {
    async read(): Promise<ClusterState> {
      const state = rim.state(peer);
      return {
        deployments: state.deployments.map((deployment) => showDeployment(rim, state, deployment)),
        pods: state.pods.map((pod) => showPod(rim, pod)),
        readyNodes: state.nodes
          .filter((node) => nodeReady(node, state.seconds))
          .map(({ name, pool }) => ({ name, pool })),
      };
    },
    async deployment(name) {
      const state = rim.state(peer);
      const found = state.deployments.find((deployment) => deployment.name === name);
      return found && showDeployment(rim, state, found);
    },
    async scale({ deployment: name, replicas, resourceVersion, runId }) {
      const deployment = find(name);
      if (deployment.runId === runId && deployment.replicas === replicas) return;
      expectVersion(`deployments.apps "${name}"`, deployment.resourceVersion, resourceVersion);
      if (deployment.replicas !== replicas) deployment.generation += 1;
      Object.assign(deployment, { replicas, runId, resourceVersion: deployment.resourceVersion + 1 });
      rim.record({ peer, verb: 'scale', target: name, value: replicas, runId });
    },
    async setFloor({ autoscaler: { name, kind, resourceVersion }, minReplicas, runId }) {
      const autoscaler = rim
        .state(peer)
        .autoscalers.find((candidate) => candidate.name === name && candidate.kind === kind);
      if (autoscaler === undefined) throw new PortError(peer, 'not-found', `${kind} "${name}" not found`);
      if (autoscaler.runId === runId && autoscaler.minReplicas === minReplicas) return;
      expectVersion(`${kind} "${name}"`, autoscaler.resourceVersion, resourceVersion);
      Object.assign(autoscaler, {
        minReplicas,
        runId,
        resourceVersion: autoscaler.resourceVersion + 1,
        nextSyncSeconds: 0,
      });
      rim.record({ peer, verb: 'setFloor', target: name, value: minReplicas, runId });
    },
    async restart({ deployment: name, restartedAt, resourceVersion, runId }) {
      const deployment = find(name);
      if (deployment.runId === runId && deployment.restartedAt === restartedAt) return;
      expectVersion(`deployments.apps "${name}"`, deployment.resourceVersion, resourceVersion);
      const rollsOut = deployment.restartedAt !== restartedAt;
      Object.assign(deployment, { runId, resourceVersion: deployment.resourceVersion + 1 });
      if (rollsOut) rollOut(rim.state(peer), deployment, { restartedAt });
      rim.record({ peer, verb: 'restart', target: name, value: restartedAt, runId });
    },
    async setDeletionCost({ pod: name, cost, runId }) {
      const pod = rim.state(peer).pods.find((candidate) => candidate.name === name);
      if (pod === undefined && cost === null) return;
      if (pod === undefined) throw new PortError(peer, 'not-found', `pods "${name}" not found`);
      Object.assign(pod, { deletionCost: cost ?? undefined, deletionCostRunId: runId });
      rim.record({ peer, verb: 'setDeletionCost', target: name, value: cost, runId });
    },
    async evidence(workload): Promise<Evidence> {
      const state = rim.state(peer);
      const crashing = state.pods.some((pod) => pod.workload === workload && pod.waitingReason === 'CrashLoopBackOff');
      return {
        events: state.events
          .filter((event) => event.workload === workload)
          .map(({ atSeconds, reason, message, object }) => ({
            atMs: wallMs(rim.time, atSeconds),
            reason,
            message,
            object,
          })),
        logLines: crashing
          ? ['starting', 'FATAL: could not open configuration: connection pool exhausted', 'exit status 1']
          : [],
        rollouts: rolloutsOf(
          rim,
          state.deployments.find((deployment) => deployment.name === workload),
        ),
      };
    },
  };
}

function expectVersion(what: string, actual: number, given: string): void {
  if (String(actual) !== given)
    throw new PortError(peer, 'conflict', `Operation cannot be fulfilled on ${what}: the object has been modified`);
}

/** Another template for new pods. */
export function rollOut(
  state: SimState,
  deployment: SimDeployment,
  template: { readonly restartedAt: string } | { readonly image: string },
): void {
  Object.assign(deployment, template);
  deployment.generation += 1;
  deployment.revision += 1;
  deployment.rollouts.push({ atSeconds: state.seconds, revision: deployment.revision, image: deployment.image });
  addEvent(
    state,
    deployment.name,
    `deployment/${deployment.name}`,
    'ScalingReplicaSet',
    `Scaled up replica set of revision ${deployment.revision}`,
  );
}

function rolloutsOf(rim: Rim, deployment: SimDeployment | undefined): NonNullable<Deployment['rollouts']> {
  return (deployment?.rollouts ?? [])
    .map(({ atSeconds, revision, image }) => ({ atMs: wallMs(rim.time, atSeconds), revision: String(revision), image }))
    .reverse();
}

function showDeployment(rim: Rim, state: SimState, deployment: SimDeployment): Deployment {
  const { ready, updated } = deploymentStatus(state, deployment);
  const autoscaler = state.autoscalers.find((candidate) => candidate.deployment === deployment.name);
  return {
    name: deployment.name,
    replicas: deployment.replicas,
    readyReplicas: ready,
    updatedReplicas: updated,
    observed: deployment.observedGeneration >= deployment.generation,
    resourceVersion: String(deployment.resourceVersion),
    runId: deployment.runId,
    restartedAt: deployment.restartedAt,
    autoscaler: autoscaler && showAutoscaler(autoscaler),
    rollouts: rolloutsOf(rim, deployment),
  };
}

function showAutoscaler(autoscaler: SimAutoscaler): Autoscaler {
  const { kind, name, minReplicas, maxReplicas, desiredReplicas, runId } = autoscaler;
  return {
    kind,
    name,
    minReplicas,
    maxReplicas,
    desiredReplicas,
    resourceVersion: String(autoscaler.resourceVersion),
    runId,
  };
}

function showPod(rim: Rim, pod: SimPod): Pod {
  const { name, workload, node, ready, restarts, waitingReason, unschedulable, deletionCost } = pod;
  const deletedAtMs = pod.deletedAtSeconds === undefined ? undefined : wallMs(rim.time, pod.deletedAtSeconds);
  return {
    name,
    workload,
    node,
    ready,
    restarts,
    waitingReason,
    unschedulable,
    deletionCost,
    createdAtMs: wallMs(rim.time, pod.createdAtSeconds),
    deletedAtMs,
  };
}
