import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareSignals } from '../../lab/signals.ts';
import { simulatedControl } from '../../lab/simulator/drill-control.ts';
import { createSimulator } from '../../lab/simulator/simulator.ts';
import { PrometheusMetrics } from '../../responders/adapters/prometheus.ts';
import { needTool } from '../support/need-tool.ts';

it('brings a saturated node from the simulated world through real peers to the webhook, and is silent before', async (t) => {
  if (!needTool(t, 'prometheus') || !needTool(t, 'alertmanager')) return;
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-signals-'));
  const told: { name: string; authorized: boolean }[] = [];
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const simulator = createSimulator();
  const signals = await prepareSignals({ simulator, folder, logFolder: join(folder, 'logs') }, stack);
  const webhook = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const authorized = request.headers.authorization === `Bearer ${signals.webhookToken}`;
    if (request.method === 'POST')
      for (const alert of JSON.parse(body).alerts) told.push({ name: alert.labels.alertname, authorized });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  stack.defer(async () => {
    webhook.closeAllConnections();
    webhook.close();
  });
  await signals.start({ webhookUrl: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/alertmanager` });
  const [sfu] = simulator.view().sfus;
  assert.ok(sfu);
  await delay(4_000);
  assert.deepEqual(told, [], 'a platform at rest raises no alert');

  await simulatedControl(simulator).saturate(sfu.pod);
  while (told.length === 0) await delay(100);

  assert.deepEqual(told[0], { name: 'SfuSaturated', authorized: true });
  const metrics = new PrometheusMetrics({ url: signals.prometheusUrl });
  const load = await metrics.query('node_id:sfu_cpu_load_ratio:max');
  const hot = load.find(({ labels }) => labels['node_id'] === sfu.nodeId);
  assert.ok(hot !== undefined && hot.value > 0.85 && hot.value <= 1, `load by Prometheus: ${hot?.value}`);
  const process = await metrics.query(
    'rate(process_cpu_seconds_total{job="livekit"}[5s]) / on (job, instance) go_sched_gomaxprocs_threads{job="livekit"}',
  );
  const busiest = Math.max(...process.map(({ value }) => value));
  assert.ok(
    Math.abs(busiest - hot.value) < 0.15,
    `the process says ${busiest}, the node ${hot.value}: rates must be those of the platform`,
  );
});
