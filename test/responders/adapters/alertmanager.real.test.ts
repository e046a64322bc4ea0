import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type FaultProxy, startFaultProxy } from '../../../lab/fakes/fault-proxy.ts';
import { type HttpPeer, startAlertmanager } from '../../../lab/peers/prometheus.ts';
import { type AlertmanagerApi, createAlertmanager } from '../../../responders/adapters/alertmanager.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { known, rejectsWith } from './kubernetes/contract.ts';
import { eventually } from './kubernetes/live-cluster.ts';

const config = {
  route: { receiver: 'nobody' },
  receivers: [{ name: 'nobody' }],
  inhibit_rules: [
    { source_matchers: ['alertname="NodeLost"'], target_matchers: ['alertname="SfuSaturated"'], equal: ['node'] },
  ],
};

describe('Alertmanager adapter on a real Alertmanager', { skip: skipWithout('alertmanager') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-alertmanager-'));
  let peer: HttpPeer;
  let proxy: FaultProxy;
  let alertmanager: AlertmanagerApi;
  let runs = 0;
  const connect = (timeoutMs: number) =>
    createAlertmanager({ url: proxy.url, timeoutMs, retry: { firstWaitMs: 5, maxWaitMs: 1_500 } });
  const request = (labels: Record<string, string>, runId = `run-${++runs}`) => ({
    labels,
    untilMs: Date.now() + 600_000,
    by: 'slack:T0/U1',
    comment: 'silence for 10m',
    runId,
  });
  const posts = () => proxy.requests.filter(({ method }) => method === 'POST').length;
  const silences = async (): Promise<{ id: string; comment: string; status: { state: string } }[]> =>
    (await fetch(`${peer.url}/api/v2/silences`)).json() as never;

  async function fire(labels: Record<string, string>): Promise<void> {
    const answer = await fetch(`${peer.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, startsAt: '2026-11-20T10:00:00.5Z' }]),
    });
    assert.equal(answer.status, 200);
  }

  before(async () => {
    peer = await startAlertmanager({ folder, config });
    proxy = await startFaultProxy(peer.url);
  });
  after(async () => {
    await proxy.stop();
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    proxy.clear();
    alertmanager = connect(3_000);
  });

  it('lists what fires, with its start and fingerprint', async () => {
    await fire({ alertname: 'JoinFailuresHigh', region: 'fra1' });

    const alert = known(
      (await alertmanager.activeAlerts()).find(({ labels }) => labels['alertname'] === 'JoinFailuresHigh'),
    );

    assert.equal(alert.startsAtMs, Date.parse('2026-11-20T10:00:00.5Z'));
    assert.match(alert.fingerprint, /^[0-9a-f]{16}$/);
    assert.deepEqual([alert.silencedBy, alert.inhibitedBy], [[], []]);
  });

  it('lists an inhibited alert with what inhibits it', async () => {
    await fire({ alertname: 'NodeLost', node: 'sfu-1' });
    await fire({ alertname: 'SfuSaturated', node: 'sfu-1' });
    await fire({ alertname: 'SfuSaturated', node: 'sfu-2' });

    await eventually(async () => {
      const saturated = (await alertmanager.activeAlerts()).filter(
        ({ labels }) => labels['alertname'] === 'SfuSaturated',
      );
      const byNode = Object.fromEntries(
        saturated.map(({ labels, inhibitedBy }) => [labels['node'], inhibitedBy.length]),
      );
      assert.deepEqual(byNode, { 'sfu-1': 1, 'sfu-2': 0 });
    });
  });

  it('silences the alert it was asked to, and no other', async () => {
    await fire({ alertname: 'ExporterStale', service: 'a' });
    await fire({ alertname: 'ExporterStale', service: 'b' });

    const id = await alertmanager.silence(request({ alertname: 'ExporterStale', service: 'a' }));

    await eventually(async () => {
      const stale = (await alertmanager.activeAlerts()).filter(({ labels }) => labels['alertname'] === 'ExporterStale');
      const byService = Object.fromEntries(stale.map(({ labels, silencedBy }) => [labels['service'], silencedBy]));
      assert.deepEqual(byService, { a: [id], b: [] });
    });
  });

  it('makes one silence of one run, however often it is asked', async () => {
    const asked = request({ alertname: 'RoomSplitAcrossNodes' });

    const first = await alertmanager.silence(asked);
    const second = await alertmanager.silence(asked);

    assert.equal(second, first);
    assert.equal((await silences()).filter(({ comment }) => comment.includes(asked.runId)).length, 1);
  });

  it('makes another silence for another run, and for a run whose name only begins alike', async () => {
    const labels = { alertname: 'MediaQualityDegraded' };
    const ids = [
      await alertmanager.silence(request(labels, 'abc-1')),
      await alertmanager.silence(request(labels, 'abc-11')),
      await alertmanager.silence(request(labels, 'abc')),
    ];

    assert.equal(new Set(ids).size, 3);
  });

  it('does not take a silence that a person has ended for one that stands', async () => {
    const asked = request({ alertname: 'SfuHeadroomLow' });
    const ended = await alertmanager.silence(asked);
    assert.equal((await fetch(`${peer.url}/api/v2/silence/${ended}`, { method: 'DELETE' })).status, 200);

    assert.notEqual(await alertmanager.silence(asked), ended);
  });

  it('matches hostile label values letter by letter', async () => {
    const hostile = { alertname: 'ServiceCrashLooping', service: '.*"}|<b>&\n' };
    await fire(hostile);
    await fire({ alertname: 'ServiceCrashLooping', service: 'auth-service' });

    await alertmanager.silence(request(hostile));

    await eventually(async () => {
      const silenced = (await alertmanager.activeAlerts()).filter(
        ({ labels, silencedBy }) => labels['alertname'] === 'ServiceCrashLooping' && silencedBy.length > 0,
      );
      assert.deepEqual(
        silenced.map(({ labels }) => labels['service']),
        [hostile.service],
      );
    });
  });

  it('refuses to silence everything, without asking', async () => {
    const before = proxy.requests.length;

    await rejectsWith(alertmanager.silence(request({})), 'invalid');
    await rejectsWith(alertmanager.silence(request({ severity: '' })), 'invalid');

    assert.equal(proxy.requests.length, before);
  });

  it('passes on that a silence would end in the past', async () => {
    const error = await rejectsWith(alertmanager.silence({ ...request({ alertname: 'x' }), untilMs: 0 }), 'invalid');

    assert.equal(error.retryable, false);
  });

  it('finds the silence again whose answer was lost, and makes no second one', async () => {
    const asked = request({ alertname: 'MeetingNearParticipantLimit' });
    proxy.inject({ fault: { kind: 'lose-answer' }, method: 'POST' });
    await rejectsWith(alertmanager.silence(asked), 'unreachable');

    const id = await alertmanager.silence(asked);

    const made = (await silences()).filter(({ comment }) => comment.includes(asked.runId));
    assert.deepEqual(
      made.map((one) => one.id),
      [id],
    );
  });

  it('sends a silence once when it is refused, throttled or not answered', async () => {
    const faults = [
      { fault: { kind: 'answer', status: 500 }, code: 'unavailable' },
      { fault: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, code: 'throttled' },
      { fault: { kind: 'hang' }, code: 'timeout' },
    ] as const;
    for (const { fault, code } of faults) {
      const asked = request({ alertname: 'y' });
      const before = posts();
      proxy.inject({ fault, method: 'POST' });

      await rejectsWith(connect(300).silence(asked), code);

      assert.equal(posts(), before + 1);
      assert.equal(
        (await silences()).some(({ comment }) => comment.includes(asked.runId)),
        false,
      );
    }
  });

  it('makes no silence when it cannot look for an earlier one', async () => {
    const before = posts();
    proxy.inject({ fault: { kind: 'answer', status: 500 }, method: 'GET', times: 9 });

    await rejectsWith(alertmanager.silence(request({ alertname: 'z' })), 'unavailable');

    assert.equal(posts(), before);
  });

  it('does not take an Alertmanager that is away for one without alerts', async () => {
    proxy.inject({ fault: { kind: 'truncate' }, times: 9 });

    await rejectsWith(alertmanager.activeAlerts(), 'unavailable');
  });
});
