import { sfuWorkload } from './names.ts';
import {
  cpuLoad,
  drainPollSeconds,
  meetingLoad,
  qualityAt,
  qualityBounds,
  sfuCores,
  sfuGraceSeconds,
  staleStatsSeconds,
  statsIntervalSeconds,
} from './physics.ts';
import type { Random } from './random.ts';
import { addEvent, type JoinState, joinStates, nameSuffix, nextSerial, type Sfu, type SimState } from './state.ts';
import { nodeLives } from './workloads.ts';

/** How long before it serves a livekit-server writes its first entry. */
const startingSeconds = 3;

/** Stats young enough for the selectors; a node without them counts as lost. */
export function statsFresh(state: SimState, sfu: Sfu): boolean {
  return state.seconds - sfu.statsUpdatedAtSeconds <= staleStatsSeconds;
}

/** People whose media runs through this node. */
export function participantsOn(state: SimState, nodeId: string): number {
  return state.meetings
    .filter((meeting) => meeting.nodeId === nodeId)
    .reduce((sum, meeting) => sum + meeting.participants, 0);
}

/** The livekit-servers: start, load, drain, exit. */
export function stepProcesses(state: SimState, dtSeconds: number, random: Random): void {
  startMissing(state);
  for (const sfu of state.sfus) run(state, sfu, dtSeconds, random);
  for (const sfu of state.sfus.filter((candidate) => candidate.alive)) drain(state, sfu);
}

function startMissing(state: SimState): void {
  for (const pod of state.pods) {
    if (
      pod.workload !== sfuWorkload ||
      pod.readyAtSeconds === undefined ||
      pod.deletedAtSeconds !== undefined ||
      !nodeLives(state, pod)
    )
      continue;
    if (
      state.seconds < pod.readyAtSeconds - startingSeconds ||
      state.sfus.some((sfu) => sfu.pod === pod.name && sfu.alive)
    )
      continue;
    // Entries of dead nodes go only when some node starts (redisrouter.go).
    state.sfus = state.sfus.filter((sfu) => sfu.alive || statsFresh(state, sfu));
    state.sfus.push(newSfu(state, pod.name, pod.node ?? ''));
  }
}

function newSfu(state: SimState, pod: string, node: string): Sfu {
  return {
    nodeId: `ND_${nameSuffix(nextSerial(state), 12)}`,
    pod,
    node,
    state: 'starting',
    alive: true,
    startedAtSeconds: state.seconds,
    statsUpdatedAtSeconds: state.seconds,
    terms: 0,
    nextDrainPollSeconds: undefined,
    cpuLoadRatio: 0,
    packetsOutPerSecond: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    cpuSecondsTotal: 0,
    packetsInTotal: 0,
    packetsOutTotal: 0,
    bytesInTotal: 0,
    bytesOutTotal: 0,
    joins: Object.fromEntries(joinStates.map((name) => [name, 0])) as Record<JoinState, number>,
    quality: Array.from({ length: qualityBounds.length + 1 }, () => 0),
    qualitySum: 0,
  };
}

function run(state: SimState, sfu: Sfu, dtSeconds: number, random: Random): void {
  const pod = state.pods.find((candidate) => candidate.name === sfu.pod);
  if (sfu.alive && (pod === undefined || !nodeLives(state, pod))) sfu.alive = false;
  if (!sfu.alive) return;
  if (pod?.readyAtSeconds !== undefined && state.seconds >= pod.readyAtSeconds && sfu.state === 'starting')
    sfu.state = 'serving';
  if (pod?.deletedAtSeconds !== undefined && sfu.terms === 0) sfu.terms = 1;
  if (sfu.terms > 0 && sfu.state !== 'draining') {
    sfu.state = 'draining';
    state.stops.push({ pod: sfu.pod, participants: participantsOn(state, sfu.nodeId) });
  }
  if (state.seconds - sfu.statsUpdatedAtSeconds >= statsIntervalSeconds) sfu.statsUpdatedAtSeconds = state.seconds;
  const loads = state.meetings.filter((meeting) => meeting.nodeId === sfu.nodeId).map(meetingLoad);
  const sum = (part: keyof (typeof loads)[number]) => loads.reduce((total, load) => total + load[part], 0);
  sfu.packetsOutPerSecond = sum('packetsOut');
  sfu.bytesInPerSecond = sum('bytesIn');
  sfu.bytesOutPerSecond = sum('bytesOut');
  const noise = (random() - 0.5) * 0.01;
  sfu.cpuLoadRatio = Math.max(
    0,
    Math.min(1, cpuLoad(sfu.packetsOutPerSecond) + noise + (state.burnRatio[sfu.pod] ?? 0)),
  );
  sfu.cpuSecondsTotal += sfu.cpuLoadRatio * sfuCores * dtSeconds;
  sfu.packetsOutTotal += sfu.packetsOutPerSecond * dtSeconds;
  sfu.packetsInTotal += sum('packetsIn') * dtSeconds;
  sfu.bytesInTotal += sfu.bytesInPerSecond * dtSeconds;
  sfu.bytesOutTotal += sfu.bytesOutPerSecond * dtSeconds;
  observeQuality(sfu, (participantsOn(state, sfu.nodeId) * dtSeconds) / 5, qualityAt(sfu.cpuLoadRatio, random()));
}

function observeQuality(sfu: Sfu, observations: number, score: number): void {
  const at = qualityBounds.findIndex((bound) => score <= bound);
  const bucket = at === -1 ? qualityBounds.length : at;
  sfu.quality[bucket] = (sfu.quality[bucket] ?? 0) + observations;
  sfu.qualitySum += observations * score;
}

/** After the first SIGTERM it waits, without a deadline of its own, until nobody is left; the second, or the end of the pod's grace, cuts everyone off. */
function drain(state: SimState, sfu: Sfu): void {
  if (sfu.terms === 0) return;
  const pod = state.pods.find((candidate) => candidate.name === sfu.pod);
  const graceOver = pod?.deletedAtSeconds !== undefined && state.seconds - pod.deletedAtSeconds >= sfuGraceSeconds;
  if (sfu.terms >= 2 || graceOver) {
    cutEveryone(state, sfu);
    exit(state, sfu);
    return;
  }
  sfu.nextDrainPollSeconds ??= state.seconds + drainPollSeconds;
  if (state.seconds < sfu.nextDrainPollSeconds) return;
  if (participantsOn(state, sfu.nodeId) === 0) exit(state, sfu);
  else sfu.nextDrainPollSeconds = state.seconds + drainPollSeconds;
}

function cutEveryone(state: SimState, sfu: Sfu): void {
  for (const meeting of state.meetings) {
    if (meeting.nodeId !== sfu.nodeId) continue;
    state.people.cut += meeting.participants;
    meeting.participants = 0;
  }
}

/** A clean exit takes the entry out of Redis and closes the empty rooms; the pod goes with it. */
function exit(state: SimState, sfu: Sfu): void {
  sfu.alive = false;
  state.sfus = state.sfus.filter((other) => other !== sfu);
  for (const meeting of state.meetings) {
    if (meeting.nodeId === sfu.nodeId) Object.assign(meeting, { nodeId: undefined, sid: undefined });
  }
  state.pods = state.pods.filter((pod) => pod.name !== sfu.pod);
  addEvent(state, sfuWorkload, `pod/${sfu.pod}`, 'Stopped', 'livekit-server left: nobody was connected any more');
}
