import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { alertmanagerConfig } from '../../alerts/alertmanager.ts';
import { compress, compressRecording } from '../../alerts/compress.ts';
import { alerts } from '../../alerts/index.ts';
import { prometheusConfig } from '../../alerts/prometheus.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { type HttpPeer, startAlertmanager, startPrometheus } from '../../lab/peers/prometheus.ts';
import { findTool } from '../../lab/toolbox.ts';
import { skipWithout } from '../support/skip-without.ts';

// The production rules and configuration, thirty times as fast, through a real Prometheus and a real Alertmanager.
const factor = 30;
const token = 'a-token-of-enough-length';
const webhook = z.object({
  receiver: z.string(),
  truncatedAlerts: z.number(),
  alerts: z.array(
    z.object({
      status: z.string(),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
});
const listedAlerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), status: z.object({ inhibitedBy: z.array(z.string()) }) }),
);
type Delivered = z.infer<typeof webhook>['alerts'][number];

/** Debian's Alertmanager, 0.25, cannot read a webhook's address from a file; one built by Go names no version and is newer. */
function knowsUrlFile(): boolean {
  const tool = findTool('alertmanager');
  const version = tool === undefined ? '' : execFileSync(tool, ['--version'], { encoding: 'utf8' });
  return !/version 0\.(\d|1\d|2[0-5])\./.test(version);
}

