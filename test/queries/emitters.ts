import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessToken } from 'livekit-server-sdk';
import { type Job, jobs } from '../../alerts/jobs.ts';
import type { StaticTargets } from '../../alerts/prometheus.ts';
import { startLiveKitExporter } from '../../exporters/livekit/main.ts';
import { createLiveKitSource, createWebhookVerifier } from '../../exporters/livekit/source.ts';
import { startProbe } from '../../exporters/probe/main.ts';
import { createMeetingTrial } from '../../exporters/probe/source.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { closeParticipants, join as joinMeeting } from '../../lab/cluster/participants.ts';
import { startFakeSlack } from '../../lab/fakes/slack.ts';
import { startLiveKit } from '../../lab/peers/livekit.ts';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { endPeer, startPeer, untilReady } from '../../lab/peers/process.ts';
import { startAlertmanager } from '../../lab/peers/prometheus.ts';
import { startRedis } from '../../lab/peers/redis.ts';
import { createSlackChat } from '../../responders/adapters/slack.ts';
import { startStage } from '../exporters/digitalocean/stage.ts';
import { testDatabase } from '../support/database.ts';
import { startRig } from '../support/rig.ts';
import { serveText } from './exposition.ts';

/** Targets of a job that run while the proof does. */
export type Live = Partial<Record<Job, StaticTargets[]>>;

/** Everything that runs. */
export interface Emitters {
  readonly live: Live;
  readonly alertmanagerUrl: string;
  /** Lets things happen, again and again: what happened before anybody looked is no increase. */
  stir(): Promise<void>;
}

/** Nobody listens where it delivers to. */
const alertmanagerConfig = {
  route: { receiver: 'nobody', group_wait: '1s', group_interval: '1s', repeat_interval: '2s' },
  receivers: [{ name: 'nobody', webhook_configs: [{ url: 'http://127.0.0.1:9/', timeout: '1s' }] }],
};

const key = { name: 'devkey', secret: 'a secret of at least 32 characters' };
const pod = (service: string) => ({ namespace: 'gomeet', pod: `${service}-0` });

/** Starts every emitter that can be had; all of them stop with the stack. */
export async function startEmitters(folder: string, stack: AsyncDisposableStack): Promise<Emitters> {
  const plane = await startControlPlane();
  stack.defer(() => plane.stop());
  const [meeting, alertmanager, exporters, own, api] = await Promise.all([
    meetings(stack),
    startAlertmanager({
      folder: join(folder, 'alertmanager'),
      config: alertmanagerConfig,
    }),
    debianExporters(folder, plane, stack),
    ownExporters(stack),
    apiServer(plane, stack),
  ]);
  stack.defer(() => alertmanager.stop());
  const { stir, ...ours } = own;
  return {
    live: {
      ...meeting,
      ...exporters,
      ...ours,
      ...api,
      [jobs.alertmanager]: [{ targets: [alertmanager.address], labels: pod('alertmanager') }],
    },
    alertmanagerUrl: alertmanager.url,
    stir,
  };
}
/** A real LiveKit with a meeting in which two publish, our exporter beside it, and the probe at its door. */
async function meetings(stack: AsyncDisposableStack): Promise<Live> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const exporterPort = await freeTcpPort();
  const livekit = await startLiveKit({
    redisPort: redis.port,
    keys: { [key.name]: key.secret },
    webhookUrls: [`http://127.0.0.1:${exporterPort}/livekit/webhook`],
  });
  stack.defer(() => livekit.kill());
  stack.defer(() => closeParticipants());
  const keys = { apiKey: key.name, apiSecret: key.secret };
  const exporter = await startLiveKitExporter({
    source: createLiveKitSource({ url: livekit.url, ...keys, redisUrl: redis.url }),
    verifyWebhook: createWebhookVerifier(keys),
    address: { host: '127.0.0.1', port: exporterPort },
    log: silentLog,
    intervalMs: 1_000,
  });
  stack.defer(() => exporter.close());
  const forging = setInterval(
    () =>
      void fetch(`http://127.0.0.1:${exporterPort}/livekit/webhook`, { method: 'POST', body: '{}' }).catch(
        () => undefined,
      ),
    2_000,
  );
  stack.defer(() => clearInterval(forging));
  for (const identity of ['alice', 'bob']) {
    const guest = await joinMeeting({ wsUrl: livekit.wsUrl, key, room: 'standup', identity, publish: true });
    stack.defer(() => guest.leave());
  }
  await failedJoins(livekit.wsUrl, stack);
  const tryMeeting = createMeetingTrial({
    url: livekit.wsUrl,
    ...keys,
    stageTimeoutMs: 20_000,
    mediaMs: 2_000,
    clock: systemClock,
  });
  const probe = await startProbe({
    tryMeeting,
    address: { host: '127.0.0.1', port: 0 },
    intervalMs: 4_000,
    clock: systemClock,
    log: silentLog,
  });
  stack.defer(() => probe.close());
  const redisExporter = await exporterOf('redis', ['--redis.addr', redis.url], '--web.listen-address', stack);
  return {
    [jobs.livekit]: [{ targets: [`127.0.0.1:${livekit.metricsPort}`], labels: pod('livekit-sfu') }],
    [jobs.livekitExporter]: [{ targets: [`127.0.0.1:${exporter.port}`], labels: pod('livekit-exporter') }],
    [jobs.probe]: [{ targets: [`127.0.0.1:${probe.port}`], labels: pod('meeting-probe') }],
    [jobs.redis]: [{ targets: [redisExporter], labels: pod('redis-exporter') }],
  };
}

