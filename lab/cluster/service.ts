import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { SfuProcess } from './sfu.ts';

/** An address that stands while pods come and go. */
export interface SfuService {
  /** HOST:PORT. */
  readonly address: string;
  close(): Promise<void>;
}

/** Stands in for the Service before the SFUs: each connection goes to the next process that answers, those that do not drain first. */
export async function startSfuService(running: () => readonly SfuProcess[]): Promise<SfuService> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    const all = running();
    const ready = all.filter(({ draining }) => !draining);
    const choice = ready.length > 0 ? ready : all;
    turn += 1;
    const target = choice[turn % Math.max(choice.length, 1)];
    if (target === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect(target.peer.port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    address: `127.0.0.1:${address.port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
