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
export const field = { width: 240, height: 60 } as const;
const gap = 2;
const mostDrawn = 60;

/** Draws the rooms of all nodes to one scale, so that squares compare across nodes: the scale is the largest at which every node's rooms fit. */
export function drawRooms(nodes: readonly (readonly Room[])[]): readonly DrawnNode[] {
  const sorted = nodes.map((rooms) =>
    rooms
      .filter((room) => room.participants > 0)
      .toSorted((a, b) => b.participants - a.participants || a.sid.localeCompare(b.sid)),
  );
  const most = Math.max(1, ...sorted.map((rooms) => rooms.reduce((sum, room) => sum + room.participants, 0)));
  let perParticipant = (field.width * field.height) / most;
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

/** Puts squares on shelves, largest first; undefined when they do not fit. */
function shelve(rooms: readonly Room[], perParticipant: number): readonly RoomSquare[] | undefined {
  const squares: RoomSquare[] = [];
  let x = 0;
  let y = 0;
  let shelf = 0;
  for (const { sid, participants } of rooms) {
    const side = Math.max(2, Math.sqrt(participants * perParticipant) - gap);
    if (x > 0 && x + side > field.width) {
      x = 0;
      y += shelf + gap;
      shelf = 0;
    }
    if (x + side > field.width || y + side > field.height) return undefined;
    squares.push({ sid, participants, x, y, side });
    x += side + gap;
    shelf = Math.max(shelf, side);
  }
  return squares;
}
