import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { jobs, scrapes } from '../../alerts/jobs.ts';
import { prometheusConfig } from '../../alerts/prometheus.ts';
import { workloadNamed } from '../../manifests/catalogue/index.ts';
import { needTool } from '../support/need-tool.ts';

async function check(promtool: string, config: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-prometheus-'));
  try {
    await writeFile(join(folder, 'prometheus.yaml'), stringify(config));
    const { stdout } = await promisify(execFile)(promtool, [
      'check',
      'config',
      '--syntax-only',
      join(folder, 'prometheus.yaml'),
    ]);
    return stdout;
  } catch (error) {
    throw new Error(error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lab = prometheusConfig({
  discovery: {
    kind: 'static',
    targets: {
      livekit: [{ targets: ['127.0.0.1:6789'], labels: { pod: 'livekit-sfu-a' } }],
      'kube-state-metrics': [{ targets: ['127.0.0.1:8080'] }],
    },
    alertmanagers: ['127.0.0.1:9093'],
  },
  ruleFiles: [],
  factor: 15,
});

test('promtool accepts the configuration with fixed addresses', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool !== undefined) assert.match(await check(promtool, lab), /SUCCESS/);
});

test('promtool accepts the configuration for a cluster', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const config = prometheusConfig({ discovery: { kind: 'kubernetes' }, ruleFiles: [] });
  const known = await check(promtool, config).catch((error: unknown) => String(error));
  // Debian builds its Prometheus without Kubernetes: there all but the discovery itself is checked.
  if (!known.includes('field kubernetes_sd_configs not found')) assert.match(known, /SUCCESS/);
  else assert.match(await check(promtool, withoutDiscovery(config)), /SUCCESS/);
});

function withoutDiscovery(config: unknown): unknown {
  return JSON.parse(JSON.stringify(config, (key, value) => (key === 'kubernetes_sd_configs' ? undefined : value)));
}

test('promtool refuses a configuration with a misspelt field, so these tests can fail', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool !== undefined) await assert.rejects(check(promtool, { ...lab, scrape_confgs: [] }), /scrape_confgs/);
});

const cluster = prometheusConfig({ discovery: { kind: 'kubernetes', namespace: 'staging' }, ruleFiles: ['a.yaml'] });

function scrapeOf(job: string) {
  const all = cluster['scrape_configs'];
  assert.ok(Array.isArray(all));
  const found = all.find(({ job_name }) => job_name === job);
  assert.ok(found, job);
  return found;
}

test('in a cluster there is one job for each of ours, and each finds its pods by app and metrics port', () => {
  assert.ok(Array.isArray(cluster['scrape_configs']));
  assert.deepEqual(
    cluster['scrape_configs'].map(({ job_name }) => job_name),
    Object.values(jobs),
  );
  for (const [job, scrape] of Object.entries(scrapes)) {
    const config = scrapeOf(job);
    assert.equal(config.honor_labels, /^(kube-state-metrics|kubelet|cadvisor)$/.test(job) ? true : undefined, job);
    if (scrape.kind !== 'pods') continue;
    const ports = scrape.of.map(({ name, ports }) => `${name};${ports.find(({ name }) => name === 'metrics')?.port}`);
    assert.equal(config.relabel_configs[0].regex, ports.join('|'));
    assert.deepEqual(config.kubernetes_sd_configs[0].namespaces.names, [scrape.of[0]?.namespace ?? 'staging']);
  }
});

test('the names of today are stored under the standard ones, and the series of a machine bear its name', () => {
  assert.deepEqual(
    scrapeOf('services').metric_relabel_configs,
    [
      ['gomeet_http_requests_total', 'http_requests_total'],
      ['gomeet_websocket_connections_total', 'websocket_connections_total'],
    ].map(([regex, replacement]) => ({
      action: 'replace',
      source_labels: ['__name__'],
      regex,
      target_label: '__name__',
      replacement,
    })),
  );
  assert.equal(scrapeOf('node-exporter').relabel_configs.at(-1).target_label, 'node');
  assert.equal(scrapeOf('traefik').relabel_configs.at(-1).target_label, 'kubernetes_node');
});

test('addresses are asked through the prober, each as the instance and with the service that it belongs to', () => {
  const blackbox = scrapeOf('blackbox');
  assert.equal(blackbox.relabel_configs.at(-1).replacement, 'blackbox-exporter:9115');
  for (const { targets, labels } of blackbox.static_configs) {
    assert.match(targets[0], /^https:/);
    assert.ok(workloadNamed(labels.service), labels.service);
  }
});

test('a job without addresses is left out, and a factor divides the intervals', () => {
  const scrapes = lab['scrape_configs'];
  assert.ok(Array.isArray(scrapes));
  assert.deepEqual(
    scrapes.map((scrape) => scrape.job_name),
    ['livekit', 'kube-state-metrics'],
  );
  assert.deepEqual(lab['global'], {
    scrape_interval: '1s',
    scrape_timeout: '1s',
    evaluation_interval: '1s',
    external_labels: { cluster: 'gomeet' },
  });
});
