import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultLimits } from '../../../alerts/define.ts';
import { modes } from '../../../alerts/vocabulary.ts';
import { fromMs } from '../../../kernel/duration.ts';
import { usd } from '../../../kernel/money.ts';
import { actions } from '../../../responders/act/index.ts';
import { decide } from '../../../responders/decide/decide.ts';
import type { Situation } from '../../../responders/decide/situation.ts';
import type { Run } from '../../../responders/records.ts';
import { clusterOf, fleetOf, nowMs, pastRun, podOf, sfuOf, situationOf, someSwitch } from '../../support/situation.ts';

const switched = fc.option(fc.constant(someSwitch), { nil: undefined, freq: 4 });
const aged = fc.option(fc.integer({ min: -120_000, max: 7_200_000 }), { nil: undefined, freq: 8 });
const people = ['responder', 'console:alex', 'console:sam', 'console:kim'];

const run: fc.Arbitrary<Run> = fc
  .record({
    id: fc.uuid(),
    action: fc.constantFrom('scaleSfu', 'restartWorkload', 'drainSfu'),
    target: fc.constantFrom(
      'deployment/livekit-sfu',
      'deployment/chat-service',
      'drain/livekit-sfu',
      'deployment/other',
    ),
    state: fc.constantFrom(
      'proposed',
      'intended',
      'verifying',
      'verified',
      'not-improved',
      'unknown',
      'failed',
      'abandoned',
      'denied',
      'expired',
    ),
    agoMs: fc.integer({ min: -60_000, max: 7_200_000 }),
    alertname: fc.constantFrom('ServiceCrashLooping', 'SfuSaturated'),
    attempts: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ agoMs, ...more }) =>
      pastRun({
        ...more,
        intendedAtMs: nowMs - agoMs,
        finishedAtMs: ['proposed', 'intended', 'verifying'].includes(more.state) ? undefined : nowMs - agoMs,
      }) as Run,
  );

