import { connect } from 'node:net';
import type { SfuProcess } from './sfu.ts';

const batch = 150;
const everyMs = 20;

/** Keeps a livekit-server busy until stopped: requests that it refuses, pipelined on one connection, cost it processor time, change nothing, and cost us next to none. */
export function burn(process: SfuProcess): () => void {
  const request = [
    'POST /twirp/livekit.RoomService/ListRooms HTTP/1.1',
    `Host: 127.0.0.1:${process.peer.port}`,
    'Content-Type: application/json',
    'Content-Length: 2',
    `Authorization: Bearer e30.${'e30'.repeat(100)}.AAAA`,
    '',
    '{}',
  ].join('\r\n');
  const requests = Buffer.from(request.repeat(batch));
  const socket = connect(process.peer.port, '127.0.0.1');
  // It goes down with its process.
  socket.on('error', () => undefined);
  socket.resume();
  const timer = setInterval(() => {
    if (socket.writableLength === 0) socket.write(requests);
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
  return () => socket.destroy();
}