/** Two whose joins fail, every other second: one is let in and never connects its media, the other asks for a room that no token opens. */
async function failedJoins(url: string, stack: AsyncDisposableStack): Promise<void> {
  const signalling = async (identity: string, room: string | undefined) => {
    const access = new AccessToken(key.name, key.secret, { identity, ttl: '1h' });
    access.addGrant({ roomJoin: true, ...(room === undefined ? {} : { room }) });
    const authorization = `Bearer ${await access.toJwt()}`;
    const socket = new WebSocket(`${url}/rtc?protocol=15&sdk=js&version=2.0.0`, { headers: { authorization } });
    socket.addEventListener('error', () => undefined);
    return socket;
  };
  let round = 0;
  const fail = async () => {
    round += 1;
    const left = await signalling(`late-${round}`, 'standup');
    await signalling(`lost-${round}`, undefined);
    // One that leaves at once, or says goodbye, counts as called off.
    await delay(6_000, undefined, { ref: false });
    left.close();
  };
  void fail();
  const failing = setInterval(() => void fail(), 4_000);
  stack.defer(() => clearInterval(failing));
}

/** Debian's exporters against their real servers. */
async function debianExporters(folder: string, plane: ControlPlane, stack: AsyncDisposableStack): Promise<Live> {
  const database = await testDatabase();
  const config = join(folder, 'blackbox.yaml');
  await writeFile(
    config,
    'modules: { http_2xx: { prober: http, http: { valid_status_codes: [200, 401, 403], tls_config: { insecure_skip_verify: true } } } }\n',
  );
  const [postgres, node, blackbox] = await Promise.all([
    exporterOf('postgres', [], '--web.listen-address', stack, { DATA_SOURCE_NAME: `${database}?sslmode=disable` }),
    exporterOf('node', [], '--web.listen-address', stack),
    exporterOf('blackbox', [`--config.file=${config}`], '--web.listen-address', stack),
  ]);
  const probed = await serveText(async () => {
    const query = new URLSearchParams({ module: 'http_2xx', target: `${plane.url}/readyz` });
    return await (await fetch(`http://${blackbox}/probe?${query}`)).text();
  }, stack);
  return {
    [jobs.postgres]: [{ targets: [postgres], labels: pod('postgres-exporter') }],
    [jobs.nodes]: [{ targets: [node], labels: { ...pod('node-exporter'), node: 'here' } }],
    [jobs.blackbox]: [{ targets: [probed], labels: { service: 'frontend' } }],
  };
}

async function exporterOf(
  of: string,
  args: readonly string[],
  listen: string,
  stack: AsyncDisposableStack,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const address = `127.0.0.1:${await freeTcpPort()}`;
  const peer = startPeer(`prometheus-${of}-exporter`, [...args, `${listen}=${address}`], env);
  stack.defer(async () => void (await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 2_000 }])));
  await untilReady(peer, `prometheus-${of}-exporter`, async () => (await fetch(`http://${address}/metrics`)).ok);
  return address;
}

