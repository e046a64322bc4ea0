import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import flags from '../../cli/node-flags.json' with { type: 'json' };
import { type FaultProxy, startFaultProxy } from '../../lab/fakes/fault-proxy.ts';
import { type FakeKubernetes, startFakeKubernetes } from '../../lab/fakes/kubernetes.ts';
import { type HttpPeer, startAlertmanager } from '../../lab/peers/prometheus.ts';
import { type Database, openDatabase } from '../../responders/store/database.ts';
import { migrate } from '../../responders/store/migrations.ts';
import { sendWebhook, type WebhookInput } from '../support/rig.ts';
import type { ProcessSettings } from './settings.ts';

/** A responder that runs as a process of its own. */
export interface Replica {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from the start of the process to readiness. */
  readonly readyInMs: number;
  send(...alerts: readonly WebhookInput[]): Promise<number>;
  /** Sends a signal; SIGKILL and SIGTERM are waited for. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** The peers of a fault test, and what starts replicas on them. */
export interface FaultWorld {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly kubernetes: FakeKubernetes;
  /** Stands between the replicas and the API server. */
  readonly network: FaultProxy;
  readonly settings: Omit<ProcessSettings, 'name'>;
  /** `direct` leaves out the proxy. */
  start(name: string, more?: Partial<ProcessSettings> & { direct?: boolean }): Promise<Replica>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

export const processToken = 'process-webhook-token';

/** Names of services to have alerts about. */
export function serviceNames(count: number): string[] {
  return Array.from({ length: count }, (_none, index) => `svc-${index}`);
}

/** A crash-looping service: its runbook restarts it once. */
export function crashLoop(service: string): WebhookInput {
  return { alertname: 'ServiceCrashLooping', labels: { service } };
}

/** Starts a fake API server with these Deployments, a proxy before it, and a database that is migrated. */
export async function startFaultWorld(
  deployments: Readonly<Record<string, number>>,
  databaseUrl: string,
): Promise<FaultWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-faults-'));
  const kubernetes = await startFakeKubernetes(deployments);
  const network = await startFaultProxy(kubernetes.url);
  const writeKubeconfig = async (name: string, server: string): Promise<string> => {
    const path = join(folder, `${name}.kubeconfig`);
    await writeFile(path, JSON.stringify(kubeconfigFor(server)));
    return path;
  };
  const kubeconfig = await writeKubeconfig('proxied', network.url);
  const database = openDatabase(databaseUrl, { max: 4, name: 'fault-test' });
  await migrate(database);
  const replicas: Replica[] = [];
  const settings: Omit<ProcessSettings, 'name'> = {
    databaseUrl,
    kubeconfig,
    fleetUrl: `${kubernetes.url}/fleet`,
    workloads: Object.keys(deployments).filter((name) => name !== 'livekit-sfu'),
  };
  return {
    database,
    databaseUrl,
    kubernetes,
    network,
    settings,
    async start(name, more) {
      const { direct, ...rest } = more ?? {};
      const replica = await startReplica({
        ...settings,
        ...(direct ? { kubeconfig: await writeKubeconfig('direct', kubernetes.url) } : {}),
        ...rest,
        name,
      });
      replicas.push(replica);
      return replica;
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.signal('SIGKILL')));
      await network.stop();
      await kubernetes.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const program = fileURLToPath(new URL('./responder-process.ts', import.meta.url));
const loopbackOnly = fileURLToPath(new URL('../support/loopback-only.ts', import.meta.url));

/** Starts a replica and waits until it is ready. */
export async function startReplica(settings: ProcessSettings): Promise<Replica> {
  const startedAtMs = Date.now();
  const child = spawn(process.execPath, [...flags.responder, '--import', loopbackOnly, program], {
    env: { ...process.env, RESPONDER_SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.removeListener('exit', killWithUs);
      resolve();
    }),
  );
  const first = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve)),
    exited.then(() => {
      throw new Error(`replica ${settings.name} ended before it was ready`);
    }),
  ]);
  const { url }: { url: string } = JSON.parse(first);
  const readyInMs = Date.now() - startedAtMs;
  return {
    name: settings.name,
    pid: child.pid ?? 0,
    url,
    readyInMs,
    send: (...alerts) => sendWebhook(url, alerts, processToken),
    async signal(name) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(name);
      if (name === 'SIGKILL' || name === 'SIGTERM') await exited;
    },
  };
}

function kubeconfigFor(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'fake-kubernetes-token' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
}

/** A real Alertmanager that sends everything to a webhook, groups at once and repeats soon. */
export async function alertmanagerFor(
  t: TestContext,
  webhookUrl: string,
  group: { intervalSeconds: number },
): Promise<HttpPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-alertmanager-'));
  const peer = await startAlertmanager({
    folder,
    config: {
      route: {
        receiver: 'responder',
        group_by: ['alertname', 'service'],
        group_wait: '0s',
        group_interval: `${group.intervalSeconds}s`,
        repeat_interval: '1s',
      },
      receivers: [
        {
          name: 'responder',
          webhook_configs: [
            {
              url: `${webhookUrl}/alertmanager`,
              send_resolved: true,
              max_alerts: 0,
              http_config: { authorization: { type: 'Bearer', credentials: processToken } },
            },
          ],
        },
      ],
    },
  });
  t.after(async () => {
    await peer.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return peer;
}

/** Has Alertmanager know of these alerts, firing for the next hour. */
export async function postAlerts(alertmanagerUrl: string, alerts: readonly WebhookInput[]): Promise<void> {
  const response = await fetch(`${alertmanagerUrl}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      alerts.map(({ alertname, labels }) => ({
        labels: { alertname, severity: 'critical', ...labels },
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      })),
    ),
  });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
}

/** States of all runs, with how many there are of each. */
export async function runStates(database: Database): Promise<Record<string, number>> {
  const rows = await database.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from run group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Journal lines of a kind. */
export async function journalCount(database: Database, kind: string): Promise<number> {
  const [row] = await database.query<{ count: number }>('select count(*)::int as count from journal where kind = $1', [
    kind,
  ]);
  return row?.count ?? 0;
}

/** A sample of a replica's own metrics, named as it stands there; NaN when it is absent. */
export async function counterOf(replica: Pick<Replica, 'url'>, series: string): Promise<number> {
  const text = await (await fetch(`${replica.url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
}
