import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LiveKitEvent } from '../../../exporters/livekit/domain.ts';
import { createMovements } from '../../../exporters/livekit/movements.ts';

function setUp() {
  const counts = { joins: 0, leaves: new Map<string, number>() };
  const movements = createMovements({
    join: (count) => {
      counts.joins += count;
    },
    leave: (reason, count) => void counts.leaves.set(reason, (counts.leaves.get(reason) ?? 0) + count),
  });
  const poll = (people: number) => movements.observe(new Map([['RM_a', people]]));
  const left = () => [...counts.leaves.values()].reduce((sum, count) => sum + count, 0);
  return { counts, movements, poll, left };
}

const event = (name: string, participant: Partial<LiveKitEvent['participant']> = {}): LiveKitEvent => ({
  id: 'EV_1',
  event: name,
  createdAtMs: 0,
  room: { sid: 'RM_a', name: 'a' },
  participant: { sid: 'PA_1', kind: 'standard', hidden: false, ...participant },
  disconnectReason: 'client_initiated',
  recording: undefined,
});

test('joins and leaves of webhooks are counted, leaves by reason', () => {
  const { counts, movements, poll } = setUp();
  poll(0);
  movements.event(event('participant_joined'));
  movements.event(event('participant_joined'));
  movements.event(event('participant_left'));
  assert.equal(poll(1), false);
  assert.equal(counts.joins, 2);
  assert.deepEqual([...counts.leaves], [['client_initiated', 1]]);
});

test('those who were there at the start have not joined', () => {
  const { counts, poll } = setUp();
  for (let polls = 0; polls < 5; polls += 1) assert.equal(poll(200), false);
  assert.equal(counts.joins, 0);
});

test('a webhook before the first poll does not make the others newcomers', () => {
  const { counts, movements, poll } = setUp();
  movements.event(event('participant_joined'));
  for (let polls = 0; polls < 3; polls += 1) poll(10);
  assert.equal(counts.joins, 1);
});

test('agents, recorders, hidden ones and other events are not counted', () => {
  const { counts, movements, left } = setUp();
  movements.event(event('participant_joined', { kind: 'agent' }));
  movements.event(event('participant_joined', { kind: 'egress' }));
  movements.event(event('participant_left', { hidden: true }));
  movements.event(event('track_published'));
  movements.event({ ...event('participant_joined'), participant: undefined });
  movements.event({ ...event('participant_joined'), room: undefined });
  assert.equal(counts.joins + left(), 0);
});

test('a lost webhook is made good at the second poll and not at the first', () => {
  const { counts, poll, left } = setUp();
  poll(0);
  assert.equal(poll(3), false);
  assert.equal(counts.joins, 0);
  assert.equal(poll(3), true);
  assert.equal(counts.joins, 3);
  poll(1);
  assert.equal(left(), 0);
  poll(1);
  assert.deepEqual([...counts.leaves], [['unreported', 2]]);
});

test('a webhook that comes late after all is not counted twice', () => {
  const { counts, movements, poll, left } = setUp();
  poll(0);
  poll(1);
  poll(1);
  movements.event(event('participant_joined'));
  poll(1);
  poll(1);
  assert.equal(counts.joins, 1);
  assert.equal(left(), 0);
});

test('a room that vanishes without a word takes its people with it', () => {
  const { counts, movements, poll } = setUp();
  poll(4);
  movements.observe(new Map());
  movements.observe(new Map());
  movements.observe(new Map());
  assert.deepEqual([...counts.leaves], [['unreported', 4]]);
});

test('whatever webhooks are lost, joins minus leaves is who is there after two quiet polls', () => {
  const step = fc.record({ kind: fc.constantFrom('join', 'leave', 'poll'), lost: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { counts, movements, poll, left } = setUp();
      let people = 0;
      poll(people);
      for (const { kind, lost } of steps) {
        if (kind === 'poll') poll(people);
        else if (kind === 'join' || people > 0) {
          people += kind === 'join' ? 1 : -1;
          if (!lost) movements.event(event(kind === 'join' ? 'participant_joined' : 'participant_left'));
        }
      }
      for (let polls = 0; polls < 3; polls += 1) poll(people);
      assert.equal(counts.joins - left(), people);
    }),
  );
});
