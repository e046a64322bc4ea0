import type { z } from 'zod';
import { errorText, PortError, portErrorFromStatus } from './errors.ts';

/** One JSON call to a peer. */
export interface JsonCall {
  readonly peer: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Calls a peer and parses its JSON answer with `schema`; throws a PortError that says whether a retry may help. */
export async function callJson<T>(call: JsonCall, schema: z.ZodType<T>): Promise<T> {
  const response = await send(call);
  const text = await response.text().catch((cause) => {
    throw new PortError(call.peer, 'unreachable', 'the answer broke off', { cause });
  });
  if (!response.ok) throw portErrorFromStatus(call.peer, response.status, `HTTP ${response.status}: ${text.slice(0, 200)}`, retryAfterMs(response));
  const parsed = schema.safeParse(parseJson(call.peer, text));
  if (!parsed.success) throw new PortError(call.peer, 'invalid', `unexpected answer: ${parsed.error.issues[0]?.message ?? 'no shape'}`);
  return parsed.data;
}

async function send(call: JsonCall): Promise<Response> {
  const init: RequestInit = {
    method: call.method ?? 'GET',
    headers: { accept: 'application/json', ...(call.body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
    signal: AbortSignal.timeout(call.timeoutMs ?? 5_000),
  };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  try {
    return await fetch(call.url, init);
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    throw new PortError(call.peer, timedOut ? 'timeout' : 'unreachable', timedOut ? 'no answer in time' : 'cannot be reached', { cause });
  }
}

function parseJson(peer: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PortError(peer, 'invalid', `not JSON: ${errorText(cause)}`);
  }
}

/** Milliseconds of a Retry-After header given in seconds; undefined when absent or a date. */
export function retryAfterMs(response: { headers: { get(name: string): string | null } }): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
