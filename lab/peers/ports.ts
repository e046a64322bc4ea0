import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which Linux takes ports of outgoing connections (32768), which would take one away between our look and the peer's start. */
const range = { first: 15_000, size: 17_000 };
const handedOut = new Set<number>();

/** A TCP port of 127.0.0.1 that was free a moment ago, for peers that cannot listen on port 0. None is given twice. */
export async function freeTcpPort(): Promise<number> {
  return await firstFree(async (port) => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  });
}

/** A UDP port of 127.0.0.1 that was free a moment ago. */
export async function freeUdpPort(): Promise<number> {
  return await firstFree(async (port) => {
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
    await once(socket, 'close');
  });
}

async function firstFree(take: (port: number) => Promise<void>): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = range.first + randomInt(range.size);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (
      await take(port).then(
        () => true,
        () => false,
      )
    )
      return port;
  }
  throw new Error('no free port found');
}
