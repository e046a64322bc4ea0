import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request that went to a pod. */
export interface PodRequest {
  /** ADDRESS:PORT of the pod, as its EndpointSlice has them. */
  readonly pod: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** What stands in for the network of pods. */
export interface PodNetwork {
  readonly url: string;
  close(): Promise<void>;
}

/** The API server takes no loopback address for a pod, so pods have addresses that lead nowhere, and this SOCKS server, which Go's HTTP client takes for its proxy, answers in their place. WebSockets are accepted and held. */
export async function servePodNetwork(
  answer: (request: PodRequest, response: ServerResponse) => void,
): Promise<PodNetwork> {
  const pods = new WeakMap<Duplex, string>();
  const http = createHttpServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const pod = pods.get(request.socket) ?? '';
    answer({ pod, method, host: headers.host ?? '', path: url, headers }, response);
  });
  http.on('upgrade', acceptWebSocket);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    void connected(socket).then((pod) => {
      pods.set(socket, pod);
      http.emit('connection', socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    url: `socks5://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** What a SOCKS 5 client wants to be connected to (RFC 1928): nobody has to sign in, and what it wants is always there. */
async function connected(socket: Socket): Promise<string> {
  await once(socket, 'data');
  socket.write(Buffer.from([5, 0]));
  const [wish] = await once(socket, 'data');
  const [a, b, c, d] = wish.subarray(4, 8);
  socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  return `${a}.${b}.${c}.${d}:${wish.readUInt16BE(8)}`;
}

function acceptWebSocket(request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  // RFC 6455, section 4.2.2.
  const accept = createHash('sha1').update(
    `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
  );
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept.digest('base64')}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.resume();
}
