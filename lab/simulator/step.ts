import { stepMeetings } from './meetings.ts';
import { stepNodes } from './nodes.ts';
import { stepProcesses } from './processes.ts';
import type { Random } from './random.ts';
import type { SimDeployment, SimState } from './state.ts';
import { stepWorkloads } from './workloads.ts';

/** Longest stretch that one round of every controller may cover, in platform seconds. */
const longestRoundSeconds = 1;

/** The platform `dtSeconds` later. Pure: the same state, time and random numbers give the same platform. */
export function step(state: SimState, dtSeconds: number, random: Random): SimState {
  const next = structuredClone(state);
  advance(next, dtSeconds, random);
  return next;
}

/** The same in place, for the one owner of a running platform: what it has in hand stays part of it. */
export function advance(state: SimState, dtSeconds: number, random: Random): void {
  for (let rest = dtSeconds; rest > 1e-9; rest -= longestRoundSeconds)
    round(state, Math.min(rest, longestRoundSeconds), random);
}

function round(state: SimState, dtSeconds: number, random: Random): void {
  const before = new Map(state.deployments.map((deployment) => [deployment.name, status(state, deployment)]));
  state.seconds += dtSeconds;
  stepWorkloads(state);
  stepNodes(state);
  stepProcesses(state, dtSeconds, random);
  stepMeetings(state, dtSeconds, random);
  for (const deployment of state.deployments) {
    // Any change of an object's status gives it a new resourceVersion, as the API server does.
    if (before.get(deployment.name) !== status(state, deployment)) deployment.resourceVersion += 1;
  }
}

/** How many pods a Deployment has, as its status tells. */
export function deploymentStatus(state: SimState, deployment: SimDeployment): { ready: number; updated: number } {
  const pods = state.pods.filter((pod) => pod.workload === deployment.name && pod.deletedAtSeconds === undefined);
  return {
    ready: pods.filter((pod) => pod.ready).length,
    updated: pods.filter((pod) => pod.revision === deployment.revision).length,
  };
}

function status(state: SimState, deployment: SimDeployment): string {
  const { ready, updated } = deploymentStatus(state, deployment);
  return `${deployment.replicas}/${deployment.observedGeneration}/${ready}/${updated}`;
}