/** Any situation: most of its parts in order, any of them not. */
const situations: fc.Arbitrary<Situation> = fc
  .record({
    name: fc.constantFrom(
      'scaleSfu' as const,
      'restartWorkload' as const,
      'drainSfu' as const,
      'raiseNodePool' as const,
      'escalate' as const,
    ),
    step: fc.integer({ min: 1, max: 5 }),
    replicas: fc.integer({ min: 0, max: 14 }),
    nodes: fc.integer({ min: 0, max: 14 }),
    rooms: fc.integer({ min: 0, max: 2 }),
    pending: fc.boolean(),
    poolMax: fc.integer({ min: 1, max: 25 }),
    droplets: fc.integer({ min: 0, max: 50 }),
    ages: fc.record({ cluster: aged, fleet: aged, cloud: aged }),
    sources: fc.subarray(['redis', 'roomService', 'prometheus'] as const),
    controls: fc.record({
      stopped: switched,
      frozen: switched,
      liveEvent: switched,
      breakGlass: fc.constant(undefined),
      modes: fc.constant(new Map()),
    }),
    mode: fc.constantFrom(...modes),
    maxActsPerHour: fc.integer({ min: 0, max: 5 }),
    maxFleetShareRatio: fc.constantFrom(0.1, 0.5, 1),
    cooldownMs: fc.integer({ min: 0, max: 3_600_000 }),
    recent: fc.array(run, { maxLength: 8 }),
    approvals: fc.array(fc.constantFrom(...people), { maxLength: 3 }),
    requestedBy: fc.constantFrom(...people),
    approvalsNeeded: fc.integer({ min: 0, max: 2 }),
    breakGlass: fc.boolean(),
    budgetUsd: fc.integer({ min: 0, max: 40_000 }),
    silenced: fc.boolean(),
  })
  .map((parts) => {
    const base = situationOf(parts.name);
    const reading = <T>(value: T, ageMs: number | undefined) =>
      ageMs === undefined ? undefined : { value, observedAtMs: nowMs - ageMs };
    const cluster = reading(
      clusterOf(
        parts.replicas,
        parts.pending
          ? {
              pods: [
                podOf('livekit-sfu', 99, { ready: false, unschedulable: 'no room', createdAtMs: nowMs - 3_600_000 }),
              ],
            }
          : {},
      ),
      parts.ages.cluster,
    );
    const fleet = reading(
      fleetOf(parts.nodes, {
        sources: parts.sources,
        nodes: Array.from({ length: parts.nodes }, (_none, serial) =>
          sfuOf(serial, { rooms: parts.rooms, participants: parts.rooms * 3 }),
        ),
      }),
      parts.ages.fleet,
    );
    const cloud = reading(
      {
        pools: [
          {
            id: 'p',
            clusterId: 'c',
            name: 'sfu',
            size: 's',
            count: Math.min(4, parts.poolMax),
            autoScale: true,
            minNodes: 2,
            maxNodes: parts.poolMax,
          },
        ],
        dropletLimit: 50,
        droplets: parts.droplets,
        monthToDate: usd(1_000),
      },
      parts.ages.cloud,
    );
    return {
      ...base,
      params: parts.name === 'scaleSfu' || parts.name === 'raiseNodePool' ? { step: parts.step } : {},
      world: { ...(cluster && { cluster }), ...(fleet && { fleet }), ...(cloud && { cloud }) },
      controls: parts.controls,
      mode: parts.mode,
      limits: {
        ...defaultLimits,
        maxActsPerHour: parts.maxActsPerHour,
        maxFleetShareRatio: parts.maxFleetShareRatio,
        maxParticipants: 0,
        cooldown: fromMs(parts.cooldownMs),
      },
      recent: parts.recent,
      approvals: parts.approvals,
      requestedBy: parts.requestedBy,
      approvalsNeeded: parts.approvalsNeeded,
      breakGlass: parts.breakGlass,
      budget: usd(parts.budgetUsd),
      silenced: parts.silenced,
    };
  });

/** Checks `holds` on every judgement that is not a refusal; the number of those must not be zero, or nothing was checked. */
function whenever(
  outcomes: readonly string[],
  holds: (situation: Situation, judgement: ReturnType<typeof decide>) => void,
): void {
  let checked = 0;
  fc.assert(
    fc.property(situations, (situation) => {
      const judgement = decide(situation);
      if (!outcomes.includes(judgement.outcome)) return;
      checked += 1;
      holds(situation, judgement);
    }),
    { numRuns: 4_000, seed: 20_261_115 },
  );
  assert.ok(checked > 50, `only ${checked} situations came so far`);
}

const onPlatform = ({ action }: Situation): boolean => action.reach === 'platform';

test("what grows never passes a ceiling, declared or the pool's, also with broken glass", () => {
  whenever(['act', 'propose'], ({ action, scene, world }, judgement) => {
    const plan = judgement.outcome === 'refuse' ? undefined : judgement.plan;
    if (plan?.growth === undefined) return;
    assert.ok(plan.growth.after <= plan.growth.ceiling);
    const declared = action.name === 'scaleSfu' ? scene.declared.sfu.ceiling : (scene.declared.pools[0]?.maxNodes ?? 0);
    assert.ok(plan.growth.after <= declared);
    assert.ok(plan.growth.after <= (world.cloud?.value.pools[0]?.maxNodes ?? 0));
  });
});

test('nothing is done or proposed on stale, missing or future data', () => {
  whenever(['act', 'propose'], ({ action, world, limits }) => {
    for (const part of action.needs) {
      const reading = world[part];
      assert.ok(reading !== undefined, `${part} was never seen`);
      const ageMs = nowMs - reading.observedAtMs;
      assert.ok(
        ageMs >= -1_000 && ageMs <= (part === 'cloud' ? 3_600_000 : 60_000),
        `${part} is ${ageMs} ms old; ${limits.maxDataAge} allowed`,
      );
    }
  });
});

