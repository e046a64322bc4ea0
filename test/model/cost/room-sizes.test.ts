import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MicroUsd, usd } from '../../../kernel/money.ts';
import { roomSizeCosts } from '../../../model/cost/room-sizes.ts';

const buckets = [0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 450, 500];
const cost = { media: usd(1_000), rest: usd(500) };

test('people in large rooms cost more, since each of them is sent more, up to a full screen', () => {
  const found = roomSizeCosts(
    buckets.map((upTo) => ({ upTo, roomHours: 100 })),
    cost,
    100_000,
  );
  assert.deepEqual(
    found.map(({ from, upTo }) => [from, upTo]),
    [
      [1, 5],
      [6, 10],
      [11, 50],
      [51, 200],
      [201, 500],
    ],
  );
  const each = found.map(({ perParticipantHour }) => perParticipantHour);
  assert.deepEqual(
    [...each].sort((a, b) => a - b),
    each,
  );
  const people = found.reduce((sum, { participantHours }) => sum + participantHours, 0);
  assert.ok(Math.abs(people - 100_000) < 1e-6);
});

test('one size of room bears everything, by its people and by its rooms', () => {
  const [only, ...others] = roomSizeCosts(
    [
      { upTo: 20, roomHours: 0 },
      { upTo: 50, roomHours: 10 },
    ],
    cost,
    300,
  );
  assert.equal(others.length, 0);
  assert.deepEqual([only?.cost, only?.perParticipantHour, only?.perRoomHour], [usd(1_500), usd(5), usd(150)]);
});

test('without rooms or people nothing is said: neither zero nor infinite', () => {
  assert.deepEqual(roomSizeCosts([], cost, 100), []);
  assert.deepEqual(roomSizeCosts([{ upTo: 50, roomHours: 10 }], cost, 0), []);
  assert.deepEqual(roomSizeCosts([{ upTo: 0, roomHours: 10 }], cost, 100), []);
});

test('the parts of any sizes sum exactly to the whole, and none is negative', () => {
  const amount = fc.integer({ min: 0, max: 1e12 }).map((value) => value as MicroUsd);
  fc.assert(
    fc.property(
      fc.array(fc.record({ upTo: fc.constantFrom(...buckets), roomHours: fc.integer({ min: 0, max: 1e6 }) })),
      fc.record({ media: amount, rest: amount }),
      fc.integer({ min: 1, max: 1e9 }),
      (sizes, whole, people) => {
        const found = roomSizeCosts(sizes, whole, people);
        assert.ok(found.every((one) => one.cost >= 0));
        if (found.length > 0)
          assert.equal(
            found.reduce((sum, one) => sum + one.cost, 0),
            whole.media + whole.rest,
          );
      },
    ),
  );
});
