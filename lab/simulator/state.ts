import { seededRandom } from './random.ts';

// The simulated platform as plain data. Every moment is in platform seconds since the start; only the ports speak of wall-clock time.

/** A DOKS node pool. */
export interface SimPool {
  id: string;
  name: string;
  size: string;
  count: number;
  autoScale: boolean;
  minNodes: number;
  maxNodes: number;
}

/** A Kubernetes node, which is a droplet. */
export interface SimNode {
  name: string;
  pool: string;
  readyAtSeconds: number;
  /** The droplet is gone or cut off since; the control plane learns of it later. */
  lostAtSeconds: number | undefined;
  /** It holds no pod that keeps it, since. */
  unneededSinceSeconds: number | undefined;
}

/** A Deployment with its newest ReplicaSet's template. */
export interface SimDeployment {
  name: string;
  pool: string;
  image: string;
  replicas: number;
  generation: number;
  observedGeneration: number;
  resourceVersion: number;
  runId: string | undefined;
  restartedAt: string | undefined;
  /** Number of the ReplicaSet that new pods belong to. */
  revision: number;
  rollouts: { atSeconds: number; revision: number; image: string }[];
  /** Its pods crash, those of a later revision only when the cause outlives a restart; or those of one image. */
  crash: { revision: number; curedByRestart: boolean } | { image: string } | undefined;
}

/** What owns the replicas of a Deployment. */
export interface SimAutoscaler {
  kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  name: string;
  deployment: string;
  minReplicas: number;
  maxReplicas: number;
  targetCpuRatio: number;
  desiredReplicas: number;
  resourceVersion: number;
  runId: string | undefined;
  nextSyncSeconds: number;
}

/** A pod of a Deployment. */
export interface SimPod {
  name: string;
  workload: string;
  revision: number;
  node: string | undefined;
  createdAtSeconds: number;
  /** The container runs and answers its probe from then on; undefined while unscheduled. */
  readyAtSeconds: number | undefined;
  ready: boolean;
  restarts: number;
  waitingReason: string | undefined;
  unschedulable: string | undefined;
  deletedAtSeconds: number | undefined;
  deletionCost: number | undefined;
  deletionCostRunId: string | undefined;
}

/** What a livekit-server says of itself: its entry in Redis, and the counters behind its /metrics. */
export interface Sfu {
  nodeId: string;
  pod: string;
  node: string;
  state: 'starting' | 'serving' | 'draining';
  /** The process runs. A dead one keeps its entry until another node starts (livekit#redisrouter). */
  alive: boolean;
  startedAtSeconds: number;
  statsUpdatedAtSeconds: number;
  /** SIGTERMs received: the first drains, the second cuts everyone off. */
  terms: number;
  nextDrainPollSeconds: number | undefined;
  cpuLoadRatio: number;
  packetsOutPerSecond: number;
  bytesInPerSecond: number;
  bytesOutPerSecond: number;
  cpuSecondsTotal: number;
  packetsInTotal: number;
  packetsOutTotal: number;
  bytesInTotal: number;
  bytesOutTotal: number;
  joins: Record<JoinState, number>;
  /** Observations by bucket of livekit_quality_score; the last is +Inf. */
  quality: number[];
  qualitySum: number;
}

export const joinStates = [
  'signal_connected',
  'signal_failed',
  'rtc_init',
  'rtc_connected',
  'rtc_active',
  'rtc_success',
  'rtc_failure',
] as const;
/** States of livekit_participant_join_total (v1.13.5). */
export type JoinState = (typeof joinStates)[number];