test('nothing is done on an empty fleet or a Deployment that is not there', () => {
  whenever(['act', 'propose'], (situation) => {
    if (situation.action.name === 'scaleSfu' || situation.action.name === 'drainSfu')
      assert.ok((situation.world.fleet?.value.nodes.length ?? 0) > 0);
  });
});

test('never more acts in an hour than allowed', () => {
  whenever(['act', 'propose'], (situation) => {
    if (!onPlatform(situation)) return;
    const { recent, limits, runbook, action } = situation;
    const acts = recent.filter(
      (one) =>
        one.alertname === runbook &&
        one.action === action.name &&
        one.intendedAtMs !== undefined &&
        nowMs - one.intendedAtMs < 3_600_000 &&
        (one.state !== 'abandoned' || one.attempts > 1),
    );
    assert.ok(acts.length < limits.maxActsPerHour);
  });
});

test('never without the approvals that are needed, each of another person than the requester', () => {
  whenever(['act'], ({ approvals, approvalsNeeded, requestedBy, breakGlass }) => {
    if (breakGlass) return;
    assert.ok(new Set(approvals.filter((subject) => subject !== requestedBy)).size >= approvalsNeeded);
  });
});

test('nothing of the platform is touched while it is stopped, silenced or in shadow, also with broken glass', () => {
  whenever(['act', 'propose'], (situation) => {
    if (!onPlatform(situation)) return;
    assert.equal(situation.controls.stopped, undefined);
    assert.equal(situation.silenced, false);
    assert.notEqual(situation.mode, 'shadow');
  });
});

test('a freeze holds unless glass is broken, and nothing disturbs a live event', () => {
  whenever(['act', 'propose'], (situation, judgement) => {
    if (!onPlatform(situation) || situation.breakGlass || judgement.outcome === 'refuse') return;
    assert.equal(situation.controls.frozen, undefined);
    if (situation.controls.liveEvent !== undefined)
      assert.equal(situation.action.destructive || judgement.plan.touches.pods > 0, false);
  });
});

test('never two acts at once on one target', () => {
  whenever(['act', 'propose'], ({ recent }, judgement) => {
    const target = judgement.outcome === 'refuse' ? undefined : judgement.plan.target;
    assert.equal(
      recent.some((one) => one.target === target && ['proposed', 'intended', 'verifying'].includes(one.state)),
      false,
    );
  });
});

test('a drain never takes a node that holds a room, nor one that only one source calls empty', () => {
  whenever(['act', 'propose'], ({ action, world }, judgement) => {
    if (action.name !== 'drainSfu' || judgement.outcome === 'refuse') return;
    const fleet = world.fleet?.value;
    assert.ok(fleet?.sources.includes('redis') && fleet.sources.includes('roomService'));
    assert.equal(judgement.plan.touches.rooms + judgement.plan.touches.participants, 0);
  });
});

test('the month never costs more than its budget by what is done', () => {
  whenever(['act', 'propose'], ({ budget }, judgement) => {
    if (judgement.outcome === 'refuse' || judgement.plan.costPerHour <= 0) return;
    const hoursLeft = (Date.UTC(2026, 11, 1) - nowMs) / 3_600_000;
    assert.ok(usd(1_000) + judgement.plan.costPerHour * hoursLeft <= budget);
  });
});

test('the same situation gives the same judgement', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const first = decide(situation);
      const again = decide(structuredCloneOf(situation));
      assert.deepEqual(again, first);
    }),
    { numRuns: 1_000, seed: 20_261_115 },
  );
});

/** A copy that shares nothing with the first but the action. */
function structuredCloneOf(situation: Situation): Situation {
  const { action, ...rest } = situation;
  return { ...structuredClone(rest), action: actions[action.name] };
}
