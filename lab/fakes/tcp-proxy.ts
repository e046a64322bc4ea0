import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy whose peer can go away, stand still or move, for protocols that are not HTTP. */
export interface TcpProxy {
  readonly port: number;
  /** Where connections go from now on. */
  setUpstream(port: number): void;
  /** `away` cuts what is open and refuses what comes; `silent` keeps connections and lets nothing through. */
  setState(state: 'open' | 'away' | 'silent'): void;
  /** Each chunk is passed on this much later: a line that is long, not one that is thin. */
  setDelay(ms: number): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of a loopback port. */
export async function startTcpProxy(upstreamPort: number): Promise<TcpProxy> {
  let state: 'open' | 'away' | 'silent' = 'open';
  let target = upstreamPort;
  let delayMs = 0;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    if (state === 'away') {
      client.destroy();
      return;
    }
    const peer = connect(target, '127.0.0.1');
    for (const socket of [client, peer]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      if (state === 'silent') socket.pause();
    }
    const pass = (to: Socket) => (chunk: Buffer) => {
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), delayMs);
    };
    client.on('data', pass(peer));
    peer.on('data', pass(client));
    if (state === 'silent') {
      client.pause();
      peer.pause();
    }
    for (const [one, other] of [
      [client, peer],
      [peer, client],
    ] as const)
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    setUpstream(port) {
      target = port;
    },
    setDelay(ms) {
      delayMs = ms;
    },
    setState(next) {
      state = next;
      for (const socket of sockets) {
        if (next === 'away') socket.destroy();
        else if (next === 'silent') socket.pause();
        else socket.resume();
      }
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
