import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawRooms, field } from '../../../responders/console/rooms.ts';

const rooms = fc
  .array(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 80 }), { maxLength: 12 })
  .map((nodes) =>
    nodes.map((sizes, node) => sizes.map((participants, index) => ({ sid: `RM_${node}_${index}`, participants }))),
  );

test('every square stays inside its field and no two overlap', () => {
  fc.assert(
    fc.property(rooms, (nodes) => {
      for (const { squares } of drawRooms(nodes)) {
        for (const [index, a] of squares.entries()) {
          assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.side <= field.width + 0.02 && a.y + a.side <= field.height + 0.02);
          for (const b of squares.slice(index + 1))
            assert.ok(
              a.x + a.side <= b.x + 0.02 ||
                b.x + b.side <= a.x + 0.02 ||
                a.y + a.side <= b.y + 0.02 ||
                b.y + b.side <= a.y + 0.02,
            );
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('nobody is lost: what is not drawn is counted', () => {
  fc.assert(
    fc.property(rooms, (nodes) => {
      const drawn = drawRooms(nodes);
      for (const [index, node] of nodes.entries()) {
        const shown = drawn[index];
        assert.ok(shown);
        assert.equal(
          shown.squares.reduce((sum, one) => sum + one.participants, 0) + shown.unseen.participants,
          node.reduce((sum, one) => sum + one.participants, 0),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('areas compare across nodes: four times the people, twice the side', () => {
  const [big, small] = drawRooms([[{ sid: 'a', participants: 400 }], [{ sid: 'b', participants: 100 }]]);
  const sides = [big?.squares[0]?.side ?? 0, small?.squares[0]?.side ?? 0];
  assert.ok(Math.abs(((sides[0] ?? 0) + 2) / ((sides[1] ?? 0) + 2) - 2) < 0.001);
});

test('an empty room is not drawn', () => {
  assert.deepEqual(drawRooms([[{ sid: 'a', participants: 0 }]]), [
    { squares: [], unseen: { rooms: 0, participants: 0 } },
  ]);
});

test('the scale stays when a large meeting ends', () => {
  const side = (rooms: { sid: string; participants: number }[]) =>
    drawRooms([[{ sid: 'small', participants: 40 }], rooms])[0]?.squares[0]?.side;
  assert.equal(side([{ sid: 'large', participants: 480 }]), side([]));
});
