import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeNode } from '../../../exporters/livekit/node-record.ts';
import { encodeNode, type WireNode } from '../../../lab/fakes/livekit-wire.ts';

const wire: WireNode = {
  nodeId: 'ND_a',
  cpus: 32,
  cpuLoadRatio: 0.5,
  bytesInPerSecond: 1_024,
  bytesOutPerSecond: 2_048,
  ownRooms: 7,
  state: 1,
  updatedAtSeconds: 1_000,
};

test('a node is read as it was written', () => {
  assert.deepEqual(decodeNode(encodeNode(wire), 1_001_500), {
    nodeId: 'ND_a',
    state: 'serving',
    cpus: 32,
    cpuLoadRatio: 0.5,
    bytesInPerSecond: 1_024,
    bytesOutPerSecond: 2_048,
    ownRooms: 7,
    startedAtMs: (1_000 - 3_600) * 1_000,
    ageSeconds: 1.5,
  });
});

test('starting, serving, draining and suspended are told apart, and a state of a later version is not serving', () => {
  assert.deepEqual(
    ([0, 1, 2, 3] as const).map((state) => decodeNode(encodeNode({ ...wire, state }), 1_000_000).state),
    ['starting', 'serving', 'draining', 'draining'],
  );
});

test('a node is lost after five seconds without a report, and not before', () => {
  assert.equal(decodeNode(encodeNode(wire), 1_004_999).state, 'serving');
  assert.equal(decodeNode(encodeNode(wire), 1_005_000).state, 'lost');
});

test('a node whose clock runs ahead is not lost', () => {
  assert.equal(decodeNode(encodeNode(wire), 900_000).state, 'serving');
});

test('bytes that are no node throw, and never hang or give a node without an id', () => {
  assert.throws(() => decodeNode(new Uint8Array(), 0), /without an id/);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        assert.notEqual(decodeNode(bytes, 0).nodeId, '');
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    }),
  );
});
