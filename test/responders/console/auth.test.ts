import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../kernel/errors.ts';
import { consoleApp } from '../../../responders/console/app.ts';
import {
  formTokenOf,
  localPath,
  openAuth,
  personOfToken,
  sessionMs,
  tokenAuth,
} from '../../../responders/console/auth.ts';
import { firedAtMs } from './support/drill.ts';
import { stage } from './support/stage.ts';

const aliceToken = 'alice-0123456789abcdef';
const setting = `alice=${aliceToken},sam=sam-0123456789abcdefgh`;
const origin = { host: 'console.test', origin: 'https://console.test' };

function guarded(options: { publicUrl?: string } = {}) {
  const set = stage();
  const auth = tokenAuth(setting);
  return { ...set, auth, app: consoleApp({ data: set.data, desk: set.desk, auth, clock: set.clock, ...options }) };
}

async function signIn(app: ReturnType<typeof guarded>['app'], token = aliceToken, to = '/') {
  return app.request('/sign-in', { method: 'POST', headers: origin, body: new URLSearchParams({ token, to }) });
}

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

test('a known token signs in, and the cookie is HttpOnly, SameSite=Strict and ends', async () => {
  const { app } = guarded({ publicUrl: 'https://console.test' });
  const answer = await signIn(app);
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get('set-cookie') ?? '', /Max-Age=43200.*HttpOnly.*Secure.*SameSite=Strict/);
  const page = await app.request('/', { headers: { ...origin, cookie: cookieOf(answer) } });
  assert.equal(page.status, 200);
  assert.ok((await page.text()).includes('<span>alice</span>'));
});

test('a token never stands in a cookie or a page', async () => {
  const { app } = guarded();
  const answer = await signIn(app);
  assert.ok(!(answer.headers.get('set-cookie') ?? '').includes(aliceToken));
  assert.ok(!(await (await app.request('/', { headers: { cookie: cookieOf(answer) } })).text()).includes(aliceToken));
});

test('a wrong token is refused and not repeated', async () => {
  const { app } = guarded();
  const answer = await signIn(app, 'wrong-token-0123456789');
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get('set-cookie'), null);
  assert.ok(!(await answer.text()).includes('wrong-token'));
});

test('nothing but the sign-in page and the assets is served to a stranger', async () => {
  const { app, asked } = guarded();
  for (const path of [
    '/',
    '/controls',
    '/episodes/907',
    '/incidents/k3v9-wq2p-71ab',
    '/incidents/k3v9-wq2p-71ab/postmortem.md',
  ]) {
    const answer = await app.request(path);
    assert.equal(answer.status, 303, path);
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\?to=/);
  }
  for (const path of ['/api/episodes', '/api/incidents', '/api/journal', '/events'])
    assert.equal((await app.request(path)).status, 401, path);
  for (const path of ['/click', '/control'])
    assert.equal(
      (
        await app.request(path, {
          method: 'POST',
          headers: origin,
          body: new URLSearchParams({ control: 'resume', reason: 'because' }),
        })
      ).status,
      401,
      path,
    );
  assert.deepEqual(asked, []);
});

test('a session ends after its time', async () => {
  const { app, goTo, clock } = guarded();
  const cookie = cookieOf(await signIn(app));
  goTo((clock.now() + sessionMs - 1_000 - firedAtMs) / 1_000);
  assert.equal((await app.request('/controls', { headers: { cookie } })).status, 200);
  goTo((clock.now() + 2_000 - firedAtMs) / 1_000);
  assert.equal((await app.request('/controls', { headers: { cookie } })).status, 303);
});

test('a session that was tampered with is none', async () => {
  const { app } = guarded();
  const cookie = cookieOf(await signIn(app));
  for (const forged of [cookie.replace('alice', 'sam'), cookie.slice(0, -4), 'gomeet_console=alice%3A9999999999999'])
    assert.equal((await app.request('/controls', { headers: { cookie: forged } })).status, 303, forged);
});

test('a changed token ends the sessions that were signed before', async () => {
  const first = guarded();
  const cookie = cookieOf(await signIn(first.app));
  const second = stage();
  const app = consoleApp({
    data: second.data,
    desk: second.desk,
    auth: tokenAuth('alice=another-0123456789abcdef'),
    clock: second.clock,
  });
  assert.equal((await app.request('/controls', { headers: { cookie } })).status, 303);
});

test('two replicas with the same tokens know the same sessions', async () => {
  const cookie = cookieOf(await signIn(guarded().app));
  assert.equal((await guarded().app.request('/controls', { headers: { cookie } })).status, 200);
});

