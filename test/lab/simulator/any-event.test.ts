import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SimState } from '../../../lab/simulator/state.ts';
import { stillSimulator } from './world.ts';

type World = ReturnType<typeof stillSimulator>;

/** Something that happens to the platform; lengths and sizes are small enough to reach every corner in a few steps. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('meet' as const), people: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ kind: fc.constant('resize' as const), which: fc.nat(), people: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ kind: fc.constant('scale' as const), replicas: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 120 }) }),
);
const disaster = fc.oneof(
  happening,
  fc.record({ kind: fc.constant('lose-node' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('term' as const), which: fc.nat() }),
);
type Happening = typeof disaster extends fc.Arbitrary<infer T> ? T : never;

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(list.length, 1)];
}

async function apply(world: World, event: Happening, index: number): Promise<void> {
  const state = world.view();
  switch (event.kind) {
    case 'meet':
      return world.control.startMeeting({ name: `meeting-${index}`, participants: event.people });
    case 'resize': {
      const meeting = pick(state.meetings, event.which);
      return meeting && world.control.setGoal(meeting.name, event.people);
    }
    case 'scale': {
      const deployment = await world.cluster.deployment('livekit-sfu');
      return (
        deployment &&
        world.cluster.scale({
          deployment: deployment.name,
          replicas: event.replicas,
          resourceVersion: deployment.resourceVersion,
          runId: `run-${index}`,
        })
      );
    }
    case 'pass':
      return world.pass(event.seconds);
    case 'lose-node': {
      const node = pick(
        state.nodes.filter((candidate) => candidate.lostAtSeconds === undefined),
        event.which,
      );
      return node && world.control.loseNode(node.name);
    }
    case 'term': {
      const sfu = pick(
        state.sfus.filter((candidate) => candidate.alive),
        event.which,
      );
      return sfu && world.control.term(sfu.pod);
    }
  }
}

function accounted({ people, meetings }: SimState): number {
  const inside = meetings.reduce((sum, meeting) => sum + meeting.participants + meeting.reconnecting, 0);
  return inside + people.left + people.cut + people.gaveUp;
}

async function play(
  events: readonly Happening[],
  seed: number,
  check: (before: SimState, after: SimState) => void,
): Promise<void> {
  const world = stillSimulator({ seed });
  for (const [index, event] of events.entries()) {
    const before = structuredClone(world.view());
    await apply(world, event, index);
    world.pass(2);
    check(before, world.view());
  }
}

const runs = { numRuns: 60 };

describe('the simulated platform, whatever happens to it', () => {
  it('keeps account of every person', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => assert.equal(accounted(after), after.people.joined)),
      ),
      runs,
    );
  });

  it('never moves a room from a node that lives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), async (events, seed) => {
        const home = new Map<string, string | undefined>();
        await play(events, seed, (_before, after) => {
          const lives = (nodeId: string | undefined) => after.sfus.some((sfu) => sfu.nodeId === nodeId && sfu.alive);
          for (const { sid, nodeId } of after.meetings) {
            if (sid === undefined) continue;
            const was = home.get(sid);
            assert.ok(was === undefined || was === nodeId || !lives(was), `room ${sid} moved from a node that lives`);
            home.set(sid, nodeId);
          }
        });
      }),
      runs,
    );
  });

  it('never puts two SFUs on one node, draining ones included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => {
          const taken = after.pods.flatMap((pod) =>
            pod.workload === 'livekit-sfu' && pod.node !== undefined ? [pod.node] : [],
          );
          assert.equal(new Set(taken).size, taken.length);
        }),
      ),
      runs,
    );
  });

  it('cuts nobody off as long as nodes are only drained', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 30 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => assert.deepEqual([after.people.cut, after.people.gaveUp], [0, 0])),
      ),
      runs,
    );
  });

  it('is the same again for the same seed', async () => {
    const run = () => {
      const world = stillSimulator({ seed: 7 });
      world.control.startMeeting({ name: 'a', participants: 300 });
      world.pass(100);
      return world.view();
    };

    assert.deepEqual(run(), run());
  });
});
