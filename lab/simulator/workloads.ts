import { sfuWorkload } from './names.ts';
import { nodeReady } from './nodes.ts';
import {
  autoscalerSyncSeconds,
  crashAfterSeconds,
  crashBackoffSeconds,
  podBootSeconds,
  podStopSeconds,
  sfuBootSeconds,
} from './physics.ts';
import { addEvent, nameSuffix, newPod, nextSerial, type SimDeployment, type SimPod, type SimState } from './state.ts';

/** Kubernetes' controllers, scheduler and kubelets, one round of each. */
export function stepWorkloads(state: SimState): void {
  for (const autoscaler of state.autoscalers) syncAutoscaler(state, autoscaler);
  for (const deployment of state.deployments) reconcile(state, deployment);
  for (const pod of state.pods) schedule(state, pod);
  for (const pod of state.pods) runContainer(state, pod);
  state.pods = state.pods.filter((pod) => pod.workload === sfuWorkload || !stopped(state, pod));
}

function reconcile(state: SimState, deployment: SimDeployment): void {
  deployment.observedGeneration = deployment.generation;
  const live = state.pods.filter((pod) => pod.workload === deployment.name && pod.deletedAtSeconds === undefined);
  const old = live.filter((pod) => pod.revision !== deployment.revision);
  const fresh = live.filter((pod) => pod.revision === deployment.revision);
  if (old.length === 0) {
    for (let i = fresh.length; i < deployment.replicas; i += 1) createPod(state, deployment);
    for (const pod of victims(state, fresh).slice(0, Math.max(fresh.length - deployment.replicas, 0)))
      deletePod(state, pod);
    return;
  }
  // A rollout with maxSurge 1 and maxUnavailable 0: one more pod than wanted, an old one goes when a new one is ready.
  if (live.length <= deployment.replicas && fresh.length < deployment.replicas) createPod(state, deployment);
  const ready = live.filter((pod) => pod.ready).length;
  const broken = old.filter((pod) => !pod.ready);
  if (broken[0]) deletePod(state, broken[0]);
  else if (ready > deployment.replicas && old[0]) deletePod(state, old[0]);
}

/** A ReplicaSet's order of deletion: without a node, not ready, lower deletion cost, more siblings on the node, newer (kubernetes/pkg/controller). */
export function victims(state: SimState, pods: readonly SimPod[]): SimPod[] {
  const siblings = (pod: SimPod) =>
    state.pods.filter(
      (other) => other.workload === pod.workload && other.node === pod.node && other.deletedAtSeconds === undefined,
    ).length;
  return [...pods].sort(
    (a, b) =>
      Number(a.node !== undefined) - Number(b.node !== undefined) ||
      Number(a.ready) - Number(b.ready) ||
      (a.deletionCost ?? 0) - (b.deletionCost ?? 0) ||
      siblings(b) - siblings(a) ||
      b.createdAtSeconds - a.createdAtSeconds,
  );
}

function createPod(state: SimState, deployment: SimDeployment): void {
  const serial = nextSerial(state);
  state.pods.push(
    newPod({
      name: `${deployment.name}-${nameSuffix(deployment.revision, 9)}-${nameSuffix(serial)}`,
      workload: deployment.name,
      revision: deployment.revision,
      createdAtSeconds: state.seconds,
    }),
  );
}

function deletePod(state: SimState, pod: SimPod): void {
  pod.deletedAtSeconds = state.seconds;
  addEvent(state, pod.workload, `pod/${pod.name}`, 'Killing', `Stopping container ${pod.workload}`);
}

