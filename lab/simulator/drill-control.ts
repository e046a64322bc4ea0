import type { LabMeeting, LabSfu, PlatformControl, PlatformPeers, Sight } from '../platform.ts';
import { participantsOn, statsFresh } from './processes.ts';
import type { SimPeer } from './rim.ts';
import type { Simulator } from './simulator.ts';
import type { SimState } from './state.ts';

/** Which peers a source of the responder is read from. */
const peersOf: Readonly<Record<Sight, readonly SimPeer[]>> = {
  cluster: ['kubernetes'],
  fleet: ['livekit', 'redis'],
  cloud: ['digitalocean'],
};

/** Three meetings of this size, each with one large video, are 87 % of a c-32 node by the formula of model/capacity.ts. */
const heavy = { count: 3, participants: 380, mainVideo: true, joinsPerSecond: 40 } as const;

/** The hands of a drill on the simulated platform. */
export function simulatedControl(simulator: Simulator): PlatformControl {
  const { control } = simulator;
  const heavyNames = (pod: string) =>
    Array.from({ length: heavy.count }, (_, index) => `all-hands-${index + 1} on ${pod}`);
  const exists = (name: string) => simulator.view().meetings.some((meeting) => meeting.name === name);
  return {
    async startMeeting({ name, participants, on }) {
      control.startMeeting({ name, participants, ...(on === undefined ? {} : { on }) });
    },
    async resizeMeeting(name, participants) {
      control.setGoal(name, participants);
    },
    async saturate(pod) {
      for (const name of heavyNames(pod)) {
        if (exists(name)) control.setGoal(name, heavy.participants);
        else control.startMeeting({ ...heavy, name, on: pod });
      }
    },
    async relieve(pod) {
      for (const name of heavyNames(pod).filter(exists)) control.setGoal(name, 20);
    },
    async burn(pod, on) {
      control.burn(pod, on ? 0.86 : 0);
    },
    async loseNode(pod) {
      const node = simulator.view().pods.find((candidate) => candidate.name === pod)?.node;
      if (node !== undefined) control.loseNode(node);
    },
    async crash(workload, options) {
      control.crash(workload, options);
    },
    async cure(workload) {
      control.cure(workload);
    },
    async releaseBroken(workload, image) {
      control.releaseBroken(workload, image);
    },
    async blind(sight, on) {
      for (const peer of peersOf[sight]) control.setAway(peer, on);
    },
    async spend(monthToDateUsd) {
      control.spend(monthToDateUsd);
    },
    async stallBoots() {
      control.stallBoots();
    },
    trouble: (trouble, workload) => simulator.troubles.begin(trouble, workload),
  };
}

/** The simulated world as it is, whatever the responder can see of it. */
export function simulatedPeers(simulator: Simulator): PlatformPeers {
  return {
    sfus: async () => simulator.view().sfus.map((sfu) => showSfu(simulator.view(), sfu)),
    meetings: async () => simulator.view().meetings.map((meeting) => showMeeting(simulator.view(), meeting)),
    async workload(name) {
      const state = simulator.view();
      const ready = state.pods.filter(
        (pod) => pod.workload === name && pod.ready && pod.deletedAtSeconds === undefined,
      ).length;
      const deployment = state.deployments.find((one) => one.name === name);
      return { image: deployment?.image ?? '', replicas: deployment?.replicas ?? 0, ready };
    },
    writes: async () => simulator.writes,
    cutOff: async () => simulator.view().people.cut,
    stoppedSfus: async () => simulator.view().stops,
  };
}

function showSfu(state: SimState, sfu: SimState['sfus'][number]): LabSfu {
  const seen = statsFresh(state, sfu) ? sfu.state : 'lost';
  return {
    pod: sfu.pod,
    nodeId: sfu.nodeId,
    state: seen,
    participants: participantsOn(state, sfu.nodeId),
    cpuLoadRatio: sfu.cpuLoadRatio,
  };
}

function showMeeting(state: SimState, meeting: SimState['meetings'][number]): LabMeeting {
  const { name, sid, participants } = meeting;
  return { name, sid, participants, pod: state.sfus.find((sfu) => sfu.nodeId === meeting.nodeId)?.pod };
}
