import type { Clock } from '../../kernel/clock.ts';
import { smallPlatform } from '../simulator/platform.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { lookEverySeconds, type StoryWorld } from './define.ts';

/** Longer than a droplet takes to boot after a lost one was given up. */
const patienceSeconds = 1_800;

/** The simulator as a world for the story, its time moved by whoever waits. */
export function simulatedStory(options: { seed?: number } = {}): StoryWorld {
  let nowMs = 1_800_000_000_000;
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  const simulator = createSimulator({
    plan: { ...smallPlatform, sfuReplicas: 2 },
    factor: 1,
    clock,
    ...options,
  });
  const known = new Set<string>();
  const sfu = (nodeId: string) => simulator.view().sfus.find((candidate) => candidate.nodeId === nodeId);
  const meeting = (name: string) => simulator.view().meetings.find((candidate) => candidate.name === name);
  const wait = async (seconds: number) => {
    nowMs += seconds * 1_000;
    simulator.view();
  };
  const until = async (what: string, look: () => boolean) => {
    for (let waited = 0; !look(); waited += lookEverySeconds) {
      if (waited > patienceSeconds) throw new Error(`the simulator does not come to it: ${what}`);
      await wait(lookEverySeconds);
    }
  };
  return {
    source: simulator.livekit,
    // Its Deployment brings a new one for each that goes.
    async start() {
      const fresh = () => simulator.view().sfus.find(({ nodeId, state }) => state === 'serving' && !known.has(nodeId));
      await until('a new node serves', () => fresh() !== undefined);
      const { nodeId } = fresh() ?? { nodeId: '' };
      known.add(nodeId);
      return nodeId;
    },
    async term(nodeId) {
      simulator.control.term(sfu(nodeId)?.pod ?? nodeId);
    },
    async lose(nodeId) {
      simulator.control.loseNode(sfu(nodeId)?.node ?? nodeId);
    },
    async join(room, people, nodeId) {
      const there = meeting(room);
      const goal = (there?.goal ?? 0) + people;
      if (there === undefined)
        simulator.control.startMeeting({
          name: room,
          participants: goal,
          ...(nodeId === undefined ? {} : { on: nodeId }),
        });
      else simulator.control.setGoal(room, goal);
      await until(`${goal} people are in ${room}`, () => meeting(room)?.participants === goal);
    },
    async leave(room) {
      if (meeting(room) !== undefined) simulator.control.setGoal(room, 0);
    },
    connected: async (room) => meeting(room)?.participants ?? 0,
    cutOff: async () => simulator.view().people.cut,
    wait,
    nowSeconds: () => nowMs / 1_000,
  };
}
