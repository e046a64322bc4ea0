import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import {
  type Booking,
  bootLeadMs,
  joinEarlyMs,
  overrunMs,
  type PlanStep,
  type SchedulePool,
  scheduleBookings,
} from '../../../model/capacity/schedule.ts';
import { nodeSize } from '../../../model/prices.ts';

const hour = 3_600_000;
const nine = Date.parse('2026-11-23T02:00:00Z');
const size = nodeSize('c-32');
assert.ok(size);
const pool: SchedulePool = {
  size,
  minNodes: 3,
  maxNodes: 20,
  unbookedNodes: 0,
  spareNodes: 1,
  screen: { tiles: 25, speakers: 10, mainVideos: 0 },
};
const large = (startMs: number, hours = 1): Booking => ({ startMs, endMs: startMs + hours * hour, participants: 500 });
const many = (count: number, startMs = nine, hours = 1) => Array.from({ length: count }, () => large(startMs, hours));

function plan(bookings: readonly Booking[], changes: Partial<SchedulePool> = {}): readonly PlanStep[] {
  const schedule = scheduleBookings(bookings, { ...pool, ...changes });
  assert.ok(schedule.kind === 'planned');
  return schedule.steps;
}

test('eight meetings of 500 at nine take nine nodes, asked for before the first people come and kept past the end', () => {
  const [step, ...more] = plan(many(8));
  assert.ok(step);
  assert.equal(more.length, 0);
  assert.equal(step.nodes, 9);
  assert.equal(step.servingAtMs, nine - joinEarlyMs);
  assert.equal(step.orderAtMs, nine - joinEarlyMs - bootLeadMs);
  assert.equal(step.untilMs, nine + hour + overrunMs);
  assert.deepEqual([step.meetings, step.participants, step.missingNodes], [8, 4_000, 0]);
  // Six nodes above the minimum of three at $1 an hour, for 60 + 10 + 15 + 4.5 minutes.
  assert.equal(step.extraCost, usd((6 * 89.5) / 60));
});

test('nothing booked, or nothing that the minimum does not carry, plans nothing', () => {
  assert.deepEqual(plan([]), []);
  assert.deepEqual(plan(many(2)), []);
  assert.deepEqual(plan([{ startMs: nine, endMs: nine, participants: 500 }]), []);
});

test('meetings that follow each other with a short break keep their nodes', () => {
  const steps = plan([...many(6), ...many(6, nine + 1.25 * hour)]);
  assert.equal(steps.length, 1);
  assert.equal(steps[0]?.untilMs, nine + 2.25 * hour + overrunMs);
});

test('a long break gives the nodes back', () => {
  assert.equal(plan([...many(6), ...many(6, nine + 4 * hour)]).length, 2);
});

test('what the pool cannot do is said and paid only as far as it goes', () => {
  const [step] = plan(many(30));
  assert.deepEqual([step?.nodes, step?.missingNodes], [31, 11]);
  assert.equal(step?.extraCost, usd((17 * 89.5) / 60));
});

test('nodes for meetings without a booking come on top', () => {
  assert.equal(plan(many(4), { unbookedNodes: 5 })[0]?.nodes, 10);
});

test('a booking of a million counts as the 500 who can join', () => {
  const [step] = plan([...many(5), { ...large(nine), participants: 1_000_000 }]);
  assert.deepEqual([step?.nodes, step?.participants], [7, 3_000]);
});

test('a meeting that fits no node is refused by its size', () => {
  const screen = { tiles: 49, speakers: 10, mainVideos: 3 };
  assert.deepEqual(scheduleBookings(many(1), { ...pool, screen }), { kind: 'room-too-large', participants: 500 });
});

test('steps never overlap, and none is missing at any moment that asks for one', () => {
  const booking = fc.record({
    startMs: fc.integer({ min: 0, max: 48 }).map((half) => nine + (half * hour) / 2),
    hours: fc.integer({ min: 1, max: 6 }),
    participants: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(fc.array(booking, { maxLength: 60 }), (drawn) => {
      const bookings = drawn.map(({ startMs, hours, participants }) => ({
        startMs,
        endMs: startMs + hours * hour,
        participants,
      }));
      const steps = plan(bookings);
      for (const [index, step] of steps.entries()) {
        assert.ok(step.untilMs > step.servingAtMs && step.nodes > pool.minNodes && step.extraCost >= 0);
        const next = steps[index + 1];
        if (next !== undefined) assert.ok(next.servingAtMs >= step.untilMs);
      }
      for (const { startMs } of bookings) {
        const running = bookings.filter((one) => one.startMs <= startMs && one.endMs > startMs);
        const full = running.filter(({ participants }) => participants > 475).length;
        const planned = steps.find((step) => step.servingAtMs <= startMs && step.untilMs > startMs);
        // A meeting of more than 475 needs a node of its own beside others of its kind.
        assert.ok((planned?.nodes ?? pool.minNodes) >= Math.min(full, 1) * (full + pool.spareNodes));
      }
    }),
  );
});
