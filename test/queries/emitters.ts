import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jobs } from '../../alerts/jobs.ts';
import { silentLog } from '../../kernel/log.ts';
import { openApplier } from '../../lab/cluster/apply.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { memoryBackups } from '../../lab/fakes/memory-backups.ts';
import { startFakeSlack } from '../../lab/fakes/slack.ts';
import { startAlertmanager } from '../../lab/peers/prometheus.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import { podSecurityFile } from '../../manifests/files/pod-security.ts';
import { noInputs } from '../../manifests/render.ts';
import { createSlackChat } from '../../responders/adapters/slack/chat.ts';
import { startStage } from '../exporters/digitalocean/stage.ts';
import { testDatabase } from '../support/database.ts';
import { startRig } from '../support/rig.ts';
import { certificates, nameServer } from './emitters/cluster.ts';
import { exporterOf } from './emitters/exporter.ts';
import { gateway } from './emitters/gateway.ts';
import { type Live, pod } from './emitters/live.ts';
import { meetings } from './emitters/meetings.ts';
import { serveText } from './exposition.ts';

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

/** Starts every emitter that can be had; all of them stop with the stack. */
export async function startEmitters(folder: string, stack: AsyncDisposableStack): Promise<Emitters> {
  const plane = await startControlPlane();
  stack.defer(() => plane.stop());
  const [meeting, alertmanager, exporters, own, ...more] = await Promise.all([
    meetings(stack),
    startAlertmanager({
      folder: join(folder, 'alertmanager'),
      config: alertmanagerConfig,
    }),
    debianExporters(folder, plane, stack),
    ownExporters(stack),
    apiServer(plane, stack),
    gateway(plane, stack),
    nameServer(folder, stack),
    certificates(plane, stack),
  ]);
  stack.defer(() => alertmanager.stop());
  const { stir, ...ours } = own;
  return {
    live: {
      ...meeting,
      ...exporters,
      ...ours,
      ...Object.assign({}, ...more),
      [jobs.alertmanager]: [{ targets: [alertmanager.address], labels: pod('alertmanager') }],
    },
    alertmanagerUrl: alertmanager.url,
    stir,
  };
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

/** The API server's own metrics, which it shows to those it knows; meanwhile somebody asks for a pod that runs as anybody, which the platform's policy refuses. */
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
  await ask('/api/v1/namespaces', { metadata: { name: platformNamespace } });
  await ask(`/api/v1/namespaces/${platformNamespace}/serviceaccounts`, { metadata: { name: 'default' } });
  const applier = await openApplier(plane);
  for (const object of podSecurityFile({ ...noInputs, environment: environments.production }))
    await applier.apply(object);
  const container = { name: 'one', image: 'busybox' };
  const pod = { metadata: { generateName: 'anybody-' }, spec: { containers: [container] } };
  const offending = setInterval(
    () => void ask(`/api/v1/namespaces/${platformNamespace}/pods?dryRun=All`, pod).catch(() => undefined),
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
    backups: memoryBackups('backup-20261124-020000', ['postgresql'], Date.now() - 3_600_000),
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
