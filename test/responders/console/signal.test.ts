import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import {
  chartMarkers,
  drawSignal,
  leadEpisode,
  signalPicture,
  signalWindow,
} from '../../../responders/console/signal.ts';
import { alertsByName, firedAtMs, viewAt } from './support/drill.ts';
import { stage } from './support/stage.ts';

const view = viewAt(240);

test('the moments of the loop are marked: fired, decided, acted, verified', () => {
  assert.deepEqual(
    chartMarkers(view).map(({ kind, atMs }) => [kind, (atMs - firedAtMs) / 1_000]),
    [
      ['fired', 0],
      ['decided', 19],
      ['acted', 20],
      ['verified', 186],
    ],
  );
});

test('a call to a person is not marked on the signal of the platform', () => {
  const runs = view.runs.map((run) => ({ ...run, action: 'escalate' as const }));
  assert.deepEqual(
    chartMarkers({ ...view, runs }).map(({ kind }) => kind),
    ['fired'],
  );
});

test('an open alert with a runbook stands for the incident before a closed one', () => {
  const [episode] = view.episodes;
  assert.ok(episode);
  const closed = { ...episode, id: '1', closedAtMs: firedAtMs };
  const unknown = { ...episode, id: '2', alertname: 'Nobody' };
  assert.equal(leadEpisode({ ...view, episodes: [closed, unknown, episode] })?.episode.id, episode.id);
  assert.equal(leadEpisode({ ...view, episodes: [closed, unknown] })?.episode.id, '1');
  assert.equal(leadEpisode({ ...view, episodes: [unknown] }), undefined);
});

test('the window begins well before the alert, ends now, and never asks for more than 400 points', () => {
  const alert = alertsByName['SfuSaturated'];
  assert.ok(alert);
  for (const afterMs of [0, 60_000, 3_600_000, 5 * 86_400_000]) {
    const { fromMs, toMs, stepMs } = signalWindow(view, alert, firedAtMs + afterMs);
    assert.ok(toMs >= firedAtMs + afterMs && fromMs < toMs && (toMs - fromMs) / stepMs <= 400, `${afterMs}`);
    if (afterMs < 3_600_000) assert.ok(fromMs <= firedAtMs - 360_000);
  }
});

test('the window of a closed incident ends soon after it, however late one looks', () => {
  const alert = alertsByName['SfuSaturated'];
  assert.ok(alert);
  const closedAtMs = firedAtMs + 600_000;
  assert.ok(
    signalWindow({ ...view, incident: { ...view.incident, closedAtMs } }, alert, firedAtMs + 86_400_000).toMs <
      closedAtMs + 3_600_000,
  );
});

test('the picture for the thread is a PNG that says in words what it shows', async () => {
  const picture = await signalPicture({ view, nowMs: firedAtMs + 240_000, signal: stage().data.signal });
  assert.equal(picture?.content[0], 0x89);
  assert.equal(picture?.alt, 'SfuSaturated: An SFU node is short of CPU; threshold 85%');
});

test('there is no picture without a runbook, nor without Prometheus', async () => {
  const away = () => Promise.reject(new PortError('prometheus', 'timeout', 'no answer in time'));
  assert.equal(await signalPicture({ view, nowMs: firedAtMs, signal: away }), undefined);
  assert.equal(
    await signalPicture({ view: { ...view, alerts: {} }, nowMs: firedAtMs, signal: stage().data.signal }),
    undefined,
  );
  assert.deepEqual(await drawSignal({ view: { ...view, alerts: {} }, nowMs: firedAtMs, signal: away }, 'spark'), {
    missing: 'This alert has no runbook, and so no signal to draw.',
  });
});

test('a fault that is not the peer\u2019s is not taken for missing data', async () => {
  await assert.rejects(
    drawSignal({ view, nowMs: firedAtMs, signal: () => Promise.reject(new TypeError('bug')) }, 'spark'),
    TypeError,
  );
});
