import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A line between a server and its clients that loses and delays what it carries. */
export interface LossyLine {
  close(): Promise<void>;
}

/** Where a line runs, and how bad it is. */
export interface LossyLineOptions {
  /** Where clients send to. */
  readonly from: { readonly address: string; readonly port: number };
  /** Where the server listens. */
  readonly to: { readonly address: string; readonly port: number };
  /** One packet in so many is lost; 1 loses all. */
  readonly loseOneIn: number;
  /** Whether only what clients send is lost, or the server's answers as well. */
  readonly loses: 'what clients send' | 'both ways';
  /** Packets take up to this long, one more than the next: that is jitter, and makes a round trip. */
  readonly delayMs: number;
}

/** Carries UDP: each client has a socket of its own at the server's side, as behind a router. What is lost and how late the rest is goes by turns and not by chance: it must be the same on every run. */
export async function layLossyLine({ from, to, loseOneIn, loses, delayMs }: LossyLineOptions): Promise<LossyLine> {
  const outside = createSocket('udp4');
  const inside = new Map<string, Socket>();
  let closed = false;
  let turn = 0;
  const carry = (send: () => void, sound: boolean) => {
    turn += sound ? 0 : 1;
    if (!sound && turn % loseOneIn === 0) return;
    const lateMs = (delayMs * (1 + (turn % 5))) / 5;
    if (lateMs === 0) send();
    else setTimeout(() => closed || send(), lateMs).unref();
  };
  outside.on('message', (message, client) => {
    const name = `${client.address}:${client.port}`;
    const known = inside.get(name);
    const socket = known ?? createSocket('udp4');
    if (known === undefined) {
      inside.set(name, socket);
      socket.on('error', () => undefined);
      socket.on('message', (answer) =>
        carry(() => outside.send(answer, client.port, client.address), loses === 'what clients send'),
      );
    }
    carry(() => socket.send(message, to.port, to.address), false);
  });
  outside.bind(from.port, from.address);
  await once(outside, 'listening');
  return {
    async close() {
      closed = true;
      for (const socket of [outside, ...inside.values()]) socket.close();
    },
  };
}
