import { largestMeeting } from '../../model/capacity.ts';

/** A room drawn as a square whose area is its participants. */
export interface RoomSquare {
  readonly sid: string;
  readonly participants: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The rooms of one node, drawn; `unseen` are those too small or too many to draw. */
export interface DrawnNode {
  readonly squares: readonly RoomSquare[];
  readonly unseen: { readonly rooms: number; readonly participants: number };
}

type Room = { readonly sid: string; readonly participants: number };

/** Size of the field in which each node's rooms are drawn, in the units of its viewBox. */
export const field = { width: 170, height: 48 } as const;
const gap = 2;
const mostDrawn = 60;

/** Draws the rooms of all nodes to one scale, so that squares compare across nodes: a smaller one only where a node's rooms would not fit. */
export function drawRooms(nodes: readonly (readonly Room[])[]): readonly DrawnNode[] {
  const sorted = nodes.map((rooms) =>
    rooms
      .filter((room) => room.participants > 0)
      .toSorted((a, b) => b.participants - a.participants || a.sid.localeCompare(b.sid)),
  );
  const most = Math.max(1, ...sorted.map((rooms) => rooms.reduce((sum, room) => sum + room.participants, 0)));
  // A meeting of the largest size fills the height: the scale then stays the same while meetings come and go.
  let perParticipant = Math.min((field.width * field.height) / most, field.height ** 2 / largestMeeting.participants);
  for (let tries = 0; tries < 40; tries += 1) {
    const drawn = sorted.map((rooms) => shelve(rooms.slice(0, mostDrawn), perParticipant));
    if (drawn.every((squares) => squares !== undefined))
      return drawn.map((squares, index) => finish(squares ?? [], sorted[index] ?? []));
    perParticipant *= 0.88;
  }
  return sorted.map((rooms) => finish([], rooms));
}

function finish(squares: readonly RoomSquare[], rooms: readonly Room[]): DrawnNode {
  const rest = rooms.slice(squares.length);
  return {
    squares,
    unseen: { rooms: rest.length, participants: rest.reduce((sum, room) => sum + room.participants, 0) },
  };
}

/** Puts squares in columns as wide as their first, largest first, several beside each other where they fit; undefined when they do not. */
function shelve(rooms: readonly Room[], perParticipant: number): readonly RoomSquare[] | undefined {
  const squares: RoomSquare[] = [];
  let column = { x: 0, width: 0 };
  let row = { x: 0, y: 0, height: 0 };
  for (const { sid, participants } of rooms) {
    const side = Math.max(2, Math.sqrt(participants * perParticipant) - gap);
    if (row.x + side > column.x + column.width + 0.01)
      row = { x: column.x, y: row.y + row.height + (row.height > 0 ? gap : 0), height: side };
    if (squares.length === 0 || row.y + side > field.height) {
      column = { x: squares.length === 0 ? 0 : column.x + column.width + gap, width: side };
      row = { x: column.x, y: 0, height: side };
    }
    if (column.x + side > field.width || side > field.height) return undefined;
    squares.push({ sid, participants, x: row.x, y: row.y, side });
    row = { ...row, x: row.x + side + gap };
  }
  return squares;
}
