import { UsageError } from '../../kernel/errors.ts';
import { largestMeeting } from '../../model/capacity.ts';
import { rollOut } from './cluster.ts';
import { sfuWorkload } from './names.ts';
import type { Rim, SimPeer } from './rim.ts';
import type { Meeting, SimState } from './state.ts';

/** A meeting as a drill asks for it. */
export interface MeetingWish {
  readonly name: string;
  readonly participants: number;
  /** Pod that holds it (CreateRoom's node_id); else the selector chooses. */
  readonly on?: string;
  readonly joinsPerSecond?: number;
  readonly tiles?: number;
  readonly speakers?: number;
  readonly mainVideo?: boolean;
}

/** What may happen to the simulated world. Times and rates in platform seconds. */
export interface SimControl {
  startMeeting(wish: MeetingWish): void;
  /** People who want to be in a meeting from now on; 0 ends it. */
  setGoal(meeting: string, participants: number): void;
  endMeetings(): void;
  /** The droplet is gone at once, with whatever ran on it. */
  loseNode(node: string): void;
  /** Sends a livekit-server SIGTERM, as a second kubelet signal would. */
  term(pod: string): void;
  crash(workload: string, options: { curedByRestart: boolean }): void;
  cure(workload: string): void;
  releaseBroken(workload: string, image: string): void;
  /** CPU that no meeting explains. */
  burn(pod: string, cpuRatio: number): void;
  failJoins(ratio: number): void;
  /** Droplets asked for from now on never become Ready. */
  stallBoots(): void;
  spend(monthToDateUsd: number): void;
  setAway(peer: SimPeer, away: boolean): void;
  setPool(pool: string, change: { autoScale?: boolean; count?: number; minNodes?: number; maxNodes?: number }): void;
  autoscale(options: { minReplicas: number; maxReplicas: number; targetCpuRatio: number }): void;
}

/** The hands that move the simulated world. */
export function createControl(rim: Rim): SimControl {
  const meeting = (name: string) =>
    found(
      rim.state().meetings.find((candidate) => candidate.name === name),
      `meeting ${name}`,
    );
  const deployment = (name: string) =>
    found(
      rim.state().deployments.find((candidate) => candidate.name === name),
      `workload ${name}`,
    );
  return {
    startMeeting(wish) {
      // One look: a second one moves time on, and may put another list in the place of this one.
      const state = rim.state();
      state.meetings.push(newMeeting(state, wish));
    },
    setGoal(name, participants) {
      meeting(name).goal = Math.min(participants, largestMeeting.participants);
    },
    endMeetings() {
      for (const each of rim.state().meetings) each.goal = 0;
    },
    loseNode(name) {
      const node = found(
        rim.state().nodes.find((candidate) => candidate.name === name),
        `node ${name}`,
      );
      node.lostAtSeconds = rim.state().seconds;
    },
    term(pod) {
      found(
        rim.state().sfus.find((sfu) => sfu.pod === pod),
        `SFU pod ${pod}`,
      ).terms += 1;
    },
    crash(workload, { curedByRestart }) {
      deployment(workload).crash = { revision: deployment(workload).revision, curedByRestart };
    },
    cure(workload) {
      deployment(workload).crash = undefined;
    },
    releaseBroken(workload, image) {
      deployment(workload).crash = { image };
      rollOut(rim.state(), deployment(workload), { image });
    },
    burn(pod, cpuRatio) {
      rim.state().burnRatio[pod] = cpuRatio;
    },
    failJoins(ratio) {
      rim.state().joinFailureRatio = ratio;
    },
    stallBoots() {
      rim.state().bootsStalled = true;
    },
    spend(monthToDateUsd) {
      rim.state().monthToDateMicroUsd = monthToDateUsd * 1_000_000;
    },
    setAway(peer, away) {
      if (away) rim.away.add(peer);
      else rim.away.delete(peer);
    },
    setPool(name, change) {
      Object.assign(
        found(
          rim.state().pools.find((candidate) => candidate.name === name),
          `pool ${name}`,
        ),
        change,
      );
    },
    autoscale(options) {
      const { replicas } = deployment(sfuWorkload);
      rim.state().autoscalers = [
        {
          kind: 'HorizontalPodAutoscaler',
          name: sfuWorkload,
          deployment: sfuWorkload,
          ...options,
          desiredReplicas: replicas,
          resourceVersion: 1,
          runId: undefined,
          nextSyncSeconds: 0,
        },
      ];
    },
  };
}

function newMeeting(state: SimState, wish: MeetingWish): Meeting {
  if (state.meetings.some((meeting) => meeting.name === wish.name))
    throw new UsageError(`meeting ${wish.name} is already there`);
  return {
    name: wish.name,
    sid: undefined,
    nodeId: undefined,
    pinnedTo: wish.on,
    participants: 0,
    reconnecting: 0,
    reconnectingSinceSeconds: undefined,
    goal: Math.min(wish.participants, largestMeeting.participants),
    joinsPerSecond: wish.joinsPerSecond ?? 8,
    leavesPerSecond: 20,
    tiles: wish.tiles ?? largestMeeting.tiles,
    speakers: wish.speakers ?? largestMeeting.speakers,
    mainVideo: wish.mainVideo ?? false,
    createdAtSeconds: state.seconds,
    emptySinceSeconds: undefined,
  };
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UsageError(`the simulated platform has no ${what}`);
  return value;
}
