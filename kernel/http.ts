import type { z } from 'zod';
import { errorText, PortError, portErrorFromStatus } from './errors.ts';
import { hideSecrets } from './secrets.ts';

/** One JSON call to a peer. */
export interface JsonCall {
  readonly peer: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** For the whole call, the body of the answer included; 5 s unless said. */
  readonly timeoutMs?: number;
  /** Larger answers are refused; 32 MiB unless said. */
  readonly maxBytes?: number;
  /** Values that must not appear in an error, should the peer echo them. */
  readonly secrets?: readonly (string | undefined)[];
}

/** Calls a peer and parses its JSON answer with `schema`; throws a PortError that says whether a retry may help. */
export async function callJson<T>(call: JsonCall, schema: z.ZodType<T>): Promise<T> {
  const text = await callText(call);
  const parsed = schema.safeParse(parseJson(call.peer, text));
  if (!parsed.success) throw new PortError(call.peer, 'invalid', `unexpected answer: ${describeIssue(parsed.error)}`);
  return parsed.data;
}

/** Calls a peer that need not answer JSON and returns the body; throws as `callJson` does. */
export async function callText(call: JsonCall): Promise<string> {
  const response = await send(call);
  const text = await readBody(call, response);
  if (!response.ok) {
    const said = hideSecrets(text.slice(0, 400), call.secrets).slice(0, 200);
    throw portErrorFromStatus(call.peer, response.status, `HTTP ${response.status}: ${said}`, retryAfterMs(response));
  }
  return text;
}

async function send(call: JsonCall): Promise<Response> {
  const init: RequestInit = {
    method: call.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    signal: AbortSignal.timeout(call.timeoutMs ?? 5_000),
  };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  try {
    return await fetch(call.url, init);
  } catch (cause) {
    throw networkError(call.peer, cause, 'cannot be reached');
  }
}

async function readBody(call: JsonCall, response: Response): Promise<string> {
  const limit = call.maxBytes ?? 32 * 1024 * 1024;
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) throw new PortError(call.peer, 'invalid', `the answer is larger than ${limit} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw cause instanceof PortError ? cause : networkError(call.peer, cause, 'the answer broke off');
  }
  return text + decoder.decode();
}

/** The port error of a connection that failed: no answer in time, or none at all. Names the system's error code, never the request. */
export function networkError(peer: string, cause: unknown, message: string): PortError {
  const names = [cause, cause instanceof Error ? cause.cause : undefined].map((error) =>
    error instanceof Error ? error.name : '',
  );
  if (names.includes('TimeoutError') || names.includes('AbortError'))
    return new PortError(peer, 'timeout', 'no answer in time');
  const code = systemCode(cause) ?? (cause instanceof Error ? systemCode(cause.cause) : undefined);
  return new PortError(peer, 'unreachable', code === undefined ? message : `${message}, ${code}`);
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

// An answer that is cut short or comes from a proxy on the way is not the peer's last word: a retry may help.
function parseJson(peer: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PortError(peer, 'unavailable', `the answer of ${text.length} characters is not JSON`);
  }
}

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? errorText(error) : `${issue.path.map(String).join('.') || 'answer'}: ${issue.message}`;
}

/** Milliseconds of a Retry-After header, in seconds or as a date; undefined when absent or neither. */
export function retryAfterMs(
  response: { headers: { get(name: string): string | null } },
  nowMs = Date.now(),
): number | undefined {
  const text = response.headers.get('retry-after');
  if (text === null || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
