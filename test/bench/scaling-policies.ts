import type { SimState } from '../../lab/simulator/state.ts';
import { freeSlots } from '../../model/capacity.ts';

const sfu = 'livekit-sfu';
/** Cores of the simulated node, which is the runbook's c-32. */
const nodeCores = 32;

/** What decides on the number of SFUs, once a simulated second. */
export type Policy = (state: SimState) => void;

/** A HorizontalPodAutoscaler as the API documents its algorithm: tolerance, stabilisation, limits of a change, pods that are not ready counted as idle on the way up. */
export interface HpaSettings {
  readonly floor: number;
  readonly ceiling: number;
  /** Cores a pod asks for, to which the 70 per cent are. */
  readonly requestCores: number;
  readonly participantsPerPod?: number;
  readonly upStabilisationSeconds: number;
  readonly scaleDown: boolean;
}

/** An HPA with a memory of its recommendations. */
export function hpa({
  floor,
  ceiling,
  requestCores,
  participantsPerPod,
  upStabilisationSeconds,
  scaleDown,
}: HpaSettings): Policy {
  const wishes: { readonly at: number; readonly replicas: number }[] = [];
  let nextSeconds = 0;
  let lastDownSeconds = Number.NEGATIVE_INFINITY;
  return (state) => {
    if (state.seconds < nextSeconds) return;
    nextSeconds = state.seconds + 15;
    const deployment = deploymentOf(state);
    const loads = readyLoads(state).map((load) => (load * nodeCores) / requestCores);
    if (loads.length === 0) return;
    const byCpu = recommended(loads, deployment.replicas, 0.7);
    const people = state.meetings.reduce((sum, { participants }) => sum + participants, 0);
    const byPeople = participantsPerPod === undefined ? 0 : Math.ceil(people / participantsPerPod);
    const wish = Math.max(byCpu, byPeople);
    wishes.push({ at: state.seconds, replicas: wish });
    const since = (seconds: number) =>
      wishes.filter(({ at }) => at >= state.seconds - seconds).map(({ replicas }) => replicas);
    const up = Math.min(...since(upStabilisationSeconds));
    const down = Math.max(...since(300));
    const bounded = (replicas: number) => Math.max(floor, Math.min(ceiling, replicas));
    if (up > deployment.replicas)
      resize(state, bounded(Math.min(up, deployment.replicas + Math.max(deployment.replicas, 4))));
    else if (scaleDown && down < deployment.replicas && state.seconds - lastDownSeconds >= 60) {
      lastDownSeconds = state.seconds;
      resize(state, bounded(Math.max(down, deployment.replicas - Math.floor(Math.max(1, deployment.replicas * 0.1)))));
    }
  };
}

/** ceil(pods x usage / target), within a tenth left alone; a pod that does not run yet counts as idle, so that a boot under way is not asked for twice. */
function recommended(loads: readonly number[], pods: number, target: number): number {
  const sum = loads.reduce((total, load) => total + load, 0);
  const ratio = sum / loads.length / target;
  if (Math.abs(ratio - 1) <= 0.1) return pods;
  if (ratio < 1) return Math.ceil(loads.length * ratio);
  const withIdle = sum / pods / target;
  return withIdle <= 1.1 ? pods : Math.ceil(pods * withIdle);
}

/** The README's pods have 30 seconds to stop: then whoever is on one is thrown out. */
export function shortGrace(seconds: number): Policy {
  return (state) => {
    for (const pod of state.pods)
      if (pod.workload === sfu && pod.deletedAtSeconds !== undefined && state.seconds - pod.deletedAtSeconds >= seconds)
        for (const server of state.sfus)
          if (server.pod === pod.name && server.alive) server.terms = Math.max(server.terms, 2);
  };
}

