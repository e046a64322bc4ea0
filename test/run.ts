// Runs the tests: fetches what they start, then the quick ones, which want the processor, beside those with real peers, which mostly wait. When the quick ones
// are done, a third of those with real peers takes their place.
// Arguments narrow it: `npm test -- responders/tell` runs the files whose path holds that text.
import { spawn } from 'node:child_process';
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedStore } from '../responders/store/embedded.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2).map((path) => path.replace(/^test\//, ''));

async function files(pattern: string): Promise<string[]> {
  const all = await Array.fromAsync(glob(pattern, { cwd: join(root, 'test') }));
  return all.filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part))).sort();
}

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs files one after the other; `label` stands before the count that it closes with. */
async function nodeTest(
  label: string,
  paths: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  if (paths.length === 0) return 0;
  const reporter = process.env['TEST_REPORTER'] ?? (process.stdout.isTTY ? 'spec' : 'dot');
  const args = [
    '--test',
    '--test-concurrency=1',
    // A hang only: what a test waits for has its own end.
    '--test-timeout=900000',
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    '--test-reporter=./test/support/summary.ts',
    '--test-reporter-destination=stdout',
  ];
  // By the environment, so that it holds for every Node that a test starts as well.
  const NODE_OPTIONS = `${process.env['NODE_OPTIONS'] ?? ''} --import=${new URL('./support/loopback-only.ts', import.meta.url).href}`;
  return await run(process.execPath, [...args, ...paths.map((path) => join('test', path))], {
    ...env,
    NODE_OPTIONS,
    TEST_LABEL: label,
  });
}

const real = await files('**/*.real.test.ts');
const quick = (await files('**/*.test.ts')).filter((path) => !real.includes(path));
if (real.length + quick.length === 0) {
  console.error(`No test file's path holds ${wanted.map((part) => `"${part}"`).join(' or ')}: nothing was tested.`);
  process.exit(2);
}

// Fetching is a step of its own: under the guard nothing can be fetched.
if (real.length > 0) await run(process.execPath, ['cli/gomeet.mjs', 'lab', 'tools', '--all']);

const folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
const store = await startEmbeddedStore(join(folder, 'pg'));
try {
  const env = { TEST_POSTGRES_URL: store.url };
  const later = real.filter((_path, index) => index % 3 === 2);
  const codes = await Promise.all([
    nodeTest('quick', quick, env).then(async (code) => (await nodeTest('real, second lane', later, env)) || code),
    nodeTest(
      'real',
      real.filter((path) => !later.includes(path)),
      env,
    ),
  ]);
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
} finally {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
}
