import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { decide } from '../../../responders/decide/decide.ts';
import { earlyGuards, planGuards } from '../../../responders/decide/guards.ts';
import type { RefusalReason } from '../../../responders/decide/reasons.ts';
import type { Situation } from '../../../responders/decide/situation.ts';
import {
  clusterOf,
  fleetOf,
  noControls,
  nowMs,
  pastRun,
  podOf,
  sfuOf,
  situationOf,
  someSwitch,
} from '../../support/situation.ts';

const restart = (more: Partial<Situation> = {}) => situationOf('restartWorkload', more);
const scale = (more: Partial<Situation> = {}) => situationOf('scaleSfu', more);
const limits = (more: Partial<Situation['limits']>) => ({ limits: { ...restart().limits, ...more } });
const world = (action: Situation, part: 'cluster' | 'fleet' | 'cloud', ageMs: number): Partial<Situation> => {
  const reading = action.world[part];
  return { world: { ...action.world, ...(reading && { [part]: { ...reading, observedAtMs: nowMs - ageMs } }) } };
};

interface Row {
  readonly what: string;
  readonly refused: Situation;
  readonly reason: RefusalReason;
  /** The same but for what the guard looks at. */
  readonly passes: Situation;
}

const table: readonly Row[] = [
  {
    what: 'the stop switch',
    reason: 'stopped',
    refused: restart({ controls: { ...noControls, stopped: someSwitch } }),
    passes: situationOf('escalate', { controls: { ...noControls, stopped: someSwitch } }),
  },
  { what: 'a silence', reason: 'silenced', refused: restart({ silenced: true }), passes: restart({ silenced: false }) },
  {
    what: 'a reading that is too old',
    reason: 'stale-data',
    refused: restart(world(restart(), 'cluster', 60_001)),
    passes: restart(world(restart(), 'cluster', 60_000)),
  },
  {
    what: 'a reading of the fleet that is too old',
    reason: 'stale-data',
    refused: scale(world(scale(), 'fleet', 61_000)),
    passes: scale(world(scale(), 'fleet', 1_000)),
  },
  {
    what: 'a reading dated in the future',
    reason: 'stale-data',
    refused: restart(world(restart(), 'cluster', -1_001)),
    passes: restart(world(restart(), 'cluster', -999)),
  },
  {
    what: 'prices older than an hour',
    reason: 'stale-data',
    refused: scale(world(scale(), 'cloud', 3_600_001)),
    passes: scale(world(scale(), 'cloud', 3_599_000)),
  },
  {
    what: 'no reading at all',
    reason: 'stale-data',
    refused: restart({ world: {} }),
    passes: situationOf('escalate', { world: {} }),
  },
  {
    what: 'an unknown service',
    reason: 'no-target',
    refused: restart({
      scene: {
        ...restart().scene,
        occasion: { labels: { service: 'elsewhere' }, fingerprint: undefined, incidentId: '1' },
      },
    }),
    passes: restart(),
  },
  {
    what: 'a service that must not be restarted',
    reason: 'no-target',
    refused: restart({ params: { workload: 'livekit-sfu' } }),
    passes: restart({ params: { workload: 'chat-service' } }),
  },
  {
    what: 'an empty fleet',
    reason: 'no-target',
    refused: scale({ world: { ...scale().world, fleet: { value: fleetOf(0), observedAtMs: nowMs } } }),
    passes: scale(),
  },
  {
    what: 'a node that still starts',
    reason: 'already-acting',
    refused: scale({
      world: {
        ...scale().world,
        cluster: {
          value: clusterOf(4, { pods: [podOf('livekit-sfu', 9, { ready: false, createdAtMs: nowMs - 60_000 })] }),
          observedAtMs: nowMs,
        },
      },
    }),
    passes: scale({
      world: {
        ...scale().world,
        cluster: {
          value: clusterOf(4, { pods: [podOf('livekit-sfu', 9, { ready: false, createdAtMs: nowMs - 3_600_000 })] }),
          observedAtMs: nowMs,
        },
      },
    }),
  },
  {
    what: 'shadow mode',
    reason: 'shadow',
    refused: restart({ mode: 'shadow' }),
    passes: situationOf('escalate', { mode: 'shadow' }),
  },
  {
    what: 'a freeze',
    reason: 'frozen',
    refused: restart({ controls: { ...noControls, frozen: someSwitch } }),
    passes: restart({ controls: { ...noControls, frozen: someSwitch }, breakGlass: true }),
  },
  {
    what: 'a live event',
    reason: 'live-event',
    refused: restart({ controls: { ...noControls, liveEvent: someSwitch } }),
    passes: scale({ controls: { ...noControls, liveEvent: someSwitch } }),
  },
  {
    what: 'the cooldown',
    reason: 'cooldown',
    refused: restart({ recent: [pastRun({ intendedAtMs: nowMs - 599_000 })] }),
    passes: restart({ recent: [pastRun({ intendedAtMs: nowMs - 601_000 })] }),
  },
  {
    what: 'the cooldown after an act dated in the future',
    reason: 'cooldown',
    refused: restart({ recent: [pastRun({ intendedAtMs: nowMs + 3_600_000 })] }),
    passes: restart({ recent: [pastRun({ target: 'deployment/other' })] }),
  },
  {
    what: 'the cooldown, not by what was abandoned before any call',
    reason: 'cooldown',
    refused: restart({ recent: [pastRun({ intendedAtMs: nowMs - 1_000, state: 'failed' })] }),
    passes: restart({ recent: [pastRun({ intendedAtMs: nowMs - 1_000, state: 'abandoned' })] }),
  },
  {
    what: 'a run on the same target',
    reason: 'already-acting',
    refused: restart({ recent: [pastRun({ state: 'verifying', finishedAtMs: undefined })] }),
    passes: restart({ recent: [pastRun({ id: 'me', state: 'intended', finishedAtMs: undefined })], self: 'me' }),
  },
  {
    what: 'a drain that is about to write the same object',
    reason: 'already-acting',
    refused: scale({ recent: [pastRun({ action: 'drainSfu', target: 'drain/livekit-sfu', state: 'intended' })] }),
    passes: scale({ recent: [pastRun({ action: 'drainSfu', target: 'drain/livekit-sfu', state: 'verifying' })] }),
  },
  {
    what: 'the acts of this hour',
    reason: 'rate-limit',
    refused: restart({
      recent: [1, 2, 3, 4].map((serial) => pastRun({ id: `r${serial}`, target: `deployment/${serial}` })),
    }),
    passes: restart({
      recent: [1, 2, 3].map((serial) => pastRun({ id: `r${serial}`, target: `deployment/${serial}` })),
    }),
  },
  {
    what: 'the share of the fleet',
    reason: 'blast-radius',
    refused: restart(limits({ maxFleetShareRatio: 0.33 })),
    passes: restart(limits({ maxFleetShareRatio: 0.34 })),
  },
  {
    what: 'the ceiling of replicas',
    reason: 'replica-ceiling',
    refused: scale({ params: { step: 7 } }),
    passes: scale({ params: { step: 6 } }),
  },
  {
    what: 'the budget',
    reason: 'budget',
    refused: scale({ budget: usd(2_000) }),
    passes: scale({ budget: usd(35_000) }),
  },
  {
    what: 'the breaker',
    reason: 'breaker-open',
    refused: restart({
      recent: [1, 2, 3].map((serial) =>
        pastRun({ id: `r${serial}`, target: `deployment/${serial}`, state: 'not-improved' }),
      ),
    }),
    passes: restart({
      recent: [1, 2, 3].map((serial) =>
        pastRun({
          id: `r${serial}`,
          target: `deployment/${serial}`,
          state: serial === 2 ? 'verified' : 'not-improved',
        }),
      ),
    }),
  },
  {
    what: 'the breaker of what people ask for, which is the target’s own',
    reason: 'breaker-open',
    refused: restart({
      runbook: 'request',
      recent: [1, 2, 3].map((serial) => pastRun({ id: `r${serial}`, alertname: 'request', state: 'not-improved' })),
    }),
    passes: restart({
      runbook: 'request',
      recent: [1, 2, 3].map((serial) =>
        pastRun({ id: `r${serial}`, alertname: 'request', state: 'not-improved', target: `deployment/${serial}` }),
      ),
    }),
  },
  {
    what: 'a breaker that nobody closed for its time',
    reason: 'breaker-open',
    refused: restart({
      recent: [1, 2, 3].map((serial) =>
        pastRun({ id: `r${serial}`, target: `d/${serial}`, state: 'unknown', finishedAtMs: nowMs - 3_599_000 }),
      ),
    }),
    passes: restart({
      recent: [1, 2, 3].map((serial) =>
        pastRun({ id: `r${serial}`, target: `d/${serial}`, state: 'unknown', finishedAtMs: nowMs - 3_600_000 }),
      ),
    }),
  },
];

