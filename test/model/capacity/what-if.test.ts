import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import { downlinkOf, measuredDownlink, namedMixes, type RoomMix } from '../../../model/capacity/mixes.ts';
import { nodeLimits, pressure } from '../../../model/capacity/node.ts';
import { packRooms } from '../../../model/capacity/pack.ts';
import { mostParticipants, nodesAtLineRate, type WhatIf, whatIf } from '../../../model/capacity/what-if.ts';
import { type NodeSize, nodeSize } from '../../../model/prices.ts';

function size(slug: string): NodeSize {
  const found = nodeSize(slug);
  assert.ok(found);
  return found;
}

function mix(name: string): RoomMix {
  const found = namedMixes.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

const ask: WhatIf = {
  participants: 50_000,
  mix: mix('1mbit'),
  size: size('c-32'),
  spareNodes: 0,
  ceilings: [{ name: 'pool-maximum', nodes: 20 }],
  fullHoursPerDay: 4,
};
const measured = (megabits: number, participants = 50): RoomMix => ({
  name: 'test',
  about: '',
  kinds: [{ name: 'test', share: 1, participants, downlink: measuredDownlink(megabits) }],
});

test('50,000 people at 1 Mbit/s do not fit 20 nodes of 2 Gbit/s, not even at line rate', () => {
  const answer = whatIf(ask);
  assert.equal(answer.egressBitsPerSecond, 50e9);
  // A node may be planned to send 1.4 Gbit/s: 28 rooms of 50. A thousand rooms take 36 nodes.
  assert.deepEqual([answer.nodes, answer.bindsFirst, answer.stoppedBy], [36, 'network', 'pool-maximum']);
  assert.equal(nodesAtLineRate(answer.egressBitsPerSecond, 'c-32'), 25);
  assert.equal(mostParticipants(ask, 20), 20 * 28 * 50);
});

test('the same people fit when the pool may have the nodes, or the card is five times as fast', () => {
  assert.equal(whatIf({ ...ask, ceilings: [{ name: 'pool-maximum', nodes: 36 }] }).stoppedBy, undefined);
  const premium = whatIf({ ...ask, size: size('c-32-intel') });
  assert.deepEqual([premium.nodes, premium.stoppedBy], [8, undefined]);
});

test('a node costs its capped month and transfer its GiB, to the micro-dollar', () => {
  const answer = whatIf(ask);
  assert.equal(answer.nodesMonthly, usd(36 * 672));
  const gib = (50_000 * 125_000 * 4 * 3_600 * 30) / 2 ** 30;
  assert.equal(answer.egressMonthly, Math.round(gib * 10_000));
});

test('one meeting of 500 with 25 tiles fills a node by its packets: a hundred of them take a hundred nodes', () => {
  const answer = whatIf({ ...ask, mix: mix('largest') });
  assert.deepEqual([answer.nodes, answer.bindsFirst, answer.participantsPerNode], [100, 'packets', 500]);
});

test('on a small node the CPU binds before packets do', () => {
  assert.equal(whatIf({ ...ask, mix: mix('audio'), size: size('c-4') }).bindsFirst, 'cpu');
});

test('a room that is larger than a node is refused, however many nodes there are', () => {
  const answer = whatIf({ ...ask, mix: measured(5, 500), ceilings: [] });
  assert.deepEqual(
    [answer.nodes, answer.nodesMonthly, answer.stoppedBy, answer.bindsFirst],
    [undefined, undefined, 'node-size', 'network'],
  );
  assert.equal(mostParticipants({ ...ask, mix: measured(5, 500) }, 1_000), 0);
});

test('the lowest of the ceilings that are too low is named, and one that nobody told us stops nothing', () => {
  const ceilings = [
    { name: 'pool-maximum', nodes: 30 },
    { name: 'droplet-limit', nodes: 25 },
    { name: 'replica-ceiling', nodes: undefined },
  ] as const;
  const answer = whatIf({ ...ask, ceilings });
  assert.equal(answer.stoppedBy, 'droplet-limit');
  assert.deepEqual(
    answer.exceeded.map(({ name }) => name),
    ['droplet-limit', 'pool-maximum'],
  );
});

test('spare nodes are added once, and a pool of spare nodes alone carries nobody', () => {
  assert.equal(whatIf({ ...ask, spareNodes: 2 }).nodes, 38);
  assert.equal(mostParticipants({ ...ask, spareNodes: 2 }, 2), 0);
  assert.equal(mostParticipants({ ...ask, spareNodes: 1 }, 2), 28 * 50);
});

test('small rooms go beside large ones: half a node of each is one node', () => {
  const limits = { cpuCores: 10, packetsPerSecond: 100, bytesPerSecond: 100 };
  const room = (share: number) => ({ cpuCores: 10 * share, packetsPerSecond: 1, bytesPerSecond: 1 });
  const packing = packRooms(
    [
      { rooms: 20, load: room(0.05) },
      { rooms: 2, load: room(0.5) },
      { rooms: 0, load: room(7) },
    ],
    limits,
  );
  assert.deepEqual(packing, { kind: 'packed', nodes: 2, bindsFirst: 'cpu' });
});

const screens = fc.record({
  participants: fc.integer({ min: 1, max: 500 }),
  tiles: fc.integer({ min: 0, max: 49 }),
  speakers: fc.integer({ min: 0, max: 10 }),
  mainVideos: fc.integer({ min: 0, max: 1 }),
});
const kinds = fc.array(
  screens.chain((screen) =>
    fc.integer({ min: 1, max: 9 }).map((share) => ({
      name: 'kind',
      share,
      participants: screen.participants,
      downlink: downlinkOf(screen),
    })),
  ),
  { minLength: 1, maxLength: 6 },
);

test('whatever the mix: never fewer nodes than the sum asks for, and not wildly more', () => {
  fc.assert(
    fc.property(kinds, fc.integer({ min: 1, max: 100_000 }), (rooms, participants) => {
      const limits = nodeLimits(size('c-32'));
      const shares = rooms.reduce((sum, { share }) => sum + share, 0);
      const lots = rooms.map(({ share, participants: inRoom, downlink }) => ({
        rooms: Math.ceil((participants * share) / shares / inRoom),
        load: {
          cpuCores: inRoom * downlink.packets * 17.8e-6,
          packetsPerSecond: inRoom * downlink.packets,
          bytesPerSecond: inRoom * downlink.bytes,
        },
      }));
      const packing = packRooms(lots, limits);
      if (packing.kind === 'room-too-large') {
        assert.ok(lots.some(({ load }) => pressure(load, limits).ratio > 1));
        return;
      }
      const needed = Math.max(
        ...(['cpuCores', 'packetsPerSecond', 'bytesPerSecond'] as const).map((unit) =>
          lots.reduce((sum, { rooms: count, load }) => sum + (count * load[unit]) / limits[unit], 0),
        ),
      );
      assert.ok(packing.nodes >= needed - 1e-6);
      // Three resources, hence at worst three times half-empty nodes, and a partly filled one for each kind.
      assert.ok(packing.nodes <= 6 * needed + lots.length + 1, `${packing.nodes} nodes where ${needed} would do`);
    }),
  );
});

test('more participants never take fewer rooms, and money is never negative', () => {
  fc.assert(
    fc.property(
      kinds,
      fc.integer({ min: 1, max: 50_000 }),
      fc.integer({ min: 0, max: 50_000 }),
      (rooms, some, more) => {
        const question = { ...ask, mix: { name: 'any', about: '', kinds: rooms } };
        const before = whatIf({ ...question, participants: some });
        const after = whatIf({ ...question, participants: some + more });
        assert.ok(after.rooms >= before.rooms);
        assert.ok((before.nodesMonthly ?? 0) >= 0 && before.egressMonthly >= 0);
        assert.ok(after.egressMonthly >= before.egressMonthly);
      },
    ),
  );
});
