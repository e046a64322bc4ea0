import { createSocket, type Socket } from 'node:dgram';

/** A line that loses packets, before a UDP port of 127.0.0.1. */
export interface LossyLink {
  /** Where people send to; the port is the same. */
  readonly address: string;
  stop(): void;
}

/** Passes packets on between `address` and 127.0.0.1 at one port, and drops one in every `1 / lossRatio` on the way in; 1 drops all. */
export async function startLossyLink(wish: { address: string; port: number; lossRatio: number }): Promise<LossyLink> {
  const { address, port, lossRatio } = wish;
  const front = createSocket('udp4');
  const backs = new Map<string, Socket>();
  let owed = 0;
  front.on('message', (packet, from) => {
    // Spread evenly and not by chance: what is lost must be the same on every run.
    owed += lossRatio;
    if (owed >= 1) {
      owed -= 1;
      return;
    }
    const key = `${from.address}:${from.port}`;
    let back = backs.get(key);
    if (back === undefined) {
      back = createSocket('udp4');
      back.on('message', (answer) => front.send(answer, from.port, from.address));
      back.on('error', () => undefined);
      back.bind(0, '127.0.0.1');
      backs.set(key, back);
    }
    back.send(packet, port, '127.0.0.1');
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.bind(port, address, resolve);
  });
  return {
    address,
    stop() {
      front.close();
      for (const back of backs.values()) back.close();
    },
  };
}