describe('each guard refuses with its own word, and passes when what it looks at is in order', () => {
  for (const { what, reason, refused, passes } of table) {
    it(`${what}: ${reason}`, () => {
      const no = decide(refused);
      const yes = decide(passes);

      assert.equal(no.outcome === 'refuse' ? no.reason : no.outcome, reason);
      assert.equal(yes.outcome, 'act', JSON.stringify(yes.trace.at(-1)));
      assert.equal(no.trace.at(-1)?.verdict, 'refuse');
    });
  }

  it('asks every guard before it acts, and none after the first that refuses', () => {
    const acted = decide(restart());
    const stopped = decide(restart({ controls: { ...noControls, stopped: someSwitch } }));

    assert.deepEqual(
      acted.trace.map(({ guard }) => guard),
      [...earlyGuards.map(({ name }) => name), 'target', ...planGuards.map(({ name }) => name)],
    );
    assert.deepEqual(
      stopped.trace.map(({ guard }) => guard),
      ['stop-switch'],
    );
  });

  it('counts no approval of the requester and no person twice', () => {
    const needsTwo = { approvalsNeeded: 2, requestedBy: 'console:alex' };

    assert.equal(decide(restart({ ...needsTwo, approvals: ['console:sam', 'console:sam'] })).outcome, 'propose');
    assert.equal(decide(restart({ ...needsTwo, approvals: ['console:sam', 'console:alex'] })).outcome, 'propose');
    assert.equal(decide(restart({ ...needsTwo, approvals: ['console:sam', 'console:kim'] })).outcome, 'act');
  });

  it('a meeting on every node is in the way of a drain, an empty node is not', () => {
    const drain = situationOf('drainSfu');
    const busy = situationOf('drainSfu', {
      world: {
        ...drain.world,
        fleet: {
          value: fleetOf(4, { nodes: [0, 1, 2, 3].map((serial) => sfuOf(serial, { rooms: 1, participants: 2 })) }),
          observedAtMs: nowMs,
        },
      },
    });

    assert.equal(decide(drain).outcome, 'act');
    const judgement = decide(busy);
    assert.equal(judgement.outcome === 'refuse' && judgement.reason, 'meeting-in-progress');
  });
});
