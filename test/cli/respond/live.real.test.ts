import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { grantResponder } from '../../../lab/cluster/access.ts';
import { connectApi, createAll, type LabApi, serviceAccountToken } from '../../../lab/cluster/api.ts';
import { startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { namespaceObject } from '../../../lab/cluster/objects.ts';
import { startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { startFakeSlack } from '../../../lab/fakes/slack.ts';
import { startLiveKit } from '../../../lab/peers/livekit.ts';
import { freeTcpPort } from '../../../lab/peers/ports.ts';
import { startAlertmanager, startPrometheus } from '../../../lab/peers/prometheus.ts';
import { startRedis } from '../../../lab/peers/redis.ts';
import { testDatabase } from '../../support/database.ts';
import { waitFor } from '../../support/rig.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { operatorCases } from './live-operators.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const tools = ['etcd', 'kube-apiserver', 'redis-server', 'livekit-server', 'prometheus', 'alertmanager'];
const secrets = {
  WEBHOOK_TOKEN: 'live-webhook-token-000',
  LIVEKIT_API_SECRET: 'live-livekit-secret-0123456789abcdef',
  SLACK_BOT_TOKEN: 'xoxb-live-test',
  DIGITALOCEAN_TOKEN: 'dop_v1_live_test',
  CONSOLE_TOKENS: 'ana=live-console-token-0',
};

describe('the commands as they are deployed, each peer reached by its setting alone', {
  skip: skipWithout(...tools),
}, () => {
  const stack = new AsyncDisposableStack();
  let env: Record<string, string>;
  let responder: ChildProcess;
  let output = '';
  let folder = '';
  let api: LabApi;
  const kubeconfigs = { ana: '', bob: '', admin: '' };

  const run = async (...args: string[]) => {
    const result = await promisify(execFile)(process.execPath, [gomeet, ...args], {
      env: { ...process.env, ...env },
    }).catch((error: { stdout: string; stderr: string; code: number }) => ({
      stdout: error.stdout,
      stderr: error.stderr,
      code: error.code,
    }));
    output += result.stdout + result.stderr;
    return { code: 0, ...result };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-live-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const [listen, console] = [await freeTcpPort(), await freeTcpPort()];
    const plane = await startControlPlane({ controllers: true, namespace: 'gomeet' });
    stack.defer(() => plane.stop());
    api = connectApi(plane.kubeconfig);
    await createAll(api, [namespaceObject('gomeet')]);
    const kubeconfig = await grantResponder(plane, api, 'gomeet');
    await api.core.createNamespacedServiceAccount({ namespace: 'gomeet', body: { metadata: { name: 'bob' } } });
    const bob = await serviceAccountToken(api, { namespace: 'gomeet', name: 'bob' });
    Object.assign(kubeconfigs, { ana: kubeconfig, bob: plane.kubeconfigFor('bob', bob), admin: plane.kubeconfig });
    const redis = await startRedis();
    stack.defer(() => redis.stop());
    const livekit = await startLiveKit({ redisPort: redis.port, keys: { live: secrets.LIVEKIT_API_SECRET } });
    stack.defer(() => livekit.stop());
    const prometheus = await startPrometheus({
      folder: join(folder, 'prometheus'),
      config: { global: { scrape_interval: '15s' } },
      rules: { groups: [] },
    });
    stack.defer(() => prometheus.stop());
    const alertmanager = await startAlertmanager({
      folder: join(folder, 'alertmanager'),
      config: {
        route: {
          receiver: 'responder',
          group_wait: '0s',
          group_interval: '1s',
          repeat_interval: '1m',
          group_by: ['...'],
        },
        receivers: [
          {
            name: 'responder',
            webhook_configs: [
              {
                url: `http://127.0.0.1:${listen}/alertmanager`,
                max_alerts: 0,
                http_config: { authorization: { credentials: secrets.WEBHOOK_TOKEN } },
              },
            ],
          },
        ],
      },
    });
    stack.defer(() => alertmanager.stop());
    const digitalocean = await startDigitalOceanFake({
      token: secrets.DIGITALOCEAN_TOKEN,
      clusters: [],
      dropletLimit: 25,
      monthToDateUsd: 10,
    });
    stack.defer(() => digitalocean.stop());
    const slack = await startFakeSlack({ channels: { 'gomeet-alerts': 'C0LIVE' } });
    stack.defer(() => slack.close());
    const people = join(folder, 'people.yaml');
    const account = (name: string) => `'cli:system:serviceaccount:gomeet:${name}'`;
    await writeFile(
      people,
      `people:
  - { name: Ana, subjects: [console:ana, slack:T0/U1, ${account('responder')}], roles: [approve] }
  - { name: Bob, subjects: [${account('bob')}], roles: [approve] }
`,
    );
    env = {
      ...secrets,
      DATABASE_URL: await testDatabase(),
      KUBECONFIG: kubeconfig,
      PROMETHEUS_URL: prometheus.url,
      ALERTMANAGER_URL: alertmanager.url,
      LIVEKIT_URL: livekit.url,
      LIVEKIT_API_KEY: 'live',
      REDIS_URL: redis.url,
      SLACK_API_URL: slack.apiUrl,
      DIGITALOCEAN_API_URL: digitalocean.url,
      PEOPLE_FILE: people,
      LISTEN_ADDR: `127.0.0.1:${listen}`,
      CONSOLE_ADDR: `127.0.0.1:${console}`,
    };
    responder = spawn(process.execPath, [gomeet, 'responder'], { env: { ...process.env, ...env } });
    for (const stream of [responder.stdout, responder.stderr])
      stream?.on('data', (text: Buffer) => (output += text.toString()));
    stack.defer(async () => {
      if (responder.exitCode !== null || responder.signalCode !== null) return;
      const gone = once(responder, 'exit');
      responder.kill('SIGTERM');
      await gone;
    });
    await waitFor(
      async () => (await fetch(`http://127.0.0.1:${listen}/readyz`).catch(() => undefined))?.ok === true,
      `the responder to be ready\n${output}`,
    );
  });
  after(() => stack.disposeAsync());

  it('doctor finds every peer reachable and every permission there', async () => {
    const { code, stdout } = await run('doctor', '--json');
    const findings = JSON.parse(stdout) as { check: string; verdict: string; says: string }[];
    assert.deepEqual(
      findings.filter(({ verdict }) => verdict !== 'ok'),
      [],
    );
    assert.equal(code, 0);
  });

  it('doctor names what is wrong with a wrong token, and fails', async () => {
    const kept = env;
    env = { ...env, DIGITALOCEAN_TOKEN: 'dop_v1_wrong' };
    const { code, stdout } = await run('doctor');
    env = kept;
    assert.equal(code, 1);
    assert.match(stdout, /✗.*digitalocean.*unauthorized/);
    assert.doesNotMatch(stdout, /dop_v1_wrong/);
  });

  it('a test alert goes through Alertmanager to the journal and the thread, and is cleaned up', async () => {
    const { code, stdout, stderr } = await run('--json', 'test-alert');
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      (JSON.parse(stdout) as { step: string }[]).map(({ step }) => step),
      [
        'Alertmanager took the alert',
        'the responder has it in its journal',
        'the thread is there',
        'resolved and cleaned up',
      ],
    );
  });

  it('a freeze from the command line is in force, under the name that the cluster knows', async () => {
    assert.equal((await run('freeze', '1h', 'a launch')).code, 0);
    assert.match((await run('status')).stdout, /frozen by cli:system:serviceaccount:gomeet:responder: a launch/);
    assert.equal((await run('freeze', '--end')).code, 0);
    assert.doesNotMatch((await run('status')).stdout, /frozen/);
  });

  it('wrong usage is told in a line and exits 2', async () => {
    for (const args of [
      ['freeze'],
      ['mode', 'NoSuchAlert', 'auto', '--reason', 'x'],
      ['explain', 'nothing'],
      ['incident', 'close', 'nothing'],
    ]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });

  operatorCases({
    folder: () => folder,
    api: () => api,
    async run(person, args, { alone, cwd, until } = {}) {
      const { DATABASE_URL, ...rest } = env;
      const settings = { ...rest, KUBECONFIG: kubeconfigs[person], ...(alone ? {} : { DATABASE_URL }) };
      const child = spawn(process.execPath, [gomeet, ...args], { env: { ...process.env, ...settings }, cwd });
      const said = { stdout: '', stderr: '' };
      child.stdout.on('data', (text: Buffer) => {
        said.stdout += text.toString();
        if (until?.(said.stdout)) child.kill('SIGINT');
      });
      child.stderr.on('data', (text: Buffer) => (said.stderr += text.toString()));
      const [code] = await once(child, 'close');
      output += said.stdout + said.stderr;
      return { code: typeof code === 'number' ? code : -1, ...said };
    },
  });

  it('no secret is in any output', () => {
    for (const secret of Object.values(secrets)) assert.ok(!output.includes(secret.replace(/^ana=/, '')));
  });

  it('ends on SIGTERM with exit code 0', async () => {
    const gone = once(responder, 'exit');
    responder.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
  });
});
