import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { PortError, type PortErrorCode } from '../../kernel/errors.ts';
import type { Ledger } from './budget.ts';
import type { DotsOptions } from './source-client.ts';

/** A part that waits for another which was not read yet. */
export const notYet = 'not-yet';

/** How to reach the API, and what counts the calls. */
export interface SourceOptions extends Omit<DotsOptions, 'onQuota'> {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly onCall: (route: string, code: 'ok' | PortErrorCode) => void;
}

/** Makes a call to a route, by its name in metrics: leave is taken first, and the outcome counted. */
export type Caller = <T>(route: string, schema: z.ZodType<T>, ask: () => Promise<unknown>) => Promise<T>;

const pageSize = 200;
/** A page of a list, and how many items there are on all of them. */
export type Page<T> = z.ZodType<{ items: readonly T[]; total: number | undefined }>;
/** A route that lists. */
export interface Listed {
  get(request?: { queryParameters?: Readonly<Record<string, string | number>> }): Promise<unknown>;
}

/** Calls that keep to the ledger and are counted. */
export function createCaller({ ledger, clock, onCall }: SourceOptions, counted: () => void): Caller {
  return async (where, schema, ask) => {
    await ledger.take();
    counted();
    try {
      const parsed = schema.safeParse(await ask());
      if (!parsed.success) throw unexpected(where, parsed.error);
      onCall(where, 'ok');
      return parsed.data;
    } catch (error) {
      const code = error instanceof PortError ? error.code : 'unavailable';
      onCall(where, code);
      if (error instanceof PortError && error.retryAfterMs !== undefined && error.code === 'throttled')
        ledger.quietUntil(clock.now() + error.retryAfterMs);
      if (error instanceof PortError && error.code === 'unauthorized')
        throw new PortError('digitalocean', error.code, `${where}: the token is not accepted`, { cause: error });
      throw error;
    }
  };
}

function unexpected(name: string, error: z.ZodError): PortError {
  const [issue] = error.issues;
  return new PortError(
    'digitalocean',
    'invalid',
    `unexpected answer of ${name}: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** All pages. Pages are counted, since the SDK loses links.pages.next. Where the total changes on the way an item may have slipped from one page to the other: all is read again, twice at most. */
export async function readPages<T>(call: Caller, where: string, schema: Page<T>, path: Listed): Promise<readonly T[]> {
  for (let attempt = 1; ; attempt += 1) {
    const found: T[] = [];
    let total: number | undefined;
    let moved = false;
    for (let page = 1; ; page += 1) {
      const answer = await call(where, schema, () => path.get({ queryParameters: { page, perPage: pageSize } }));
      found.push(...answer.items);
      moved ||= total !== undefined && answer.total !== total;
      total = answer.total;
      if (total === undefined || found.length >= total || answer.items.length === 0) break;
    }
    if (total === undefined || (found.length === total && !moved)) return found;
    if (attempt === 3) throw new PortError('digitalocean', 'conflict', `${where} kept changing while it was read`);
  }
}

/** What reading gives, or `absent` for what is not there. */
export async function absentAs<T, A>(absent: A, read: () => Promise<T>): Promise<T | A> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return absent;
    throw error;
  }
}
