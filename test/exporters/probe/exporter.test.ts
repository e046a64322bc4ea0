import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { probeMetrics } from '../../../exporters/metrics/probe.ts';
import { failureReasons, probeStages, type Trial } from '../../../exporters/probe/domain.ts';
import { startProbe } from '../../../exporters/probe/main.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';

const good: Trial = {
  outcome: 'success',
  seconds: { validate: 0.02, websocket: 0.03, signal: 0.01, join: 0.4, media: 0.6 },
  quality: {
    tracks: [
      { direction: 'up', kind: 'audio', lossRatio: 0.01, jitterSeconds: 0.004 },
      { direction: 'down', kind: 'video', lossRatio: 0, jitterSeconds: 0.002 },
    ],
    roundTrips: [{ direction: 'up', seconds: 0.03 }],
  },
};
const refused: Trial = { outcome: 'failure', seconds: {}, stage: 'validate', reason: 'token-refused' };

/** A probe whose trials end as told, one each time `next` is called; its clock stands still between. */
async function stage(trials: readonly Trial[]) {
  let nowMs = 1_700_000_000_000;
  let index = 0;
  const waiting: (() => void)[] = [];
  const slept: number[] = [];
  const clock: Clock = {
    now: () => nowMs,
    sleep: (ms, signal) => {
      slept.push(ms);
      return new Promise((resolve) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      });
    },
  };
  const logged: string[] = [];
  const note = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: note, warn: note, error: note };
  const gate = Promise.withResolvers<void>();
  const probe = await startProbe({
    tryMeeting: async () => {
      if (index === 0) await gate.promise;
      nowMs += 20_000;
      return trials[index++] ?? refused;
    },
    address: { host: '127.0.0.1', port: 0 },
    intervalMs: 60_000,
    clock,
    log,
  });
  after(() => probe.close());
  const get = async (path: string) => await fetch(`http://127.0.0.1:${probe.port}${path}`);
  const settle = async () => {
    while (waiting.length === 0) await new Promise(setImmediate);
  };
  return {
    metrics: async () => await (await get('/metrics')).text(),
    ready: async () => (await get('/readyz')).status,
    async first() {
      gate.resolve();
      await settle();
    },
    async next() {
      waiting.shift()?.();
      await settle();
    },
    slept,
    logged,
  };
}

test('before the first trial has ended there is no verdict, and every failure stands at zero', async () => {
  const { metrics, ready, first } = await stage([good]);
  const text = await metrics();
  assert.doesNotMatch(text, /^gomeet_probe_(success|last_attempt\S*|packet_loss_ratio|jitter_seconds)[ {]/m);
  const zeros = text.match(/^gomeet_probe_failures_total\{.*\} 0$/gm) ?? [];
  assert.equal(zeros.length, probeStages.length * failureReasons.length);
  assert.equal(await ready(), 503);
  await first();
  assert.equal(await ready(), 200);
});

test('a good trial shows its stages and its media; a failed one takes the old media away', async () => {
  const { metrics, first, next } = await stage([good, refused]);
  await first();
  const fine = await metrics();
  assert.match(fine, /^gomeet_probe_success 1$/m);
  assert.match(fine, /^gomeet_probe_stage_seconds_sum\{stage="join"\} 0.4$/m);
  assert.match(fine, /^gomeet_probe_packet_loss_ratio\{direction="up",kind="audio"\} 0.01$/m);
  assert.match(fine, /^gomeet_probe_round_trip_seconds\{direction="up"\} 0.03$/m);
  await next();
  const failed = await metrics();
  assert.match(failed, /^gomeet_probe_success 0$/m);
  assert.match(failed, /^gomeet_probe_attempts_total 2$/m);
  assert.match(failed, /^gomeet_probe_failures_total\{stage="validate",reason="token-refused"\} 1$/m);
  assert.doesNotMatch(failed, /^gomeet_probe_(packet_loss_ratio|jitter_seconds|round_trip_seconds)[ {]/m);
  assert.match(failed, /^gomeet_probe_stage_seconds_count\{stage="join"\} 1$/m);
});

test('trials start an interval apart, and the log says what changed and no more', async () => {
  const { first, next, slept, logged } = await stage([good, good, refused, refused, good]);
  await first();
  for (let more = 0; more < 4; more += 1) await next();
  assert.deepEqual(slept, [40_000, 40_000, 40_000, 40_000, 40_000]);
  assert.deepEqual(
    logged.map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['trial meeting succeeded', 'trial meeting failed', 'trial meeting succeeded'],
  );
});

test('the probe emits exactly what the catalogue says of it', async () => {
  const { metrics, first } = await stage([good]);
  await first();
  const types = new Map(
    [...(await metrics()).matchAll(/^# TYPE (gomeet_\S+) (\w+)$/gm)].map(([, name, type]) => [name ?? '', type ?? '']),
  );
  assert.deepEqual(
    [...types].sort(),
    Object.values(probeMetrics)
      .map(({ name, type }) => [name, type])
      .sort(),
  );
});
