import { once } from 'node:events';
import { connect } from 'node:net';
import { freeTcpPort } from './ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from './process.ts';

/** A real redis-server on loopback that keeps nothing on disk. */
export interface RedisPeer extends Peer {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts redis-server and waits until it takes connections; `port` brings one back at the same address. */
export async function startRedis(options: { port?: number } = {}): Promise<RedisPeer> {
  const port = options.port ?? (await freeTcpPort());
  const peer = startPeer('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    '/tmp',
  ]);
  await untilReady(peer, 'redis-server', () => answers(port));
  return {
    ...peer,
    port,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 3_000 }]);
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    return String(reply).startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}
