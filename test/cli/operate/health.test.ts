import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));

/** `gomeet health` with nothing to look at: no cluster answers, no Prometheus is set. */
function start(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [gomeet, 'health', ...args], {
    env: { PATH, HOME: '/nonexistent', ...settings },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    said.err += text.toString();
  });
  const ended = once(child, 'close').then(([code]: number[]) => ({ code, ...said }));
  return { child, said, ended };
}

const run = (...args: string[]) => start(args).ended;

/** Slack that answers with these statuses in turn, then with 200. */
async function slack(t: TestContext, ...statuses: number[]) {
  const posts: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => {
      body += text.toString();
    });
    request.on('end', () => {
      posts.push(body);
      response.writeHead(statuses.shift() ?? 200).end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return { posts, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

describe('gomeet health', () => {
  it('exits 3 where nothing can be looked at, and 2 for a wrong command line: never 1, which is degraded', async () => {
    assert.equal((await run('services', '--json')).code, 3);
    const unaddressed = await start(['check'], { KUBECONFIG: '/nonexistent' }).ended;
    assert.equal(unaddressed.code, 3);
    assert.match(unaddressed.err, /the kubeconfig cannot be read/);
    const wrong = [
      ['check', '--format', 'xml'],
      ['chekc'],
      ['check', '--continuous', '0'],
      ['check', '--slack-webhook'],
      ['check', '--slack-webhook', 'no-address'],
    ];
    for (const args of wrong) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.notEqual(err, '');
    }
  });

  it('keeps its answer where nobody could be told, and says so', async (t) => {
    const { url, posts } = await slack(t, 500);

    const { code, out, err } = await run('databases', '--slack-webhook', url);

    assert.equal(code, 3);
    assert.match(out, /unknown: 0 of 4 healthy, 4 unknown/);
    assert.match(err, /nobody was told: slack: HTTP 500/);
    assert.match(posts[0] ?? '', /GoMeet health, gomeet: unknown/);
  });

  it('looks again and again until interrupted, tells once what could not be told before, and prints a document a look', async (t) => {
    const { url, posts } = await slack(t, 500);
    const { child, said, ended } = start([
      '--continuous',
      '1',
      '--format',
      'yaml',
      'databases',
      '--slack-webhook',
      url,
    ]);
    while (said.out.split('overall:').length < 5 && child.exitCode === null)
      await Promise.race([once(child.stdout, 'data'), ended]);

    child.kill('SIGINT');

    const { code, out } = await ended;
    assert.equal(code, 3);
    assert.equal(posts.length, 2, 'refused, then told; the same is not told again');
    const documents = parseAllDocuments(out);
    assert.ok(documents.length >= 4);
    for (const document of documents) assert.equal(document.toJS().overall, 'unknown');
  });
});