/** The responder beside the HPA: SfuHeadroomLow (a minute, then Alertmanager's wait) adds nodes, the schedule takes empty ones, by the limits of alert and action. */
export function responder(floor: number, ceiling: number): Policy {
  let lowSince: number | undefined;
  let lastOut = Number.NEGATIVE_INFINITY;
  let nextIn = 0;
  const emptySince = new Map<string, number>();
  return (state) => {
    const slots = servingSlots(state);
    const sum = slots.reduce((total, { free }) => total + free, 0);
    const low = sum < 2 || sum - Math.max(0, ...slots.map(({ free }) => free)) < 1;
    lowSince = low ? (lowSince ?? state.seconds) : undefined;
    const deployment = deploymentOf(state);
    // 15 s until the rule is evaluated, 60 s of `for`, 5 s of group_wait, and a tick.
    if (lowSince !== undefined && state.seconds - lowSince >= 81 && state.seconds - lastOut >= 300) {
      resize(state, Math.min(ceiling, deployment.replicas + (state.seconds - lowSince >= 381 ? 2 : 1)));
      lastOut = state.seconds;
    }
    for (const { pod, rooms } of slots) {
      if (rooms > 0) emptySince.delete(pod);
      else if (!emptySince.has(pod)) emptySince.set(pod, state.seconds);
    }
    if (state.seconds < nextIn) return;
    nextIn = state.seconds + 60;
    scaleIn(state, { floor, lastOut, slots, emptySince });
  };
}

function scaleIn(
  state: SimState,
  known: {
    floor: number;
    lastOut: number;
    slots: ReturnType<typeof servingSlots>;
    emptySince: ReadonlyMap<string, number>;
  },
): void {
  const { floor, lastOut, slots, emptySince } = known;
  const deployment = deploymentOf(state);
  const pods = state.pods.filter(
    ({ workload, deletedAtSeconds }) => workload === sfu && deletedAtSeconds === undefined,
  );
  // What was added stays for the hold; nothing goes while a pod starts or another drains.
  if (deployment.replicas <= floor || state.seconds - lastOut < 3_600 || pods.some(({ ready }) => !ready)) return;
  if (state.sfus.some(({ alive, state: is }) => alive && is === 'draining')) return;
  const victim = slots.find(
    ({ pod, rooms }) => rooms === 0 && state.seconds - (emptySince.get(pod) ?? state.seconds) >= 45,
  );
  if (victim === undefined) return;
  const rest = slots.filter((one) => one !== victim);
  const free = rest.reduce((total, one) => total + one.free, 0);
  const load = rest.reduce((total, one) => total + one.load, 0) / Math.max(rest.length, 1);
  if (rest.length === 0 || free < 2 || load > 0.5) return;
  for (const pod of pods) pod.deletionCost = pod.name === victim.pod ? -1_000 : 1;
  resize(state, deployment.replicas - 1);
}

/** SFUs that serve: free slots for the largest meeting, rooms and load of each. */
export function servingSlots(state: SimState) {
  return state.sfus
    .filter(({ alive, state: is }) => alive && is === 'serving')
    .map((one) => ({
      pod: one.pod,
      load: one.cpuLoadRatio,
      rooms: state.meetings.filter(({ nodeId }) => nodeId === one.nodeId).length,
      free: freeSlots({
        state: 'serving',
        cpus: nodeCores,
        cpuLoadRatio: one.cpuLoadRatio,
        bytesOutPerSecond: one.bytesOutPerSecond,
      }),
    }));
}

function readyLoads(state: SimState): readonly number[] {
  const live = new Set(
    state.pods.filter(({ ready, deletedAtSeconds }) => ready && deletedAtSeconds === undefined).map(({ name }) => name),
  );
  return state.sfus.filter(({ alive, pod }) => alive && live.has(pod)).map(({ cpuLoadRatio }) => cpuLoadRatio);
}

function deploymentOf(state: SimState) {
  const found = state.deployments.find(({ name }) => name === sfu);
  if (found === undefined) throw new TypeError('no SFU is simulated');
  return found;
}

function resize(state: SimState, replicas: number): void {
  const deployment = deploymentOf(state);
  if (replicas === deployment.replicas) return;
  deployment.replicas = replicas;
  deployment.generation += 1;
}
