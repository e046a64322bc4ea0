import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [gomeet, 'fit', ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('the exit code says whether it fits; the arithmetic is printed, as JSON too', async () => {
  const [good, bad, json] = await Promise.all([
    run(),
    run('--environment', 'documented'),
    run('--environment', 'starter', '--json'),
  ]);
  assert.deepEqual([good.code, bad.code, json.code], [0, 1, 0]);
  assert.match(good.stdout, /production: fits/);
  assert.match(bad.stdout, /livekit-sfu asks for 16 cores and 64 GiB/);
  const report = JSON.parse(json.stdout);
  assert.deepEqual([report.environment, report.fits, report.monthlyLeastUsd], ['starter', true, 6 * 672]);
  // What to change, and what that would cost; what differs from the documents, and why.
  assert.match(bad.stdout, /change: at the most 48 nodes in pool worker-pool, \$32,256 a month/);
  assert.ok(report.deviations.length > 20 && report.deviations.every(({ why }: { why: string }) => why.length > 20));
});

test('an unknown size names the nearest, an unknown pool those there are, both without a stack', async () => {
  const [size, pool, limit] = await Promise.all([
    run('--size', 'c-33'),
    run('--pool', 'gpu', '--size', 'c-32'),
    run('--droplet-limit', 'x'),
  ]);
  for (const { code, stderr, stdout } of [size, pool, limit]) {
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  assert.match(size.stderr, /did you mean c-32\?/);
  assert.match(pool.stderr, /production has no pool gpu; it has sfu, api, monitoring, system/);
});
