import { request as plainRequest } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { PortError, portErrorFromStatus } from '../../kernel/errors.ts';
import { networkError } from '../../kernel/http.ts';
import { hideSecrets } from '../../kernel/secrets.ts';

/** One call to the API server, its body and answer as they go over the wire. */
export interface WireCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

const peer = 'kubernetes';
const maxBytes = 64 * 1024 * 1024;

/**
 * Sends JSON as it is. The library's typed client renames and drops fields of plain objects (`from` of a NetworkPolicy, `x-kubernetes-…` of a
 * definition), so that only its credentials are used here: certificates, tokens, exec plugins. Throws PortErrors.
 */
export function createWire(config: KubeConfig, timeoutMs: number): (call: WireCall) => Promise<unknown> {
  const server = config.getCurrentCluster()?.server ?? '';
  const secrets = [config.getCurrentUser()?.token, config.getCurrentUser()?.password];
  return async (call) => {
    const url = new URL(`${server.replace(/\/+$/, '')}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const options: RequestOptions = { method: call.method };
    await config.applyToHTTPSOptions(options);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    options.headers = {
      ...options.headers,
      accept: 'application/json',
      ...(body === undefined
        ? {}
        : { 'content-type': call.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    options.signal = AbortSignal.timeout(timeoutMs);
    const { status, text, retryAfter } = await exchange(url, options, body);
    if (status >= 200 && status < 300) return parse(text);
    const said = hideSecrets(messageOf(text), secrets).slice(0, 600);
    throw portErrorFromStatus(peer, status, `HTTP ${status}: ${said}`, retryAfter);
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: number | undefined;
}

function exchange(url: URL, options: RequestOptions, body: string | undefined): Promise<Answer> {
  const send = url.protocol === 'http:' ? plainRequest : request;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(networkError(peer, cause, 'cannot be reached'));
    const outgoing = send(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) incoming.destroy(new Error('too much'));
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        const seconds = Number(incoming.headers['retry-after'] ?? Number.NaN);
        resolve({
          status: incoming.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          retryAfter: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
        });
      });
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

// An answer that is not JSON was cut short or comes from something in between; whether a write took place is not known.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PortError(peer, 'unavailable', 'the answer is not JSON');
  }
}

function messageOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : text;
  } catch {
    return text;
  }
}
