import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { createOutside } from '../../../responders/adapters/outside.ts';
import type { Mail } from '../../../responders/adapters/smtp.ts';
import { rejectsWith } from './kubernetes/contract.ts';

const notice = { key: 'run-7/3', text: 'It is over.', meetings: 12 };

describe('The world outside', () => {
  const taken: { key: unknown; body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const status = Number(/\/(\d{3})/.exec(request.url ?? '')?.[1] ?? 200);
    if (request.method === 'POST') taken.push({ key: request.headers['idempotency-key'], body: await text(request) });
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('hello');
  });
  let base: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  const withUrls = (...urls: string[]) => createOutside({ urls, webhookUrl: undefined, mail: undefined });

  it('takes any answer below 500 for one, follows nobody elsewhere, and says what does not answer', async () => {
    const seen = await withUrls(
      `${base}/200`,
      `${base}/302`,
      `${base}/404`,
      `${base}/503`,
      'http://127.0.0.1:1/',
    ).open();
    assert.deepEqual(
      seen.map(({ ok }) => ok),
      [true, true, true, false, false],
    );
    assert.match(seen[3]?.saw ?? '', /^503 after \d+ ms$/);
    assert.match(seen[4]?.saw ?? '', /does not answer/);
    assert.deepEqual(await withUrls().open(), []);
  });

  it('sends a notice by every declared way, each with the key of the step', async () => {
    const mails: Mail[] = [];
    const mailer = { send: async (mail: Mail) => void mails.push(mail) };
    const outside = createOutside({ urls: [], webhookUrl: `${base}/200`, mail: { mailer, to: ['hosts@example.com'] } });
    assert.deepEqual(await outside.tellHosts(notice), ['webhook', 'mail']);
    assert.equal(taken.at(-1)?.key, 'run-7/3');
    assert.deepEqual(JSON.parse(taken.at(-1)?.body ?? ''), notice);
    assert.equal(mails[0]?.key, 'run-7/3');
  });

  it('says by which way it did not go, fails when none was left, and never repeats the address', async () => {
    const mailer = { send: async () => undefined };
    const half = createOutside({
      urls: [],
      webhookUrl: `${base}/500/hook-secret`,
      mail: { mailer, to: ['a@example.com'] },
    });
    const ways = await half.tellHosts(notice);
    assert.match(ways.join(), /^mail,not by host notice: HTTP 500/);
    assert.ok(!ways.join().includes('hook-secret'));
    const none = createOutside({ urls: [], webhookUrl: `${base}/500/hook-secret`, mail: undefined });
    const error = await rejectsWith(none.tellHosts(notice), 'unavailable');
    assert.ok(!error.message.includes('hook-secret'));
    assert.deepEqual(await withUrls().tellHosts(notice), []);
  });
});
