import { resolve4 } from 'node:dns/promises';
import { request as plain } from 'node:http';
import { request } from 'node:https';
import { networkError } from '../../kernel/http.ts';

const timeoutMs = 5_000;

/** Status of a GET, or of a WebSocket handshake, which is given up as soon as it is answered. Throws a PortError where nobody answers. */
export function statusOf(address: string, kind: 'get' | 'websocket'): Promise<number> {
  const url = new URL(address);
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.from('gomeet-validation').toString('base64').slice(0, 22).concat('=='),
  };
  const send = url.protocol === 'http:' ? plain : request;
  return new Promise((resolve, reject) => {
    const call = send(url, { headers: kind === 'websocket' ? handshake : {}, signal: AbortSignal.timeout(timeoutMs) });
    call.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    call.once('error', (cause) => reject(networkError(url.host, cause, 'cannot be reached')));
    call.end();
  });
}

/** Addresses of a host; none where it has none. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return await resolve4(host);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA'))
      return [];
    throw networkError('dns', error, 'cannot be asked');
  }
}
