import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { jobs, jobWorkloads } from '../../alerts/jobs.ts';
import { prometheusConfig } from '../../alerts/prometheus.ts';
import { needTool } from '../support/need-tool.ts';

async function check(promtool: string, config: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-prometheus-'));
  try {
    await writeFile(join(folder, 'prometheus.yaml'), stringify(config));
    const { stdout } = await promisify(execFile)(promtool, ['check', 'config', join(folder, 'prometheus.yaml')]);
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

test('in a cluster there is one job for each of ours, and each finds its pods by app and metrics port', () => {
  const config = prometheusConfig({ discovery: { kind: 'kubernetes', namespace: 'staging' }, ruleFiles: ['a.yaml'] });
  const scrapes = config['scrape_configs'];
  assert.ok(Array.isArray(scrapes));
  assert.deepEqual(
    scrapes.map((scrape) => scrape.job_name),
    Object.values(jobs),
  );
  for (const scrape of scrapes) {
    const workload = Object.entries(jobWorkloads).find(([job]) => job === scrape.job_name)?.[1];
    const port = workload?.ports.find(({ name }) => name === 'metrics')?.port;
    assert.equal(scrape.relabel_configs[0].regex, `${workload?.name};${port}`);
    assert.deepEqual(scrape.kubernetes_sd_configs[0].namespaces.names, ['staging']);
    assert.equal(scrape.honor_labels, scrape.job_name === 'kube-state-metrics' ? true : undefined);
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