function schedule(state: SimState, pod: SimPod): void {
  if (pod.node !== undefined || pod.deletedAtSeconds !== undefined) return;
  const deployment = state.deployments.find((candidate) => candidate.name === pod.workload);
  const pool = state.nodes.filter((node) => node.pool === deployment?.pool);
  const ready = pool.filter((node) => nodeReady(node, state.seconds));
  // hostNetwork and its ports: a node with an SFU, also one that drains, takes no second.
  const free =
    pod.workload === sfuWorkload
      ? ready.filter((node) => !state.pods.some((other) => other.node === node.name && other.workload === sfuWorkload))
      : ready;
  const count = (name: string) => state.pods.filter((other) => other.node === name).length;
  const node = free.sort((a, b) => count(a.name) - count(b.name))[0];
  if (node === undefined) {
    if (pod.unschedulable === undefined)
      addEvent(state, pod.workload, `pod/${pod.name}`, 'FailedScheduling', `0/${ready.length} nodes are available`);
    pod.unschedulable = `0/${ready.length} nodes are available: ${ready.length} node(s) didn't have free ports for the requested pod ports`;
    return;
  }
  pod.node = node.name;
  pod.unschedulable = undefined;
  pod.readyAtSeconds = state.seconds + (pod.workload === sfuWorkload ? sfuBootSeconds : podBootSeconds);
}

function runContainer(state: SimState, pod: SimPod): void {
  const node = state.nodes.find((candidate) => candidate.name === pod.node);
  if (node === undefined || pod.readyAtSeconds === undefined || !nodeReady(node, state.seconds)) {
    pod.ready = false;
    return;
  }
  const started = state.seconds >= pod.readyAtSeconds;
  const crashes = isSick(state, pod);
  if (started) pod.waitingReason = undefined;
  // It dies before its probe passes.
  pod.ready = started && !crashes;
  if (!crashes || !started || state.seconds - pod.readyAtSeconds < crashAfterSeconds) return;
  pod.restarts += 1;
  pod.waitingReason = 'CrashLoopBackOff';
  pod.readyAtSeconds =
    state.seconds + Math.min(crashBackoffSeconds.longest, crashBackoffSeconds.first * 2 ** (pod.restarts - 1));
  addEvent(
    state,
    pod.workload,
    `pod/${pod.name}`,
    'BackOff',
    `Back-off restarting failed container ${pod.workload} in pod ${pod.name}`,
  );
}

function isSick(state: SimState, pod: SimPod): boolean {
  const deployment = state.deployments.find(({ name }) => name === pod.workload);
  const crash = deployment?.crash;
  if (crash === undefined) return false;
  if ('image' in crash)
    return deployment?.rollouts.find(({ revision }) => revision === pod.revision)?.image === crash.image;
  return pod.revision <= crash.revision || !crash.curedByRestart;
}

function stopped(state: SimState, pod: SimPod): boolean {
  return (
    pod.deletedAtSeconds !== undefined &&
    state.seconds - pod.deletedAtSeconds >= podStopSeconds &&
    nodeLives(state, pod)
  );
}

/** A pod on a lost node stays Terminating: no kubelet confirms its end. */
export function nodeLives(state: SimState, pod: SimPod): boolean {
  return state.nodes.find((node) => node.name === pod.node)?.lostAtSeconds === undefined;
}

function syncAutoscaler(state: SimState, autoscaler: SimState['autoscalers'][number]): void {
  const deployment = state.deployments.find((candidate) => candidate.name === autoscaler.deployment);
  if (deployment === undefined || state.seconds < autoscaler.nextSyncSeconds) return;
  autoscaler.nextSyncSeconds = state.seconds + autoscalerSyncSeconds;
  const loads = state.sfus
    .filter((sfu) => sfu.alive && state.pods.some((pod) => pod.name === sfu.pod && pod.deletedAtSeconds === undefined))
    .map((sfu) => sfu.cpuLoadRatio);
  const average =
    loads.length === 0 ? autoscaler.targetCpuRatio : loads.reduce((sum, load) => sum + load, 0) / loads.length;
  const wish = Math.ceil((Math.max(loads.length, 1) * average) / autoscaler.targetCpuRatio);
  // What the metrics come to, its floor apart: that is the responder's to lower.
  autoscaler.desiredReplicas = Math.min(autoscaler.maxReplicas, wish);
  const due = Math.max(autoscaler.minReplicas, autoscaler.desiredReplicas);
  // scaleDown.selectPolicy Disabled: it raises, the responder lowers.
  if (due > deployment.replicas) {
    deployment.replicas = due;
    deployment.generation += 1;
  }
}