test('a form from another site, or without its word, does nothing', async () => {
  const { app, asked, auth } = guarded();
  const cookie = cookieOf(await signIn(app));
  const form = formTokenOf(auth, 'alice');
  const body = (word: string) => new URLSearchParams({ form: word, kind: 'acknowledge', value: 'k3v9-wq2p-71ab:3' });
  const tries: [string, Record<string, string>, string][] = [
    ['foreign origin', { host: 'console.test', origin: 'https://evil.test' }, form],
    ['no origin', { host: 'console.test' }, form],
    ['opaque origin', { host: 'console.test', origin: 'null' }, form],
    ['same site, other origin', { ...origin, 'sec-fetch-site': 'same-site' }, form],
    ['no word', origin, ''],
    ["another person's word", origin, formTokenOf(auth, 'sam')],
  ];
  for (const [name, headers, word] of tries)
    assert.equal(
      (await app.request('/click', { method: 'POST', headers: { ...headers, cookie }, body: body(word) })).status,
      403,
      name,
    );
  assert.deepEqual(asked, []);
  assert.equal(
    (await app.request('/click', { method: 'POST', headers: { ...origin, cookie }, body: body(form) })).status,
    200,
  );
  assert.deepEqual(asked, ['acknowledge console:alice']);
});

test('sign-in leads on to pages of this console only', async () => {
  const { app } = guarded();
  assert.equal((await signIn(app, aliceToken, '/controls')).headers.get('location'), '/controls');
  for (const to of ['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/a\nb'])
    assert.equal(localPath(to), '/', to);
});

test('the API takes a bearer token, and refuses a false one', async () => {
  const { app } = guarded();
  assert.equal((await app.request('/api/journal', { headers: { authorization: `Bearer ${aliceToken}` } })).status, 200);
  assert.equal(
    (await app.request('/api/journal', { headers: { authorization: 'Bearer nobody-0123456789abc' } })).status,
    401,
  );
});

test('the open demo lets one choose who to act as, among its own people only', async () => {
  const set = stage();
  const auth = openAuth();
  const app = consoleApp({ data: set.data, desk: set.desk, auth, clock: set.clock });
  const here = { host: '127.0.0.1:9481', origin: 'http://127.0.0.1:9481' };
  const actAs = (name: string) =>
    app.request('/act-as', {
      method: 'POST',
      headers: here,
      body: new URLSearchParams({ form: formTokenOf(auth, 'alex'), name, back: '/controls' }),
    });
  assert.ok((await (await app.request('/', { headers: here })).text()).includes('Demo without sign-in'));
  const answer = await actAs('sam');
  assert.equal(answer.headers.get('location'), '/controls');
  assert.match(
    await (await app.request('/controls', { headers: { ...here, cookie: cookieOf(answer) } })).text(),
    /value="sam" class="chip" aria-pressed="true"/,
  );
  assert.equal((await actAs('root')).status, 400);
});

test('the open demo does not answer under a foreign name, so that a rebound one cannot reach it', async () => {
  const set = stage();
  const app = consoleApp({ data: set.data, desk: set.desk, auth: openAuth(), clock: set.clock });
  assert.equal((await app.request('/', { headers: { host: 'evil.test:9481' } })).status, 403);
  assert.equal((await app.request('/', { headers: { host: 'localhost:9481' } })).status, 200);
});

test('tokens that are short, shared, doubled or malformed are refused, and none is repeated', () => {
  for (const wrong of [
    'alice',
    'alice=short',
    `alice=${aliceToken},alice=other-0123456789abcdef`,
    `alice=${aliceToken},bob=${aliceToken}`,
    '=x'.repeat(20),
    `al ice=${aliceToken}`,
  ]) {
    assert.throws(
      () => tokenAuth(wrong),
      (error) =>
        error instanceof UsageError && !error.message.includes(aliceToken) && !error.message.includes('short,'),
      wrong,
    );
  }
});

test('an open console knows no tokens', () => {
  assert.equal(personOfToken(openAuth(), 'alex'), undefined);
});

test('every answer forbids inline scripts, framing and guessing of types', async () => {
  const { app } = guarded();
  for (const path of ['/', '/sign-in', '/console.js', '/api/journal']) {
    const { headers } = await app.request(path);
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'; script-src 'self'; style-src 'self'/,
      path,
    );
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-frame-options'), 'DENY');
  }
});

test('an oversized form is refused', async () => {
  const { app } = guarded();
  const answer = await app.request('/sign-in', {
    method: 'POST',
    headers: { ...origin, 'content-length': '20000' },
    body: new URLSearchParams({ token: 'x'.repeat(20_000) }),
  });
  assert.equal(answer.status, 413);
});
