import { sfuWorkload } from './names.ts';
import {
  evictionSeconds,
  nodeBootSeconds,
  nodeGraceSeconds,
  nodeObjectSeconds,
  unneededNodeSeconds,
} from './physics.ts';
import { addEvent, nameSuffix, nextSerial, type SimNode, type SimPool, type SimState } from './state.ts';

/** Whether the control plane believes that a node works: it notices a lost one only after a grace period. */
export function nodeReady(node: SimNode, nowSeconds: number): boolean {
  if (node.readyAtSeconds > nowSeconds) return false;
  return node.lostAtSeconds === undefined || nowSeconds - node.lostAtSeconds < nodeGraceSeconds;
}

/** DOKS: pools get the nodes they ask for after a boot, the autoscaler follows pods that wait, vanished droplets are forgotten. */
export function stepNodes(state: SimState): void {
  for (const pool of state.pools) {
    if (pool.autoScale) autoscalePool(state, pool);
    bootMissing(state, pool);
  }
  for (const node of state.nodes) {
    if (node.lostAtSeconds !== undefined && state.seconds - node.lostAtSeconds >= nodeObjectSeconds)
      forget(state, node);
    else if (node.lostAtSeconds !== undefined && state.seconds - node.lostAtSeconds >= evictionSeconds)
      evict(state, node);
  }
}

function autoscalePool(state: SimState, pool: SimPool): void {
  const waiting = state.pods.filter((pod) => pod.unschedulable !== undefined && pod.deletedAtSeconds === undefined);
  const sfus = waiting.filter((pod) => pod.workload === sfuWorkload).length;
  // An SFU needs a node for itself; everything else fits beside others.
  const needed = Math.max(sfus, waiting.length > 0 ? 1 : 0);
  const existing = state.nodes.filter((node) => node.pool === pool.name);
  const booting = existing.filter((node) => node.readyAtSeconds > state.seconds).length;
  const coming = booting + Math.max(pool.count - existing.length, 0);
  const wanted = pool.count + Math.max(needed - coming, 0);
  pool.count = Math.max(pool.minNodes, Math.min(pool.maxNodes, wanted));
  for (const node of state.nodes.filter((candidate) => candidate.pool === pool.name)) {
    const busy = node.readyAtSeconds > state.seconds || waiting.length > 0 || holdsUp(state, node);
    node.unneededSinceSeconds = busy ? undefined : (node.unneededSinceSeconds ?? state.seconds);
    const idleSeconds = state.seconds - (node.unneededSinceSeconds ?? state.seconds);
    if (idleSeconds >= unneededNodeSeconds && pool.count > pool.minNodes) {
      pool.count -= 1;
      forget(state, node);
    }
  }
}

/** Whether a node must stay: an SFU keeps it (safe-to-evict: false); other pods start again elsewhere. */
function holdsUp(state: SimState, node: SimNode): boolean {
  return state.pods.some((pod) => pod.node === node.name && pod.workload === sfuWorkload);
}

function bootMissing(state: SimState, pool: SimPool): void {
  const have = state.nodes.filter((node) => node.pool === pool.name).length;
  for (let i = have; i < pool.count; i += 1) {
    const name = `pool-${pool.name}-${nameSuffix(nextSerial(state))}`;
    state.nodes.push({
      name,
      pool: pool.name,
      readyAtSeconds: state.bootsStalled ? Number.POSITIVE_INFINITY : state.seconds + nodeBootSeconds,
      lostAtSeconds: undefined,
      unneededSinceSeconds: undefined,
    });
  }
}

function evict(state: SimState, node: SimNode): void {
  for (const pod of state.pods) {
    if (pod.node !== node.name || pod.deletedAtSeconds !== undefined) continue;
    pod.deletedAtSeconds = state.seconds;
    addEvent(
      state,
      pod.workload,
      `pod/${pod.name}`,
      'TaintManagerEviction',
      `Marking for deletion Pod gomeet/${pod.name}`,
    );
  }
}

function forget(state: SimState, node: SimNode): void {
  state.pods = state.pods.filter((pod) => pod.node !== node.name);
  state.nodes = state.nodes.filter((other) => other !== node);
}
