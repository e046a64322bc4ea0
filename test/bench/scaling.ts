import { bootedPlatform } from '../../lab/simulator/platform.ts';
import { seededRandom } from '../../lab/simulator/random.ts';
import type { SimState } from '../../lab/simulator/state.ts';
import { advance } from '../../lab/simulator/step.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { sfuPool } from '../../manifests/catalogue/pools.ts';
import { wholeNode } from '../../manifests/environments/production.ts';
import { type Figure, figure } from './figures.ts';
import { hpa, type Policy, responder, servingSlots, shortGrace } from './scaling-policies.ts';

/** What a run came to. */
interface Outcome {
  /** Minutes that people spent on a node above 85 % of its CPU, where packets are late. */
  readonly impairedMinutes: number;
  readonly nodeHours: number;
  readonly cut: number;
  /** From the first second with no room for two more large meetings to the first decision to add a node: without any boot. */
  readonly decisionLagSeconds: number | undefined;
}

const hours = 4;
const ceiling = 30;
/** Fewest SFUs of the responder; the HPA's are then given as many node-hours as that takes. */
const floor = 4;

/**
 * The same surge and ebb of meetings in the simulator's physics (sticky rooms, three minutes of boot, drain by waiting) with three who decide: the README's HPA alone,
 * that HPA tuned, and the tuned one with the responder. The HPA is a model of its documented algorithm; in the lab the real controller runs, in real time.
 */
export function benchScaling({ say }: { say(line: string): void }): readonly Figure[] {
  return [240, 120, 30].flatMap((every) => surge(every, say));
}

function surge(every: number, say: (line: string) => void): readonly Figure[] {
  const production = wholeNode.requests?.cpuCores ?? sfuWorkload.requests.cpuCores;
  const own = { ceiling, requestCores: production, participantsPerPod: 400, upStabilisationSeconds: 0 };
  const documented = (least: number): Policy[] => [
    hpa({
      floor: least,
      ceiling,
      requestCores: sfuWorkload.requests.cpuCores,
      upStabilisationSeconds: 60,
      scaleDown: true,
    }),
    shortGrace(30),
  ];
  const tuned = (least: number): Policy[] => [hpa({ ...own, floor: least, scaleDown: true })];
  const ours = play(every, floor, [hpa({ ...own, floor, scaleDown: false }), responder(floor, ceiling)]);
  const outcomes = [
    ['README HPA', atNodeHours(every, documented, ours.nodeHours)],
    ['tuned HPA', atNodeHours(every, tuned, ours.nodeHours)],
    ['responder', ours],
  ] as const;
  for (const [name, { nodeHours }] of outcomes)
    say(`scaling: a meeting of 500 every ${every} s, ${name}: ${nodeHours.toFixed(1)} node-hours`);
  return outcomes.flatMap(([name, { impairedMinutes, cut, decisionLagSeconds }]) => {
    const at = `500 people every ${every} s, ${name}`;
    return [
      figure(`${at}: impaired participant-minutes`, impairedMinutes, 'min'),
      figure(`${at}: cut off by scale-in`, cut, 'people', name === 'responder' ? { must: 0 } : {}),
      ...(decisionLagSeconds === undefined
        ? []
        : [figure(`${at}: decision lag without boot`, decisionLagSeconds, 's')]),
    ];
  });
}

/** The run of those whose floor brings them nearest to so many node-hours. */
function atNodeHours(every: number, policies: (least: number) => Policy[], nodeHours: number): Outcome {
  const runs = Array.from({ length: 7 }, (_, index) => play(every, floor + index, policies(floor + index)));
  return runs.reduce((best, run) =>
    Math.abs(run.nodeHours - nodeHours) < Math.abs(best.nodeHours - nodeHours) ? run : best,
  );
}

function play(every: number, least: number, policies: readonly Policy[]): Outcome {
  const state: SimState = bootedPlatform({
    sfuReplicas: least,
    pool: { name: sfuPool.name, size: sfuPool.size, minNodes: least, maxNodes: ceiling + 2 },
    workloads: [],
    dropletLimit: ceiling + 10,
  });
  const random = seededRandom(20_261_124);
  let impaired = 0;
  let nodeSeconds = 0;
  let tightSince: number | undefined;
  let lag: number | undefined;
  const before = () => state.deployments[0]?.replicas ?? 0;
  for (let second = 0; second < hours * 3_600; second += 1) {
    schedule(state, second, every);
    const replicas = before();
    for (const decide of policies) decide(state);
    advance(state, 1, random);
    if (tightSince === undefined && servingSlots(state).reduce((sum, { free }) => sum + free, 0) < 2)
      tightSince = second;
    if (tightSince !== undefined && lag === undefined && before() > replicas) lag = second - tightSince;
    for (const sfu of state.sfus)
      if (sfu.alive && sfu.cpuLoadRatio > 0.85)
        for (const { nodeId, participants } of state.meetings) if (nodeId === sfu.nodeId) impaired += participants;
    nodeSeconds += state.nodes.length;
  }
  return {
    impairedMinutes: impaired / 60,
    nodeHours: nodeSeconds / 3_600,
    cut: state.people.cut,
    decisionLagSeconds: lag,
  };
}

/** Twelve meetings of 500 from the tenth minute on, each of 70 minutes; the ebb is as long as the surge. */
function schedule(state: SimState, second: number, every: number): void {
  const [first, lasts, count] = [600, 4_200, 12];
  const index = (second - first) / every;
  if (Number.isInteger(index) && index >= 0 && index < count)
    state.meetings.push({
      name: `meeting-${index}`,
      sid: undefined,
      nodeId: undefined,
      pinnedTo: undefined,
      participants: 0,
      reconnecting: 0,
      reconnectingSinceSeconds: undefined,
      goal: 500,
      joinsPerSecond: 4,
      leavesPerSecond: 20,
      tiles: 25,
      speakers: 10,
      mainVideo: false,
      createdAtSeconds: second,
      emptySinceSeconds: undefined,
    });
  const over = (second - first - lasts) / every;
  const ended =
    Number.isInteger(over) && over >= 0 ? state.meetings.find(({ name }) => name === `meeting-${over}`) : undefined;
  if (ended !== undefined) ended.goal = 0;
}