/** A meeting: one LiveKit room on one node, and the people who want to be in it. */
export interface Meeting {
  name: string;
  /** The room's sid, which it keeps when it is placed anew after a crash; undefined once it was closed. */
  sid: string | undefined;
  nodeId: string | undefined;
  /** CreateRoom's node_id: where it is put when that node serves. */
  pinnedTo: string | undefined;
  participants: number;
  /** People thrown off a lost node who try again by themselves, and since when. */
  reconnecting: number;
  reconnectingSinceSeconds: number | undefined;
  /** How many people want to be in it. */
  goal: number;
  joinsPerSecond: number;
  leavesPerSecond: number;
  /** Small videos each sees, people who speak at once, and whether each also sees a large video. */
  tiles: number;
  speakers: number;
  mainVideo: boolean;
  createdAtSeconds: number;
  emptySinceSeconds: number | undefined;
}

/** Where all people went; joined = in meetings + reconnecting + left + cut + gaveUp, always. */
export interface People {
  joined: number;
  left: number;
  /** Thrown out by a shutdown: they do not come back by themselves. */
  cut: number;
  /** Tried to reconnect for too long. */
  gaveUp: number;
  /** Attempts that found no node, or failed. */
  failedJoins: number;
}

/** A Kubernetes event. */
export interface SimEvent {
  atSeconds: number;
  reason: string;
  message: string;
  object: string;
  workload: string;
}

/** The whole platform. */
export interface SimState {
  seconds: number;
  /** Counts up: names, sids and resource versions come from it. */
  serial: number;
  pools: SimPool[];
  nodes: SimNode[];
  deployments: SimDeployment[];
  autoscalers: SimAutoscaler[];
  pods: SimPod[];
  sfus: Sfu[];
  meetings: Meeting[];
  people: People;
  events: SimEvent[];
  /** SFUs that got their first SIGTERM, with the people on them at that moment. */
  stops: { pod: string; participants: number }[];
  dropletLimit: number;
  /** Micro-dollars spent this month. */
  monthToDateMicroUsd: number;
  /** New droplets never become Ready: a fault that a drill turns on. */
  bootsStalled: boolean;
  /** Share of joins that fail whatever the load, 0 to 1: a fault that a drill turns on. */
  joinFailureRatio: number;
  /** Added CPU load that no meeting explains, by SFU pod, 0 to 1: another fault. */
  burnRatio: Record<string, number>;
}

/** A platform with nothing on it and no trouble, but for what is given. */
export function emptyState(
  given: Pick<SimState, 'pools' | 'deployments' | 'dropletLimit'> & Partial<SimState>,
): SimState {
  return {
    seconds: 0,
    serial: 0,
    nodes: [],
    autoscalers: [],
    pods: [],
    sfus: [],
    meetings: [],
    people: { joined: 0, left: 0, cut: 0, gaveUp: 0, failedJoins: 0 },
    events: [],
    stops: [],
    monthToDateMicroUsd: 0,
    bootsStalled: false,
    joinFailureRatio: 0,
    burnRatio: {},
    ...given,
  };
}

/** A pod as its ReplicaSet makes it. */
export function newPod(given: Pick<SimPod, 'name' | 'workload' | 'revision' | 'createdAtSeconds'>): SimPod {
  return {
    ...given,
    node: undefined,
    readyAtSeconds: undefined,
    ready: false,
    restarts: 0,
    waitingReason: undefined,
    unschedulable: undefined,
    deletedAtSeconds: undefined,
    deletionCost: undefined,
    deletionCostRunId: undefined,
  };
}

/** The next serial number. */
export function nextSerial(state: SimState): number {
  state.serial += 1;
  return state.serial;
}

/** Adds a Kubernetes event; the newest two hundred are kept. */
export function addEvent(state: SimState, workload: string, object: string, reason: string, message: string): void {
  state.events.push({ atSeconds: state.seconds, reason, message, object, workload });
  if (state.events.length > 200) state.events.splice(0, state.events.length - 200);
}

/** A suffix as Kubernetes and LiveKit put behind names: letters without vowels, the same for the same number. */
export function nameSuffix(serial: number, length = 5): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const random = seededRandom(serial * 7_919 + length);
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
}
