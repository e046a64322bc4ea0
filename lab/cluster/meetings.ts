import { RoomServiceClient } from 'livekit-server-sdk';
import { type Guest, join } from './participants.ts';
import type { RealWorld } from './world.ts';

/** People whom one fake participant stands for: real WebRTC for everybody would need more than a laptop. */
export const peoplePerGuest = 20;

/** Meetings with real participants. */
export interface RealMeetings {
  start(wish: { name: string; participants: number; on?: string }): Promise<void>;
  resize(name: string, participants: number): Promise<void>;
  list(): Promise<
    readonly { name: string; sid: string | undefined; nodeId: string | undefined; participants: number }[]
  >;
  /** People whom a server that shut down threw out. */
  cutOff(): number;
  close(): Promise<void>;
}

/** Meetings in a world; who is disconnected comes back, as people do. */
export function holdMeetings(world: RealWorld, onError: (error: unknown) => void): RealMeetings {
  const rooms = new RoomServiceClient(world.livekitUrl, world.key.name, world.key.secret);
  const meetings = new Map<string, Guest[]>();
  const source = world.openSource();
  let serial = 0;
  let cut = 0;
  const enter = async (room: string) => {
    serial += 1;
    return await join({ wsUrl: world.joinUrl, key: world.key, room, identity: `guest-${serial}` });
  };
  const countCut = (guest: Guest) => {
    if (guest.cutOff()) cut += 1;
  };
  const resize = async (name: string, participants: number) => {
    const guests = meetings.get(name) ?? [];
    meetings.set(name, guests);
    const wanted = Math.ceil(participants / peoplePerGuest);
    while (guests.length < wanted) guests.push(await enter(name));
    const leaving = guests.splice(wanted);
    for (const guest of leaving) countCut(guest);
    await Promise.all(leaving.map((guest) => guest.leave()));
  };
  const comeBack = async () => {
    for (const [name, guests] of meetings)
      for (const [index, guest] of guests.entries()) {
        if (guest.connected() || guest.disconnects() === 0) continue;
        countCut(guest);
        guests[index] = await enter(name);
      }
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void comeBack()
      .catch(onError)
      .finally(() => {
        busy = false;
      });
  }, 1_000);
  return {
    async start({ name, participants, on }) {
      const nodeId = world.sfus.running().find(({ pod }) => pod === on)?.peer.nodeId;
      await rooms.createRoom({ name, emptyTimeout: 60, ...(nodeId === undefined ? {} : { nodeId }) });
      await resize(name, participants);
    },
    resize,
    async list() {
      const [now, places] = [await rooms.listRooms([...meetings.keys()]), await source.readRoomNodeMap()];
      return await Promise.all(
        [...meetings.keys()].map(async (name) => {
          const sid = now.find((room) => room.name === name)?.sid;
          // ListRooms is up to five seconds late with its number.
          const inside = sid === undefined ? [] : await rooms.listParticipants(name).catch(() => []);
          return { name, sid, nodeId: places.get(name), participants: inside.length * peoplePerGuest };
        }),
      );
    },
    cutOff: () => cut + [...meetings.values()].flat().filter((guest) => guest.cutOff()).length,
    async close() {
      clearInterval(timer);
      await Promise.all([...meetings.values()].flat().map((guest) => guest.leave()));
      await source.close();
    },
  };
}
