import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gomeet-preview-'));
after(() => rm(folder, { recursive: true }));

/** A Prometheus that knows one series, and the moments of which it was asked for what held then. */
const askedAt = new Set<string | null>();
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://prometheus.example');
  if (pathname === '/api/v1/query') askedAt.add(searchParams.get('time'));
  const range = request.url?.startsWith('/api/v1/query_range') ?? false;
  const at = Date.UTC(2026, 10, 24, 2, 59) / 1_000;
  const result = range
    ? {
        resultType: 'matrix',
        result: [
          {
            metric: { node_id: 'ND_1' },
            values: [
              [at - 60, '0.4'],
              [at, '0.5'],
            ],
          },
        ],
      }
    : { resultType: 'vector', result: [{ metric: { node_id: 'ND_1' }, value: [at, '0.5'] }] };
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data: result }));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [gomeet, 'preview', ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('a board is drawn by its short name, until the time that was asked for, and said as JSON', async () => {
  const { code, stdout, stderr } = await run(
    'sfu',
    '--prometheus',
    url,
    '--out',
    folder,
    '--at',
    '2026-11-24T03:00:00Z',
    '--span',
    '1h',
    '--json',
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    JSON.parse(stdout).map(({ board, empty, failed }: { board: string; empty: unknown; failed: unknown }) => [
      board,
      empty,
      failed,
    ]),
    [['gomeet-sfu', [], []]],
  );
  const svg = await readFile(join(folder, 'gomeet-sfu.svg'), 'utf8');
  assert.match(svg, /SFU Fleet and Capacity/);
  assert.match(svg, /until 2026-11-24 03:00 UTC/);
  assert.deepEqual([...askedAt], [String(Date.UTC(2026, 10, 24, 3) / 1_000).concat('.000')], 'numbers are of then too');
});

test('a board that is not there, a span or a time that is none, are refused with what would do', async () => {
  const wrong = await run('gomeet-sfus', '--prometheus', url, '--out', folder);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /no board gomeet-sfus; did you mean gomeet-sfu\?/);
  for (const [args, words] of [
    [['--span', '5x'], /--span: want a duration of a minute or more, such as 3h, not 5x/],
    [['--at', 'yesterday'], /--at: not a time: yesterday/],
  ] as const) {
    const { code, stderr } = await run('sfu', '--prometheus', url, '--out', folder, ...args);
    assert.equal(code, 2);
    assert.match(stderr, words);
  }
});

test('a Prometheus that is away leaves a picture that says so, and exit code 1', async () => {
  const { code, stdout } = await run('sfu', '--prometheus', 'http://127.0.0.1:9', '--out', folder);
  assert.equal(code, 1);
  assert.match(stdout, /without an answer/);
  assert.match(await readFile(join(folder, 'gomeet-sfu.svg'), 'utf8'), /no answer: unreachable/);
});
