import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import { apiRoutes } from './api.ts';
import {
  type ConsoleAuth,
  endSession,
  formTokenFits,
  formTokenOf,
  localPath,
  personOf,
  personOfToken,
  type SignedIn,
  sameSite,
  startSession,
} from './auth.ts';
import { type ConsoleDesk, clickRoutes } from './clicks.ts';
import type { ConsoleData } from './data.ts';
import { answerPage, signInPage } from './pages/sign-in.ts';
import { createPulse } from './pulse.ts';
import { pageRoutes } from './routes.ts';

/** What the console is made of. `publicUrl` is CONSOLE_PUBLIC_URL, where a proxy stands in front of it. */
export interface ConsoleOptions {
  readonly data: ConsoleData;
  readonly desk: ConsoleDesk;
  readonly auth: ConsoleAuth;
  readonly clock: Clock;
  readonly log?: Log;
  readonly publicUrl?: string;
}

const assets = {
  '/console.css': ['console.css', 'text/css'],
  '/console.js': ['console.js', 'text/javascript'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;
const csp = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};
const mostStreams = 200;
/** A stream ends after this time and the browser opens another, so that a session that ended is noticed. */
const streamMs = 5 * 60_000;

/** The console: pages, their forms, the live stream and the JSON API, for whoever `auth` lets in. */
export function consoleApp(options: ConsoleOptions): Hono<SignedIn> {
  const { data, auth, clock, log = silentLog } = options;
  const app = new Hono<SignedIn>();
  const pulse = createPulse(data, clock, log);

  app.use(
    secureHeaders({
      contentSecurityPolicy: csp,
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
      strictTransportSecurity: options.publicUrl?.startsWith('https:') ?? false,
    }),
  );
  app.use(bodyLimit({ maxSize: 16 * 1_024, onError: (c) => c.text('Too large.', 413) }));
  app.use(sameSite(auth, options.publicUrl));
  for (const [path, [file, type]] of Object.entries(assets)) {
    const content = readFileSync(join(import.meta.dirname, 'assets', file), 'utf8');
    app.get(path, (c) =>
      c.body(content, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' }),
    );
  }
  signInRoutes(app, options);
  app.use(async (c, next) => {
    const person = await personOf(c, auth, clock);
    if (person === undefined) return refuse(c);
    c.set('person', person);
    c.set('formToken', formTokenOf(auth, person));
    c.header('cache-control', 'no-store');
    return next();
  });
  app.route('/api', apiRoutes(data));
  app.get('/events', (c) => {
    if (pulse.followers() >= mostStreams) return c.text('Too many pages are open.', 503);
    return streamSSE(c, async (stream) => {
      const over = new AbortController();
      stream.onAbort(() => over.abort());
      void clock.sleep(streamMs, over.signal).then(() => over.abort());
      await stream.writeSSE({ event: 'hello', data: '', retry: 1_000 });
      await pulse.follow(
        (revision) => void stream.writeSSE({ event: 'revision', data: '', id: revision.replace(/\s/g, '_') }),
        over.signal,
      );
    });
  });
  app.use(async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const { form } = await c.req.parseBody();
    return typeof form === 'string' && formTokenFits(auth, c.get('person'), form)
      ? next()
      : c.text('Refused: this form is not from this console. Reload the page.', 403);
  });
  accountRoutes(app, options);
  app.route('/', clickRoutes(options.desk));
  app.route('/', pageRoutes({ data, auth, clock }));
  app.notFound((c) => c.html(answerPage('There is no such page.', '/'), 404));
  app.onError((error, c) => {
    log.error({ error: errorText(error), path: c.req.path }, 'the console could not answer');
    const text =
      error instanceof PortError
        ? `No data: ${error.peer} does not answer (${error.code}).`
        : 'Something broke in the console. The log says what.';
    return c.req.path.startsWith('/api/') ? c.json({ error: text }, 503) : c.html(answerPage(text, '/'), 503);
  });
  return app;
}

function refuse(c: Context): Response | Promise<Response> {
  if (c.req.path.startsWith('/api/'))
    return c.json({ error: 'want Authorization: Bearer TOKEN' }, 401, { 'www-authenticate': 'Bearer' });
  if (c.req.method !== 'GET' || c.req.path === '/events') return c.text('Sign in first.', 401);
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`/sign-in?to=${encodeURIComponent(pathname + search)}`, 303);
}

function signInRoutes(app: Hono<SignedIn>, { auth, clock, log = silentLog, publicUrl }: ConsoleOptions): void {
  app.get('/sign-in', (c) =>
    auth.kind === 'open' ? c.redirect('/', 303) : c.html(signInPage(localPath(c.req.query('to')), false)),
  );
  app.post('/sign-in', async (c) => {
    const { token, to } = await c.req.parseBody();
    const path = localPath(typeof to === 'string' ? to : undefined);
    const name = typeof token === 'string' ? personOfToken(auth, token) : undefined;
    if (name === undefined) {
      log.warn({}, 'a sign-in to the console was refused');
      return c.html(signInPage(path, true), 401);
    }
    await startSession(c, auth, name, { nowMs: clock.now(), secure: publicUrl?.startsWith('https:') ?? false });
    return c.redirect(path, 303);
  });
}

function accountRoutes(app: Hono<SignedIn>, { auth, clock }: ConsoleOptions): void {
  app.post('/sign-out', (c) => {
    endSession(c);
    return c.redirect('/sign-in', 303);
  });
  app.post('/act-as', async (c) => {
    const { name, back } = await c.req.parseBody();
    const known = auth.kind === 'open' ? auth.people.find((person) => person === name) : undefined;
    if (known === undefined) return c.text('Nobody of that name can be acted as.', 400);
    await startSession(c, auth, known, { nowMs: clock.now(), secure: false });
    return c.redirect(localPath(typeof back === 'string' ? back : undefined), 303);
  });
}
