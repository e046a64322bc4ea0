import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../../deploy/checks/define.ts';
import { validation } from '../../../deploy/checks/validation.ts';
import { environments } from '../../../manifests/environments/index.ts';

/** How the line about meetings comes out when LiveKit answers so, and Prometheus says this of the last trial meetings. */
async function signaling(code: number, query: ((expr: string) => Promise<readonly number[]>) | undefined) {
  const findings = await runChecks(
    validation({
      environment: environments.production,
      status: async () => code,
      query: query && (async (expr) => (await query(expr)).map((value) => ({ labels: {}, value }))),
    }),
  );
  return findings.find(({ check }) => check === 'WebRTC signaling functional');
}

test('what a person would try is tried by the trial meeting: it must have connected, from wherever it is held', async () => {
  const asked: string[] = [];
  const found = await signaling(200, async (expr) => {
    asked.push(expr);
    return [1];
  });
  assert.equal(found?.verdict, 'ok');
  assert.ok(asked.includes('min(gomeet_probe_success)'));
});

test('a trial meeting that fails fails the line, and says what to run', async () => {
  const found = await signaling(200, async () => [0]);
  assert.deepEqual([found?.verdict, found?.todo], ['failed', 'gomeet exporter probe --once']);
});

test('a LiveKit that does not answer fails it whatever the trials say', async () => {
  assert.equal((await signaling(503, async () => [1]))?.verdict, 'failed');
});

test('no trial yet, no Prometheus and one that does not answer are unknown, never good', async () => {
  assert.equal((await signaling(200, async () => []))?.verdict, 'unknown');
  assert.equal((await signaling(200, undefined))?.verdict, 'unknown');
  const away = signaling(200, () => Promise.reject(new Error('away')));
  assert.equal((await away)?.verdict, 'unknown');
});
