import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';

/** The Socket Mode side of the fake: sends envelopes to whoever is connected and waits for the acknowledgement. */
export interface FakeSocketMode {
  readonly connections: number;
  /** Sends one payload; resolves to what the acknowledgement carried. Rejects when nobody is connected or nobody answers within 3 s. */
  send(type: 'interactive' | 'slash_commands', payload: unknown): Promise<unknown>;
  close(): void;
}

/** Adds a WebSocket at /socket to the server. */
export function attachSocketMode(server: Server): FakeSocketMode {
  const sockets = new WebSocketServer({ server, path: '/socket' });
  const waiting = new Map<string, (payload: unknown) => void>();
  sockets.on('connection', (socket) => {
    socket.send(
      JSON.stringify({ type: 'hello', num_connections: sockets.clients.size, connection_info: { app_id: 'A0' } }),
    );
    socket.on('message', (data) => {
      const ack = JSON.parse(String(data)) as { envelope_id: string; payload?: unknown };
      waiting.get(ack.envelope_id)?.(ack.payload);
      waiting.delete(ack.envelope_id);
    });
  });
  return {
    get connections() {
      return sockets.clients.size;
    },
    send(type, payload) {
      const [socket] = sockets.clients;
      if (socket === undefined) return Promise.reject(new Error('nobody is connected'));
      const id = randomUUID();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no acknowledgement within 3 s')), 3_000);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        socket.send(JSON.stringify({ type, envelope_id: id, accepts_response_payload: true, payload }));
      });
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