/** The API server's own metrics, which it shows to those it knows; meanwhile somebody asks for a pod that runs as anybody, which the policy of its namespace warns of. */
async function apiServer(plane: ControlPlane, stack: AsyncDisposableStack): Promise<Live> {
  const ca = readFileSync(plane.caFile);
  const ask = async (path: string, body?: object): Promise<string> => {
    const asking = request(`${plane.url}${path}`, {
      ca,
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${plane.adminToken}`, 'content-type': 'application/json' },
    }).end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await once(asking, 'response');
    return await text(answer);
  };
  const labels = Object.fromEntries(
    ['warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
  );
  await ask('/api/v1/namespaces', { metadata: { name: 'watched', labels } });
  await ask('/api/v1/namespaces/watched/serviceaccounts', { metadata: { name: 'default' } });
  const container = { name: 'one', image: 'busybox' };
  const pod = { metadata: { generateName: 'anybody-' }, spec: { containers: [container] } };
  const offending = setInterval(
    () => void ask('/api/v1/namespaces/watched/pods?dryRun=All', pod).catch(() => undefined),
    2_000,
  );
  stack.defer(() => clearInterval(offending));
  const bridge = await serveText(() => ask('/metrics'), stack);
  return { [jobs.apiServer]: [{ targets: [bridge] }] };
}

/** Our DigitalOcean exporter before the fake account, and a responder with something to do. */
async function ownExporters(stack: AsyncDisposableStack): Promise<Live & Pick<Emitters, 'stir'>> {
  const stage = await startStage();
  stack.defer(() => stage.close());
  await stage.pass(2 * 3_600_000, 60_000);
  const responder = await busyResponder(stack);
  return {
    [jobs.digitalOceanExporter]: [
      { targets: [`127.0.0.1:${stage.exporter.port}`], labels: pod('digitalocean-exporter') },
    ],
    [jobs.responder]: [{ targets: [responder.host], labels: pod('responder') }],
    stir: () => responder.stir(),
  };
}

/** A responder that acts, refuses, tells, is clicked at by a forger, and has a peer that goes away, again and again while it is looked at. */
async function busyResponder(stack: AsyncDisposableStack): Promise<{ host: string } & Pick<Emitters, 'stir'>> {
  const slack = await startFakeSlack();
  stack.defer(() => slack.close());
  const timings = { tickMs: 100, redecideMs: 300, verifyEveryMs: 100, flapMs: 500, reconcileMs: 1_000, worldMs: 100 };
  const rig = await startRig(await testDatabase(), {
    timings: { ...timings, cloudMs: 1_000, leaseMs: 2_000, retryMs: 50 },
    chat: {
      port: createSlackChat({ token: 'xoxb-proof', apiUrl: slack.apiUrl, log: silentLog }),
      channel: '#gomeet-alerts',
      signingSecret: 'signing-secret-of-the-proof',
    },
  });
  stack.defer(() => rig.close());
  const { database } = rig.responder.core;
  const services = ['auth-service', 'chat-service', 'meeting-service', 'signaling-service'];
  let round = 0;
  const stir = async () => {
    const service = services[round % services.length] ?? '';
    await rig.send({ alertname: 'ServiceCrashLooping', labels: { service }, fingerprint: `f${round}` });
    await rig.send({ alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: `ND_${round}` } });
    if (round > 0)
      await rig.send({
        alertname: 'ServiceCrashLooping',
        labels: { service: services[(round - 1) % services.length] ?? '' },
        fingerprint: `f${round - 1}`,
        status: 'resolved',
      });
    for (const path of ['/slack/interactions', '/alertmanager'])
      await fetch(`${rig.responder.url}${path}`, { method: 'POST', body: 'payload={}' });
    await database.query('update incident set acknowledged_at = clock_timestamp() where acknowledged_at is null');
    rig.simulator.control.setAway('kubernetes', round % 3 === 2);
    round += 1;
  };
  return {
    host: new URL(rig.responder.url).host,
    async stir() {
      await stir();
      const stirring = setInterval(() => void stir().catch(() => undefined), 3_000);
      stack.defer(() => clearInterval(stirring));
    },
  };
}
