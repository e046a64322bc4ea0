import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { callJson, retryAfterMs } from '../../kernel/http.ts';

const secret = 'hush-hush-hush';
const answers: Readonly<Record<string, RequestListener>> = {
  '/ok': (_request, response) => void response.end('{"n":1}'),
  '/wrong': (_request, response) => void response.end('{"n":"one"}'),
  '/cut': (_request, response) => void response.end('{"n":'),
  '/large': (_request, response) => void response.end(`{"n":1,"x":"${'x'.repeat(5_000)}"}`),
  '/echo': (_request, response) => void response.writeHead(500).end(`you said ${secret}`),
  '/busy': (_request, response) => void response.writeHead(429, { 'retry-after': '7' }).end('{}'),
  '/silent': () => undefined,
  '/stalled': (_request, response) => void response.writeHead(200).write('{"n"'),
  '/dead': (request) => void request.socket.destroy(),
};

describe('callJson', () => {
  let server: Server;
  let base: string;
  const call = (path: string) =>
    callJson(
      { peer: 'peer', url: `${base}${path}`, timeoutMs: 200, maxBytes: 1_000, secrets: [secret] },
      z.object({ n: z.number() }),
    );

  before(async () => {
    server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('parses what has the wanted shape', async () => {
    assert.deepEqual(await call('/ok'), { n: 1 });
  });

  const failures = {
    '/wrong': { code: 'invalid', retryable: false, says: /n: / },
    '/cut': { code: 'unavailable', retryable: true, says: /not JSON/ },
    '/large': { code: 'invalid', retryable: false, says: /larger than 1000 bytes/ },
    '/busy': { code: 'throttled', retryable: true, says: /429/ },
    '/silent': { code: 'timeout', retryable: true, says: /in time/ },
    '/stalled': { code: 'timeout', retryable: true, says: /in time/ },
    '/dead': { code: 'unreachable', retryable: true, says: /cannot be reached/ },
  } as const;
  for (const [path, { code, retryable, says }] of Object.entries(failures)) {
    it(`says ${code} for ${path}`, async () => {
      const error = await call(path).catch((thrown: unknown) => thrown);

      assert.ok(error instanceof PortError);
      assert.deepEqual([error.code, error.retryable], [code, retryable]);
      assert.match(error.message, says);
    });
  }

  it('shows no secret that the peer echoes', async () => {
    const error = await call('/echo').catch((thrown: unknown) => thrown);

    assert.ok(error instanceof PortError);
    assert.match(error.message, /you said \[hidden\]/);
  });

  it('says how long the peer wants to be left alone', async () => {
    const error = await call('/busy').catch((thrown: unknown) => thrown);

    assert.equal(error instanceof PortError ? error.retryAfterMs : undefined, 7_000);
  });
});

describe('retryAfterMs', () => {
  const of = (value: string | undefined) =>
    retryAfterMs(
      { headers: new Headers(value === undefined ? {} : { 'retry-after': value }) },
      Date.parse('2026-11-22T00:00:00Z'),
    );

  it('reads seconds and dates', () => {
    assert.equal(of('1.5'), 1_500);
    assert.equal(of('Sun, 22 Nov 2026 00:00:30 GMT'), 30_000);
  });

  it('is never negative, and undefined for what is neither', () => {
    assert.equal(of('Sat, 21 Nov 2026 00:00:00 GMT'), 0);
    assert.equal(of('-3'), 0);
    assert.equal(of('soon'), undefined);
    assert.equal(of(undefined), undefined);
  });
});
