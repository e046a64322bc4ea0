import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from 'hono/cookie';
import type { Clock } from '../../kernel/clock.ts';
import { UsageError } from '../../kernel/errors.ts';

/** Who may use the console: holders of named tokens; or, in the demo alone, whoever sits at this machine, under one of a few names. */
export type ConsoleAuth =
  | {
      readonly kind: 'tokens';
      readonly people: readonly { readonly name: string; readonly digest: Buffer }[];
      readonly secret: string;
    }
  | { readonly kind: 'open'; readonly people: readonly string[]; readonly secret: string };

/** What a request knows of its sender once it is let in. */
export interface SignedIn {
  readonly Variables: { readonly person: string; readonly formToken: string };
}

/** A signed-in browser is asked again after this time. */
export const sessionMs = 12 * 3_600_000;
const cookieName = 'gomeet_console';
const leastTokenLength = 16;

/** Parses CONSOLE_TOKENS (`alice=TOKEN,bob=TOKEN`). Throws a UsageError that never holds a token. */
export function tokenAuth(setting: string): ConsoleAuth {
  const pairs = setting.split(',').map((pair) => /^\s*([a-z][\w.-]{0,39})=(\S+)\s*$/i.exec(pair));
  const people = pairs.map((pair, index) => {
    const [, name, token] = pair ?? [];
    if (name === undefined || token === undefined)
      throw new UsageError(`CONSOLE_TOKENS: entry ${index + 1} is not NAME=TOKEN`);
    if (token.length < leastTokenLength)
      throw new UsageError(`CONSOLE_TOKENS: the token of ${name} is shorter than ${leastTokenLength} characters`);
    return { name, digest: digestOf(token) };
  });
  if (new Set(people.map(({ name }) => name)).size < people.length)
    throw new UsageError('CONSOLE_TOKENS: a name stands twice');
  if (new Set(people.map(({ digest }) => digest.toString('hex'))).size < people.length)
    throw new UsageError('CONSOLE_TOKENS: two names share a token');
  // Every replica derives the same key, and a changed token ends the sessions that were signed with it.
  const secret = createHmac('sha256', 'gomeet console session')
    .update(Buffer.concat(people.map(({ digest }) => digest)))
    .digest('hex');
  return { kind: 'tokens', people, secret };
}

/** The demo's: no token, two people to choose from, since a destructive act needs two. */
export function openAuth(people: readonly string[] = ['alex', 'sam']): ConsoleAuth {
  return { kind: 'open', people, secret: randomBytes(32).toString('hex') };
}

/** The name that a token belongs to; undefined for a wrong one. */
export function personOfToken(auth: ConsoleAuth, token: string): string | undefined {
  if (auth.kind !== 'tokens') return undefined;
  const digest = digestOf(token);
  return auth.people.filter((person) => timingSafeEqual(person.digest, digest))[0]?.name;
}

/** Signs a browser in under a name. */
export async function startSession(
  c: Context,
  auth: ConsoleAuth,
  name: string,
  options: { nowMs: number; secure: boolean },
): Promise<void> {
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: options.secure,
    maxAge: sessionMs / 1_000,
  } as const;
  if (auth.kind === 'open') setCookie(c, cookieName, name, cookie);
  else await setSignedCookie(c, cookieName, `${name}:${options.nowMs + sessionMs}`, auth.secret, cookie);
}

/** Signs a browser out. */
export function endSession(c: Context): void {
  deleteCookie(c, cookieName, { path: '/' });
}

/** The person a request comes from, by bearer token or session; undefined when it has neither, or a false or expired one. */
export async function personOf(c: Context, auth: ConsoleAuth, clock: Clock): Promise<string | undefined> {
  if (auth.kind === 'open') {
    const chosen = getCookie(c, cookieName);
    return auth.people.find((name) => name === chosen) ?? auth.people[0];
  }
  const bearer = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return personOfToken(auth, bearer);
  const session = await getSignedCookie(c, auth.secret, cookieName);
  const [name, untilMs] = (session || '').split(':');
  const known = auth.people.find((person) => person.name === name);
  return Number(untilMs) > clock.now() ? known?.name : undefined;
}

/** The word that a form of this person must carry, so that no other site can send it. */
export function formTokenOf(auth: ConsoleAuth, person: string): string {
  return createHmac('sha256', auth.secret).update(`form ${person}`).digest('base64url');
}

/** Refuses what another site sends: a foreign or missing Origin, and in the open demo a foreign Host, by which a rebound name would get in. */
export function sameSite(auth: ConsoleAuth, publicUrl: string | undefined): MiddlewareHandler {
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (auth.kind === 'open' && !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host))
      return c.text('This console answers on this machine only.', 403);
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const origin = hostOf(c.req.header('origin'));
    const site = c.req.header('sec-fetch-site');
    const own =
      origin !== undefined &&
      (origin === host || origin === publicHost) &&
      (site === undefined || site === 'same-origin');
    return own ? next() : c.text('Refused: this request does not come from the console.', 403);
  };
}

/** Whether a form carries this person's word. */
export function formTokenFits(auth: ConsoleAuth, person: string, given: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(formTokenOf(auth, person)));
}

/** A path of this site to go on to; anything else becomes `/`. */
export function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/';
}

function hostOf(origin: string | undefined): string | undefined {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
