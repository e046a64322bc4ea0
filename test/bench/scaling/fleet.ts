import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { annotatePod, type LabApi, unlessStatus } from '../../../lab/cluster/api.ts';
import { isUnschedulable } from '../../../lab/cluster/kube-state.ts';
import { nodeObject } from '../../../lab/cluster/nodes.ts';
import { processStateAnnotation } from '../../../lab/cluster/stages.ts';
import { stepMeetings } from '../../../lab/simulator/meetings.ts';
import { sfuWorkload } from '../../../lab/simulator/names.ts';
import { stepNodes } from '../../../lab/simulator/nodes.ts';
import { sfuBootSeconds, sfuCores } from '../../../lab/simulator/physics.ts';
import { newDeployment } from '../../../lab/simulator/platform.ts';
import { stepProcesses } from '../../../lab/simulator/processes.ts';
import { seededRandom } from '../../../lab/simulator/random.ts';
import { emptyState, newPod, type SimState } from '../../../lab/simulator/state.ts';
import { freeSlots } from '../../../model/capacity.ts';
import { type Day, runDay } from './day.ts';

/** What a day came to. */
export interface Outcome {
  /** Minutes that people spent on a node above 85 % of its CPU, where packets are late. */
  readonly impairedMinutes: number;
  readonly nodeHours: number;
  /** Thrown out because the pod of their meeting was taken. */
  readonly cut: number;
  /** From the first second without room for two more large meetings to the first wish for another pod: without any boot. */
  readonly decisionLagSeconds: number | undefined;
  readonly mostPods: number;
}

/** SFU pods of a namespace with simulated meetings on them: pods are placed, marked and deleted by the real control plane, droplets boot and people talk by the simulator's physics. */
export interface Fleet {
  readonly state: SimState;
  /** Takes over what the API server says, goes on to this second of the platform, and says what came of it. */
  follow(seen: { deployment: V1Deployment; pods: readonly V1Pod[] }, untilSeconds: number): Promise<void>;
  /** The day begins with the next second. */
  begin(): void;
  /** Cores that a pod uses; undefined while its process does not run. */
  cores(pod: string): number | undefined;
  outcome(): Outcome;
}

