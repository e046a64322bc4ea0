import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A line between a server and its clients that loses and delays what it carries. */
export interface LossyLine {
  /** Packets carried and lost so far. */
  readonly packets: { carried: number; lost: number };
  close(): Promise<void>;
}

/** Where a line runs, and how bad it is. */
export interface LossyLineOptions {
  /** Where clients send to. */
  readonly from: { readonly address: string; readonly port: number };
  /** Where the server listens. */
  readonly to: { readonly address: string; readonly port: number };
  /** One packet in so many is lost, each way. */
  readonly loseOneIn: number;
  /** Packets take up to this long, one more than the next: that is jitter, and makes a round trip. */
  readonly delayMs: number;
}

/** Carries UDP: each client has a socket of its own at the server's side, as behind a router. */
export async function layLossyLine({ from, to, loseOneIn, delayMs }: LossyLineOptions): Promise<LossyLine> {
  const packets = { carried: 0, lost: 0 };
  const outside = createSocket('udp4');
  const inside = new Map<string, Socket>();
  let closed = false;
  const carry = (send: () => void) => {
    packets.carried += 1;
    if (packets.carried % loseOneIn === 0) {
      packets.lost += 1;
      return;
    }
    // Another delay for each of five in turn, without chance.
    setTimeout(() => closed || send(), (delayMs * (1 + (packets.carried % 5))) / 5).unref();
  };
  outside.on('message', (message, client) => {
    const name = `${client.address}:${client.port}`;
    const known = inside.get(name);
    const socket = known ?? createSocket('udp4');
    if (known === undefined) {
      inside.set(name, socket);
      socket.on('error', () => undefined);
      socket.on('message', (answer) => carry(() => outside.send(answer, client.port, client.address)));
    }
    carry(() => socket.send(message, to.port, to.address));
  });
  outside.bind(from.port, from.address);
  await once(outside, 'listening');
  return {
    packets,
    async close() {
      closed = true;
      for (const socket of [outside, ...inside.values()]) socket.close();
    },
  };
}
