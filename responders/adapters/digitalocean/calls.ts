import type { z } from 'zod';
import { lacksScope } from '../../../exporters/digitalocean/source-scopes.ts';
import { PortError } from '../../../kernel/errors.ts';
import { callJson, callText, type JsonCall } from '../../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../../kernel/retry.ts';

/** How DigitalOcean is called without its SDK. */
export interface CallOptions {
  readonly token: string;
  readonly url: string;
  readonly retry?: ReadRetry;
}

/** Calls to DigitalOcean's API: reads are tried again, what changes something is sent once, and a refusal names the scope that the token lacks. */
export function createCalls({ token, url, retry }: CallOptions) {
  const retried = createReadRetry(retry);
  const made = (path: string, more: Partial<JsonCall>): JsonCall => ({
    peer: 'digitalocean',
    url: `${url.replace(/\/+$/, '')}/v2${path}`,
    headers: { authorization: `Bearer ${token}` },
    timeoutMs: 20_000,
    secrets: [token],
    ...more,
  });
  const read = <T>(path: string, schema: z.ZodType<T>) => {
    const call = made(path, {});
    return retried(() => naming(call, () => callJson(call, schema)));
  };
  const send = (method: NonNullable<JsonCall['method']>, path: string, body?: unknown) => {
    const call = made(path, { method, body });
    return naming(call, () => callText(call));
  };
  const ask = <T>(method: NonNullable<JsonCall['method']>, path: string, body: unknown, schema: z.ZodType<T>) => {
    const call = made(path, { method, body });
    return naming(call, () => callJson(call, schema));
  };
  return { read, send, ask };
}

async function naming<T>({ peer, method = 'GET', url }: JsonCall, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PortError && error.code === 'forbidden')
      throw new PortError(peer, error.code, lacksScope(method, url), { cause: error });
    throw error;
  }
}
