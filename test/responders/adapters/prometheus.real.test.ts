import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Log } from '../../../kernel/log.ts';
import { type FaultProxy, startFaultProxy } from '../../../lab/fakes/fault-proxy.ts';
import { type HttpPeer, startPrometheus } from '../../../lab/peers/prometheus.ts';
import { metricsSource } from '../../../responders/adapters/backup/prometheus.ts';
import { createPrometheus, type PrometheusMetrics } from '../../../responders/adapters/prometheus.ts';
import { eventually } from '../../lab/cluster/eventually.ts';
import { needTool } from '../../support/need-tool.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { rejectsWith } from './kubernetes/contract.ts';

describe('Prometheus adapter on a real Prometheus', { skip: skipWithout('prometheus') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-prometheus-'));
  const warned: object[] = [];
  const log: Log = { info() {}, warn: (fields) => void warned.push(fields), error() {} };
  let prometheus: HttpPeer;
  let proxy: FaultProxy;
  let metrics: PrometheusMetrics;
  const connect = (timeoutMs: number) =>
    createPrometheus({ url: `${proxy.url}/`, timeoutMs, log, retry: { firstWaitMs: 5, maxWaitMs: 1_500 } });

  before(async () => {
    prometheus = await startPrometheus({
      folder,
      config: {
        global: { scrape_interval: '1s' },
        scrape_configs: [{ job_name: 'nobody', static_configs: [{ targets: ['127.0.0.1:9'] }] }],
      },
      rules: { groups: [] },
    });
    proxy = await startFaultProxy(prometheus.url);
  });
  after(async () => {
    await proxy.stop();
    await prometheus.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    proxy.clear();
    metrics = connect(5_000);
  });

  it('gives its samples as a backup that promtool takes back', async (t) => {
    const promtool = needTool(t, 'promtool');
    if (promtool === undefined) return;
    const source = metricsSource({ url: prometheus.url, metrics: ['up', 'no_such_metric'], hours: 1, now: Date.now });
    const signal = new AbortController().signal;
    let lines: string[] = [];
    let counts: Readonly<Record<string, number>> = {};
    await eventually('a first scrape in the dump', async () => {
      const dump = await source.dump(signal);
      lines = (await text(dump.stream)).trimEnd().split('\n');
      ({ counts } = await dump.facts());
      return lines.length > 1 ? lines : undefined;
    });
    assert.match(lines[0] ?? '', /^up\{.*job="nobody".*\} 0 \d+\.?\d*$/);
    assert.equal(lines.at(-1), '# EOF');
    assert.equal(counts['samples'], lines.length - 1);
    const file = join(folder, 'metrics.om');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { stdout } = await promisify(execFile)(promtool, [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      file,
      join(folder, 'back'),
    ]);
    assert.match(stdout, /BLOCK ULID/);
  });

  it('that is away is said by the backup of its metrics', async () => {
    const source = metricsSource({ url: 'http://127.0.0.1:1', metrics: ['up'], hours: 1, now: Date.now });
    await rejectsWith(source.dump(new AbortController().signal), 'unreachable');
  });

  it('reads a vector with its labels, and a scalar without any', async () => {
    assert.deepEqual(await metrics.query('label_replace(vector(0.5), "node_id", "ND_1", "", "")'), [
      { labels: { node_id: 'ND_1' }, value: 0.5 },
    ]);
    assert.deepEqual(await metrics.query('scalar(vector(7))'), [{ labels: {}, value: 7 }]);
  });

  it('says nothing of a series that is absent, and never zero', async () => {
    assert.deepEqual(await metrics.query('livekit_no_such_metric_total'), []);
    assert.deepEqual(
      await metrics.queryRange('livekit_no_such_metric_total', { fromMs: 0, toMs: 60_000, stepMs: 15_000 }),
      [],
    );
  });

  it('drops what is not a number and keeps an infinity, which may be above a threshold', async () => {
    assert.deepEqual(await metrics.query('vector(0) / 0'), []);
    assert.deepEqual(await metrics.query('vector(1) / 0'), [{ labels: {}, value: Number.POSITIVE_INFINITY }]);
    assert.deepEqual(await metrics.query('-vector(1) / 0'), [{ labels: {}, value: Number.NEGATIVE_INFINITY }]);
  });

  it('reads a range in milliseconds, and leaves out points that a chart cannot draw', async () => {
    const whole = await metrics.queryRange('vector(time())', { fromMs: 1_000_000, toMs: 1_030_000, stepMs: 15_000 });
    const holed = await metrics.queryRange('1 / (vector(time()) - 1015)', {
      fromMs: 1_000_000,
      toMs: 1_030_000,
      stepMs: 15_000,
    });

    assert.deepEqual(whole, [
      {
        labels: {},
        points: [
          [1_000_000, 1_000],
          [1_015_000, 1_015],
          [1_030_000, 1_030],
        ],
      },
    ]);
    assert.deepEqual(
      holed[0]?.points.map(([at]) => at),
      [1_000_000, 1_030_000],
    );
  });

  it('refuses a range that runs backwards or has no step, without asking', async () => {
    const before = proxy.requests.length;

    await rejectsWith(metrics.queryRange('up', { fromMs: 2, toMs: 1, stepMs: 1 }), 'invalid');
    await rejectsWith(metrics.queryRange('up', { fromMs: 1, toMs: 2, stepMs: 0 }), 'invalid');

    assert.equal(proxy.requests.length, before);
  });

  it('says what is wrong with a query, once, and does not repeat it', async () => {
    const before = proxy.requests.length;

    const error = await rejectsWith(metrics.query('sum(('), 'invalid');

    assert.match(error.message, /parse error/);
    assert.equal(error.retryable, false);
    assert.equal(proxy.requests.length, before + 1);
  });

  it('does not take a range for an instant', async () => {
    await rejectsWith(metrics.query('up[5m]'), 'invalid');
  });

  it('passes warnings on to the log', async () => {
    const body = JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result: [] },
      warnings: ['a store was away'],
    });
    proxy.inject({ fault: { kind: 'answer', status: 200, body } });

    await metrics.query('up');

    assert.deepEqual(warned, [{ expr: 'up', warnings: ['a store was away'] }]);
  });

  it('repeats a query after 500, 503, a cut answer and 429, and gives up after three', async () => {
    const faults = [
      { kind: 'answer', status: 500 },
      { kind: 'answer', status: 503 },
      { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'truncate' },
      { kind: 'cut' },
    ] as const;
    for (const fault of faults) {
      proxy.inject({ fault });
      assert.equal((await metrics.query('vector(1)')).length, 1);
    }
    const before = proxy.requests.length;
    proxy.inject({ fault: { kind: 'answer', status: 503 }, times: 99 });

    await rejectsWith(metrics.query('vector(1)'), 'unavailable');

    assert.equal(proxy.requests.length, before + 3);
  });

  it('ends in its time when nothing comes, or only the head of an answer', async () => {
    for (const kind of ['hang', 'stall'] as const) {
      proxy.inject({ fault: { kind } });
      const startedAt = Date.now();

      await rejectsWith(connect(300).query('vector(1)'), 'timeout');

      assert.ok(Date.now() - startedAt < 1_200);
    }
  });

  it('takes an answer of another shape for no answer', async () => {
    proxy.inject({
      fault: {
        kind: 'answer',
        status: 200,
        body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":"?"}]}}',
      },
    });

    await rejectsWith(metrics.query('up'), 'invalid');
  });
});
