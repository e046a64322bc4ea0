import { setTimeout as delay } from 'node:timers/promises';
import { RoomServiceClient } from 'livekit-server-sdk';
import { createLiveKitSource } from '../../exporters/livekit/source.ts';
import { type Guest, join } from '../cluster/participants.ts';
import { startSfuService } from '../cluster/service.ts';
import { type LiveKitPeer, startLiveKit } from '../peers/livekit.ts';
import { startRedis } from '../peers/redis.ts';
import type { StoryWorld } from './define.ts';

const key = { name: 'lab-key', secret: 'a-secret-of-the-lab-that-is-long-enough' };
/** Who lost their connection looks this often whether they can come back. */
const comeBackEveryMs = 500;

/** Real livekit-servers on one Redis, with people from @livekit/rtc-node; what it starts is stopped with `stack`. */
export async function realStory(stack: AsyncDisposableStack): Promise<StoryWorld> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const peers: { readonly peer: LiveKitPeer; draining: boolean; running: boolean }[] = [];
  stack.defer(async () => void (await Promise.all(peers.map(({ peer }) => peer.kill()))));
  const running = () =>
    peers.filter(({ running: is }) => is).map(({ peer, draining }) => ({ pod: '', node: '', peer, draining }));
  const service = await startSfuService(running);
  stack.defer(() => service.close());
  const url = `http://${service.address}`;
  const rooms = new RoomServiceClient(url, key.name, key.secret);
  const source = createLiveKitSource({ url, apiKey: key.name, apiSecret: key.secret, redisUrl: redis.url });
  stack.defer(() => source.close());
  const meetings = new Map<string, Guest[]>();
  let serial = 0;
  let cutBefore = 0;
  const enter = async (room: string) => {
    serial += 1;
    return await join({ wsUrl: `ws://${service.address}`, key, room, identity: `guest-${serial}`, publish: true });
  };
  const guests = () => [...meetings.values()].flat();
  stack.defer(async () => void (await Promise.all(guests().map((guest) => guest.leave()))));
  const comeBack = async () => {
    // Who was thrown out by a word stays out; who lost the connection tries again.
    for (const [room, inside] of meetings)
      for (const [index, guest] of inside.entries())
        if (!guest.connected() && guest.disconnects() > 0 && !guest.cutOff())
          await enter(room).then(
            (back) => inside.splice(index, 1, back),
            () => undefined,
          );
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void comeBack().finally(() => {
      busy = false;
    });
  }, comeBackEveryMs);
  stack.defer(async () => clearInterval(timer));
  const find = (nodeId: string) => {
    const found = peers.find(({ peer }) => peer.nodeId === nodeId);
    if (found === undefined) throw new Error(`no node ${nodeId}`);
    return found;
  };
  return {
    source,
    async start() {
      const peer = await startLiveKit({
        redisPort: redis.port,
        keys: { [key.name]: key.secret },
        config: { node_selector: { kind: 'any', sort_by: 'rooms', algorithm: 'lowest' } },
      });
      const entry = { peer, draining: false, running: true };
      peers.push(entry);
      void peer.exited.then(() => {
        entry.running = false;
      });
      return peer.nodeId;
    },
    async term(nodeId) {
      const entry = find(nodeId);
      entry.draining = true;
      entry.peer.drain();
    },
    async lose(nodeId) {
      await find(nodeId).peer.kill();
    },
    async join(room, people, nodeId) {
      const inside = meetings.get(room) ?? [];
      if (!meetings.has(room) && nodeId !== undefined) await rooms.createRoom({ name: room, nodeId, emptyTimeout: 60 });
      meetings.set(room, inside);
      for (let count = 0; count < people; count += 1) inside.push(await enter(room));
    },
    async leave(room) {
      const leaving = meetings.get(room) ?? [];
      meetings.delete(room);
      cutBefore += leaving.filter((guest) => guest.cutOff()).length;
      await Promise.all(leaving.map((guest) => guest.leave()));
    },
    connected: async (room) => (meetings.get(room) ?? []).filter((guest) => guest.connected()).length,
    cutOff: async () => cutBefore + guests().filter((guest) => guest.cutOff()).length,
    wait: async (seconds) => void (await delay(seconds * 1_000)),
    nowSeconds: () => performance.now() / 1_000,
  };
}