/** Starts with `floor` nodes that are up. */
export function openFleet(api: LabApi, options: { namespace: string; pool: string; floor: number; day: Day }): Fleet {
  const { namespace, floor, pool, day } = options;
  const state = fleetOf(pool, floor);
  const random = seededRandom(20_261_124);
  const gone = new Set<string>();
  const told = new Set<string>();
  const made = new Set<string>();
  const grace = new Map<string, number>();
  let beganAt: number | undefined;
  const tally = { impaired: 0, node: 0, cut: 0, most: 0 };
  let [tightSince, lag]: (number | undefined)[] = [];
  let replicas = floor;

  function takeOver(pods: readonly V1Pod[]): void {
    const there = new Map(pods.map((pod) => [pod.metadata?.name ?? '', pod]));
    state.pods = state.pods.filter(({ name }) => there.has(name));
    for (const [name, pod] of there) {
      if (gone.has(name)) continue;
      const own =
        state.pods.find((one) => one.name === name) ??
        newPod({ name, workload: sfuWorkload, revision: 1, createdAtSeconds: state.seconds });
      if (!state.pods.includes(own)) state.pods.push(own);
      grace.set(name, pod.spec?.terminationGracePeriodSeconds ?? 30);
      const node = pod.spec?.nodeName;
      if (node !== undefined && own.node === undefined) {
        own.node = node;
        own.readyAtSeconds = state.seconds + sfuBootSeconds;
      }
      own.unschedulable = isUnschedulable(pod) && node === undefined ? 'no node is free' : undefined;
      own.ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
      if (pod.metadata?.deletionTimestamp !== undefined) own.deletedAtSeconds ??= state.seconds;
    }
  }

  function round(): void {
    state.seconds += 1;
    if (beganAt !== undefined) runDay(day, state, state.seconds - beganAt - 1);
    stepNodes(state);
    for (const sfu of state.sfus) {
      const deletedAt = state.pods.find(({ name }) => name === sfu.pod)?.deletedAtSeconds;
      // The kubelet kills what has not left when its grace is over.
      if (deletedAt !== undefined && state.seconds - deletedAt >= (grace.get(sfu.pod) ?? 30)) sfu.terms = 2;
    }
    const before = state.people.cut;
    stepProcesses(state, 1, random);
    stepMeetings(state, 1, random);
    if (beganAt === undefined || state.seconds - beganAt > day.seconds) return;
    tally.cut += state.people.cut - before;
    tally.node += state.nodes.length;
    for (const { nodeId, cpuLoadRatio } of state.sfus)
      if (cpuLoadRatio > 0.85)
        for (const meeting of state.meetings) if (meeting.nodeId === nodeId) tally.impaired += meeting.participants;
    if (tightSince === undefined && slots(state) < 2) tightSince = state.seconds;
  }

  async function tell(pods: readonly V1Pod[]): Promise<void> {
    const running = new Map(state.sfus.map((sfu) => [sfu.pod, sfu.state]));
    const say = async (name: string, what: 'serving' | 'exited') => {
      if (told.has(`${name} ${what}`)) return;
      told.add(`${name} ${what}`);
      await annotatePod(api, { namespace, name }, { [processStateAnnotation]: what });
    };
    for (const { metadata } of pods) {
      const name = metadata?.name ?? '';
      if (running.get(name) === 'serving') await say(name, 'serving');
      // Left by itself, or was deleted before it ever ran.
      if (metadata?.deletionTimestamp !== undefined && !running.has(name)) {
        gone.add(name);
        await say(name, 'exited');
      }
    }
    const up = state.nodes.filter(({ readyAtSeconds }) => readyAtSeconds <= state.seconds).map(({ name }) => name);
    for (const name of up.filter((one) => !made.has(one))) {
      made.add(name);
      await api.objects.create(nodeObject(name, { name: pool, size: { slug: 'c-32', cpuCores: 32, memoryGib: 64 } }));
    }
    for (const name of [...made].filter((one) => !up.includes(one))) {
      made.delete(name);
      await unlessStatus(404, api.core.deleteNode({ name }));
    }
  }

  return {
    state,
    async follow({ deployment, pods }, untilSeconds) {
      const wish = deployment.spec?.replicas ?? 0;
      if (tightSince !== undefined && lag === undefined && wish > replicas) lag = state.seconds - tightSince;
      replicas = wish;
      for (const own of state.deployments) own.replicas = wish;
      tally.most = Math.max(tally.most, wish);
      takeOver(pods);
      while (state.seconds + 1 <= untilSeconds) round();
      await tell(pods);
    },
    begin() {
      beganAt = state.seconds;
    },
    cores(pod) {
      const sfu = state.sfus.find((one) => one.pod === pod && one.alive);
      return sfu === undefined ? undefined : sfu.cpuLoadRatio * sfuCores;
    },
    outcome: () => ({
      impairedMinutes: tally.impaired / 60,
      nodeHours: tally.node / 3_600,
      cut: tally.cut,
      decisionLagSeconds: lag,
      mostPods: tally.most,
    }),
  };
}

function slots({ sfus }: SimState): number {
  return sfus
    .filter(({ alive, state }) => alive && state === 'serving')
    .reduce((sum, { cpuLoadRatio, bytesOutPerSecond }) => {
      return sum + freeSlots({ state: 'serving', cpus: sfuCores, cpuLoadRatio, bytesOutPerSecond });
    }, 0);
}

function fleetOf(pool: string, floor: number): SimState {
  const image = 'livekit/livekit-server:v1.13.5';
  return emptyState({
    pools: [{ id: pool, name: pool, size: 'c-32', count: floor, autoScale: true, minNodes: floor, maxNodes: 32 }],
    nodes: Array.from({ length: floor }, (_, index) => ({
      name: `${pool}-up-${index}`,
      pool,
      readyAtSeconds: 0,
      lostAtSeconds: undefined,
      unneededSinceSeconds: undefined,
    })),
    deployments: [newDeployment(pool, { name: sfuWorkload, image, replicas: floor })],
    dropletLimit: 200,
  });
}
