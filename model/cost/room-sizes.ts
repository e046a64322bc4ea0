import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import { downlinkOf } from '../capacity/mixes.ts';
import { largestMeeting } from '../capacity.ts';
import { splitUsd } from './split.ts';

/** Hours that rooms of a size lasted: more than the bucket before and at most `upTo` people. */
export interface RoomHours {
  readonly upTo: number;
  readonly roomHours: number;
}

/** What rooms of a class of sizes cost. The amounts of all classes sum to the whole. */
export interface RoomSizeCost {
  readonly from: number;
  readonly upTo: number;
  readonly roomHours: number;
  readonly participantHours: number;
  readonly cost: MicroUsd;
  readonly perParticipantHour: MicroUsd;
  readonly perRoomHour: MicroUsd;
}

/** Upper ends of the classes that are told apart. */
const classes = [5, 10, 50, 200, largestMeeting.participants] as const;
type Room = { readonly hours: number; readonly size: number };

/**
 * Shares a cost out over sizes of rooms: what media takes by the packets that rooms of that size are sent, the rest by the people in them.
 * How many packets is LiveKit's benchmark on the largest screen that so many people make (25 tiles, ten heard): nobody measures it by room.
 * `participantHours` is what was counted; sizes within a bucket are taken for its middle and scaled to it.
 */
export function roomSizeCosts(
  buckets: readonly RoomHours[],
  cost: { readonly media: MicroUsd; readonly rest: MicroUsd },
  participantHours: number,
): readonly RoomSizeCost[] {
  const ends = [...buckets].sort((a, b) => a.upTo - b.upTo);
  const rooms = ends.flatMap(({ upTo, roomHours }, index): Room[] => {
    const from = (ends[index - 1]?.upTo ?? 0) + 1;
    // An empty room is nobody's.
    return upTo < 1 || !(roomHours > 0) ? [] : [{ hours: roomHours, size: (from + upTo) / 2 }];
  });
  const seen = rooms.reduce((sum, { hours, size }) => sum + hours * size, 0);
  if (!(seen > 0 && participantHours > 0)) return [];
  const scale = participantHours / seen;
  const groups = classes.flatMap((upTo, index) => {
    const from = (classes[index - 1] ?? 0) + 1;
    const inside = rooms.filter(({ size }) => size >= from - 0.5 && size < upTo + 0.5);
    const people = inside.reduce((sum, { hours, size }) => sum + hours * size, 0) * scale;
    if (!(people > 0)) return [];
    const packets = inside.reduce((sum, { hours, size }) => sum + hours * size * packetsEach(size), 0);
    return [{ from, upTo, roomHours: inside.reduce((sum, { hours }) => sum + hours, 0), people, packets }];
  });
  // A room of one is sent nothing.
  const someone = groups.some(({ packets }) => packets > 0);
  const media = splitUsd(
    cost.media,
    groups.map(({ packets, people }) => (someone ? packets : people)),
  );
  const rest = splitUsd(
    cost.rest,
    groups.map(({ people }) => people),
  );
  return groups.map(({ from, upTo, roomHours, people }, index) => {
    const amount = sumUsd([media[index] ?? (0 as MicroUsd), rest[index] ?? (0 as MicroUsd)]);
    return {
      from,
      upTo,
      roomHours,
      participantHours: people,
      cost: amount,
      perParticipantHour: timesUsd(amount, 1 / people),
      perRoomHour: timesUsd(amount, 1 / roomHours),
    };
  });
}

function packetsEach(size: number): number {
  return size <= 1
    ? 0
    : downlinkOf({ ...largestMeeting, participants: Math.min(size, largestMeeting.participants) }).packets;
}