describe('from the metrics to those who are told', { skip: skipWithout('prometheus', 'alertmanager') }, () => {
  const toResponder: Delivered[] = [];
  const authorizations = new Set<string | undefined>();
  const toSlack: string[] = [];
  let heartbeats = 0;
  let truncated = 0;
  let lost = 1;
  const peers: HttpPeer[] = [];
  let folder = '';
  let alertmanagerUrl = '';

  const metrics = () =>
    [
      'gomeet_sfu_node_cpu_load_ratio{node_id="ND_a"} 0.95',
      'gomeet_sfu_node_cpu_load_ratio{node_id="ND_b"} 0.95',
      `gomeet_sfu_node_state{node_id="ND_a",state="lost"} ${lost}`,
      'gomeet_sfu_node_free_slots{node_id="ND_b"} 0',
      'gomeet_exporter_source_age_seconds{source="redis"} 1',
      '',
    ].join('\n');

  async function answer(request: IncomingMessage): Promise<string> {
    const body = await text(request);
    if (request.url === '/metrics') return metrics();
    if (request.url === '/alertmanager') {
      authorizations.add(request.headers.authorization);
      const parsed = webhook.parse(JSON.parse(body));
      truncated += parsed.truncatedAlerts;
      toResponder.push(...parsed.alerts);
    }
    if (request.url === '/slack') toSlack.push(body);
    if (request.url === '/heartbeat') heartbeats += 1;
    return 'ok';
  }

  const server = createServer((request, response) => {
    // Prometheus 3 refuses metrics without a content type.
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    answer(request).then(
      (body) => response.end(body),
      () => response.writeHead(500).end(),
    );
  });

  async function until(what: string, done: () => boolean): Promise<void> {
    const deadlineMs = Date.now() + 180_000;
    while (!done()) {
      assert.ok(
        Date.now() < deadlineMs,
        `${what} did not happen; delivered: ${JSON.stringify(toResponder.map(({ status, labels }) => [status, labels['alertname'], labels['node_id']]))}`,
      );
      await delay(100);
    }
  }

  const delivered = (alertname: string, node: string | undefined, status: string) =>
    toResponder.find(
      (alert) => alert.status === status && alert.labels['alertname'] === alertname && alert.labels['node_id'] === node,
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-delivery-'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    assert.ok(typeof bound === 'object' && bound !== null);
    const here = `127.0.0.1:${bound.port}`;
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const alertmanager = await startAlertmanager({
      folder: join(folder, 'alertmanager'),
      config: alertmanagerConfig({
        responderUrl: `http://${here}/alertmanager`,
        webhookTokenFile: await file('token', token),
        people: { slack: { webhookUrlFile: await file('slack', `http://${here}/slack`), channel: '#gomeet-alerts' } },
        ...(knowsUrlFile() ? { heartbeatUrlFile: await file('heartbeat', `http://${here}/heartbeat`) } : {}),
        factor,
      }),
    });
    peers.push(alertmanager);
    alertmanagerUrl = alertmanager.url;
    const prometheus = await startPrometheus({
      folder: join(folder, 'prometheus'),
      config: prometheusConfig({
        discovery: {
          kind: 'static',
          targets: { 'livekit-exporter': [{ targets: [here] }] },
          alertmanagers: [alertmanager.address],
        },
        ruleFiles: ['rules.yaml'],
        factor,
      }),
      rules: {
        groups: ruleGroups({
          factor,
          alerts: alerts.map((alert) => compress(alert, factor)),
          recordings: Object.fromEntries(
            Object.entries(recordingGroups).map(([name, rules]) => [
              name,
              rules.map((rule) => compressRecording(rule, factor)),
            ]),
          ),
        }),
      },
      resend: '1s',
    });
    peers.push(prometheus);
  });

  after(async () => {
    for (const peer of peers.toReversed()) await peer.stop();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('brings what fires to the responder with every label, its page, and the token', async () => {
    await until('SfuNodeLost', () => delivered('SfuNodeLost', 'ND_a', 'firing') !== undefined);
    await until('SfuSaturated', () => delivered('SfuSaturated', 'ND_b', 'firing') !== undefined);
    await until('SfuHeadroomLow', () => delivered('SfuHeadroomLow', undefined, 'firing') !== undefined);
    const saturated = delivered('SfuSaturated', 'ND_b', 'firing');
    assert.deepEqual(saturated?.labels, {
      alertname: 'SfuSaturated',
      cluster: 'gomeet',
      node_id: 'ND_b',
      owner: 'media',
      service: 'livekit-sfu',
      severity: 'critical',
    });
    assert.equal(saturated?.annotations['runbook_url'], 'https://runbooks.gomeet.com/SfuSaturated');
    assert.deepEqual([...authorizations], [`Bearer ${token}`]);
    assert.equal(truncated, 0);
  });

  it('keeps the load of a lost node to itself, as inhibited, and says so', async () => {
    const listed = listedAlerts.parse(await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).json());
    const inhibited = listed
      .filter(({ labels }) => labels['alertname'] === 'SfuSaturated')
      .map(({ labels, status }) => [labels['node_id'], status.inhibitedBy.length]);
    assert.deepEqual(inhibited.sort(), [
      ['ND_a', 1],
      ['ND_b', 0],
    ]);
    assert.equal(delivered('SfuSaturated', 'ND_a', 'firing'), undefined);
  });

  it('tells people of critical alerts past the responder, and of nothing else', async () => {
    await until('Slack', () => toSlack.some((body) => body.includes('SfuSaturated')));
    assert.ok(toSlack.every((body) => !body.includes('SfuHeadroomLow') && !body.includes('Watchdog')));
    assert.ok(toSlack.every((body) => !body.includes(token)));
  });

  it('never tells the responder of Watchdog', () => {
    assert.ok(toResponder.every(({ labels }) => labels['alertname'] !== 'Watchdog'));
  });

  it('calls the heartbeat for it', async (t) => {
    if (knowsUrlFile()) await until('heartbeat', () => heartbeats > 0);
    else t.skip('this Alertmanager is older than 0.26');
  });

  it('tells the responder of the end, and then of what was inhibited', async () => {
    lost = 0;
    await until('the end of SfuNodeLost', () => delivered('SfuNodeLost', 'ND_a', 'resolved') !== undefined);
    await until('SfuSaturated of that node', () => delivered('SfuSaturated', 'ND_a', 'firing') !== undefined);
  });

  it('mutes the pods of a machine that is away, and the services of a region that is, and nothing beside', async () => {
    const post = (labels: Readonly<Record<string, string>>) => ({ labels: { cluster: 'elsewhere', ...labels } });
    const sent = await fetch(`${alertmanagerUrl}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        post({ alertname: 'NodeNotReady', node: 'n1' }),
        post({ alertname: 'PodStuckTerminating', node: 'n1', service: 'auth-service' }),
        post({ alertname: 'PodStuckTerminating', node: 'n2', service: 'auth-service' }),
        post({ alertname: 'PodStuckTerminating', service: 'chat-service' }),
        post({ alertname: 'RegionOutage', cluster: 'away' }),
        post({ alertname: 'ServiceHasNoReplicas', cluster: 'away', service: 'auth-service' }),
        post({ alertname: 'ServiceHasNoReplicas', cluster: 'elsewhere', service: 'auth-service' }),
        post({ alertname: 'BackupMissing', cluster: 'away' }),
      ]),
    });
    assert.ok(sent.ok);
    const muted = async () =>
      listedAlerts
        .parse(await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).json())
        .filter(({ labels, status }) => labels['cluster'] !== 'gomeet' && status.inhibitedBy.length > 0)
        .map(({ labels }) => [labels['alertname'], labels['node'] ?? labels['cluster']].join(' '))
        .sort();
    const wanted = ['PodStuckTerminating n1', 'ServiceHasNoReplicas away'];
    let now = await muted();
    while (now.length < wanted.length) {
      await delay(100);
      now = await muted();
    }
    assert.deepEqual(now, wanted);
  });
});
