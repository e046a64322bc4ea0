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

/** Makes a call: leave is taken first, the outcome counted, and a missing scope named. */
export type Caller = <T>(route: Route, schema: z.ZodType<T>, ask: () => Promise<unknown>) => Promise<T>;

/** A route as metrics name it, and the scope that a token needs for it. */
export interface Route {
  readonly name: string;
  readonly scope: string;
}
/** A route and its scope. */
export const route = (name: string, scope: string): Route => ({ name, scope });

const pageSize = 200;
/** A page of a list, and how many items there are on all of them. */
export type Page<T> = z.ZodType<{ items: readonly T[]; total: number | undefined }>;
/** A route that lists. */
export interface Listed {
  get(request?: { queryParameters?: Readonly<Record<string, string | number>> }): Promise<unknown>;
}

/** Calls that keep to the ledger, are counted, and name the scope that a token lacks. */
export function createCaller({ ledger, clock, onCall }: SourceOptions, counted: () => void): Caller {
  return async (where, schema, ask) => {
    await ledger.take();
    counted();
    try {
      const parsed = schema.safeParse(await ask());
      if (!parsed.success) throw unexpected(where, parsed.error);
      onCall(where.name, 'ok');
      return parsed.data;
    } catch (error) {
      const code = error instanceof PortError ? error.code : 'unavailable';
      onCall(where.name, code);
      if (error instanceof PortError && error.retryAfterMs !== undefined && error.code === 'throttled')
        ledger.quietUntil(clock.now() + error.retryAfterMs);
      if (error instanceof PortError && (error.code === 'forbidden' || error.code === 'unauthorized'))
        throw new PortError('digitalocean', error.code, lacking(where, error.code), { cause: error });
      throw error;
    }
  };
}

function lacking({ name, scope }: Route, code: 'forbidden' | 'unauthorized'): string {
  return code === 'forbidden'
    ? `the token lacks the scope ${scope}, which ${name} needs`
    : `${name}: the token is not accepted`;
}

function unexpected({ name }: Route, error: z.ZodError): PortError {
  const [issue] = error.issues;
  return new PortError(
    'digitalocean',
    'invalid',
    `unexpected answer of ${name}: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** All pages. Pages are counted, since the SDK loses links.pages.next. Where the total changes on the way an item may have slipped from one page to the other: all is read again, twice at most. */
export async function readPages<T>(call: Caller, where: Route, schema: Page<T>, path: Listed): Promise<readonly T[]> {
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
    if (attempt === 3) throw new PortError('digitalocean', 'conflict', `${where.name} kept changing while it was read`);
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
