import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { z } from 'zod';
import {
  type AlertmanagerOptions,
  alertmanagerConfig,
  deployedAlertmanager,
  inhibitions,
} from '../../alerts/alertmanager.ts';
import { alerts } from '../../alerts/index.ts';
import { owners } from '../../alerts/vocabulary.ts';
import { needTool } from '../support/need-tool.ts';

/** `url_file` of a webhook came with Alertmanager 0.26; all else is as deployed. */
const { heartbeatUrlFile: _, ...withoutHeartbeat } = deployedAlertmanager;

async function amtool(
  tool: string,
  options: AlertmanagerOptions,
  args: (file: string) => readonly string[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-alertmanager-'));
  const file = join(folder, 'alertmanager.yaml');
  try {
    await writeFile(file, stringify(alertmanagerConfig(options)));
    const { stdout } = await promisify(execFile)(tool, [...args(file)]);
    return stdout;
  } catch (error) {
    throw new Error(
      error instanceof Error && 'stdout' in error
        ? `${error.stdout}${'stderr' in error ? error.stderr : ''}`
        : String(error),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('amtool accepts the deployed configuration', async (t) => {
  const tool = needTool(t, 'amtool');
  if (tool === undefined) return;
  const check = (options: AlertmanagerOptions) => amtool(tool, options, (file) => ['check-config', file]);
  const deployed = await check(deployedAlertmanager).catch((error: unknown) => String(error));
  // Debian's amtool is 0.25: there all but the heartbeat is checked.
  if (!deployed.includes('field url_file not found')) assert.match(deployed, /SUCCESS/);
  else assert.match(await check(withoutHeartbeat), /SUCCESS/);
});

test('amtool accepts the configuration without people and heartbeat, as the lab has it', async (t) => {
  const tool = needTool(t, 'amtool');
  if (tool === undefined) return;
  const lab = { responderUrl: 'http://127.0.0.1:9480/alertmanager', webhookTokenFile: '/tmp/token', factor: 30 };
  assert.match(await amtool(tool, lab, (file) => ['check-config', file]), /SUCCESS/);
});

test('amtool refuses a receiver that no route can reach by name, so these tests can fail', async (t) => {
  const tool = needTool(t, 'amtool');
  if (tool === undefined) return;
  await assert.rejects(
    amtool(tool, { ...withoutHeartbeat, responderUrl: 'not a url' }, (file) => ['check-config', file]),
    /FAILED/,
  );
});

for (const alert of alerts) {
  const receivers =
    alert.name === 'Watchdog'
      ? 'heartbeat'
      : alert.severity === 'critical'
        ? `people-${alert.owner},responder`
        : 'responder';
  test(`${alert.name} goes to ${receivers}`, async (t) => {
    const tool = needTool(t, 'amtool');
    if (tool === undefined) return;
    const labels = [
      `alertname=${alert.name}`,
      `severity=${alert.severity}`,
      `owner=${alert.owner}`,
      `service=${alert.labels?.['service'] ?? 'auth-service'}`,
    ];
    const stdout = await amtool(tool, withoutHeartbeat, (file) => [
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      ...labels,
    ]);
    assert.equal(stdout.trim(), receivers);
  });
}

test('an alert that nobody wrote goes to the responder, and to people if it is critical', async (t) => {
  const tool = needTool(t, 'amtool');
  if (tool === undefined) return;
  const route = (severity: string) =>
    amtool(tool, withoutHeartbeat, (file) => [
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      'alertname=FromElsewhere',
      `severity=${severity}`,
    ]);
  assert.equal((await route('critical')).trim(), 'people,responder');
  assert.equal((await route('page')).trim(), 'responder');
});

test('the responder gets every alert of a group and its end, and no secret stands in the configuration', () => {
  const text = JSON.stringify(alertmanagerConfig(deployedAlertmanager));
  assert.match(text, /"send_resolved":true,"max_alerts":0/);
  assert.doesNotMatch(text, /hooks\.slack\.com|"credentials":|"auth_password":|"api_url":/);
});

const Config = z.object({
  route: z.object({ group_by: z.array(z.string()) }),
  receivers: z.array(
    z.object({
      name: z.string(),
      webhook_configs: z.array(z.object({ url: z.string().optional(), url_file: z.string().optional() })).optional(),
      slack_configs: z.array(z.object({ channel: z.string() })).optional(),
      email_configs: z.array(z.object({ to: z.string() })).optional(),
    }),
  ),
});

test('alerts of one kind and service are one message; critical ones reach Slack and e-mail past the responder, their owner too, and the pulse an address outside', () => {
  const { route, receivers } = Config.parse(alertmanagerConfig(deployedAlertmanager));
  assert.deepEqual(route.group_by, ['alertname', 'service']);
  const named = new Map(receivers.map((receiver) => [receiver.name, receiver]));
  assert.deepEqual(named.get('responder')?.webhook_configs?.[0]?.url, 'http://responder:9480/alertmanager');
  assert.match(named.get('heartbeat')?.webhook_configs?.[0]?.url_file ?? '', /HEARTBEAT_URL$/);
  for (const owner of ['', ...owners]) {
    const people = named.get(owner === '' ? 'people' : `people-${owner}`);
    assert.equal(people?.slack_configs?.[0]?.channel, '#gomeet-alerts', owner);
    const to = people?.email_configs?.[0]?.to.split(', ');
    assert.deepEqual(to, owner === '' ? ['oncall@gomeet.com'] : ['oncall@gomeet.com', `${owner}@gomeet.com`]);
  }
  assert.equal(receivers.length, 3 + owners.length);
});

test('a machine that is away mutes what is said of it and its pods, a region that is away what is said of its services', () => {
  const mutedBy = (name: string) =>
    inhibitions.filter(({ source }) => source.name === name).flatMap(({ targets }) => targets.map((one) => one.name));
  assert.ok(mutedBy('NodeNotReady').includes('PodStuckTerminating'));
  assert.ok(mutedBy('SfuNodeLost').includes('SfuSaturated'));
  const services = ['ServiceHasNoReplicas', 'ServiceCrashLooping', 'HighErrorRate', 'HighErrorRateCritical'];
  const ofMedia = ['MediaQualityDegraded', 'PacketLossHigh', 'JoinSuccessBurnsFast', 'ApiAvailabilityBurnsFast'];
  for (const name of [...services, ...ofMedia, 'HighResponseTime', 'AddressUnreachable', 'TargetDown', 'NodeNotReady'])
    assert.ok(mutedBy('RegionOutage').includes(name), name);
});

test('nothing mutes itself, what mutes and what is muted both bear the labels that must agree, and no alert is muted by what it mutes', () => {
  assert.deepEqual(
    inhibitions.map(({ source, equal }) => [source.name, ...equal]),
    [
      ['SfuNodeLost', 'node_id'],
      ['SfuSaturated', 'node_id'],
      ['NodeNotReady', 'node'],
      ['RegionOutage', 'cluster'],
    ],
  );
  for (const { source, targets, equal } of inhibitions)
    for (const target of targets) {
      assert.notEqual(source, target);
      const back = inhibitions.some((other) => other.source === target && other.targets.includes(source));
      assert.ok(!back, `${source.name} and ${target.name} mute each other`);
      // Labels that both lack are equal to Alertmanager: an alert without node_id would mute the whole fleet's. Prometheus adds `cluster` to each.
      for (const label of equal.filter((one) => one !== 'cluster'))
        for (const { expr, name } of [source, target])
          assert.match(expr, new RegExp(`\\b${label}\\b`), `${name} yields no ${label}`);
    }
});

test('what is not about services and machines is heard in an outage of the region too', () => {
  const muted = new Set(inhibitions.flatMap(({ targets }) => targets));
  for (const { name, group } of alerts.filter((alert) => muted.has(alert)))
    assert.ok(!['cost', 'security'].includes(group), name);
  for (const name of ['Watchdog', 'BackupMissing', 'ManagedDatabaseOffline', 'ResponderMissing'])
    assert.ok(![...muted].some((alert) => alert.name === name), name);
});
