import type { Alert } from '../../alerts/define.ts';
import { alerts as catalogue } from '../../alerts/index.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { usd } from '../../kernel/money.ts';
import { quietCalendar } from '../../lab/calendar.ts';
import { createSimulator, type Simulator } from '../../lab/simulator/simulator.ts';
import type { Declared } from '../../responders/act/define.ts';
import { openAuth } from '../../responders/console/auth.ts';
import { type Responder, type ResponderOptions, startResponder } from '../../responders/main.ts';
import type { ActiveAlert, Alertmanager, Backups, Metrics } from '../../responders/ports.ts';
import { patienceMs } from './patience.ts';

/** A responder on a simulated platform, with an Alertmanager whose list of active alerts the test writes. */
export interface Rig {
  readonly responder: Responder;
  readonly simulator: Simulator;
  readonly active: ActiveAlert[];
  /** Sends one webhook; returns the status. */
  send(...alerts: readonly WebhookInput[]): Promise<number>;
  close(): Promise<void>;
}

/** An alert as a test writes it. */
export interface WebhookInput {
  readonly alertname: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly status?: 'firing' | 'resolved';
  readonly fingerprint?: string;
  readonly startsAt?: string;
}

export const rigToken = 'rig-webhook-token-000';

/** What the small simulated platform declares. */
export const rigDeclared: Declared = {
  sfu: { deployment: 'livekit-sfu', pool: 'sfu', floor: 2, ceiling: 10, nodeCostPerHour: usd(1) },
  workloads: [
    { name: 'auth-service', restartable: true, pool: 'api' },
    { name: 'chat-service', restartable: true, pool: 'api' },
    { name: 'meeting-service', restartable: true, pool: 'api' },
    { name: 'signaling-service', restartable: true, pool: 'api' },
    { name: 'livekit-sfu', restartable: false, pool: 'sfu' },
  ],
  pools: [{ name: 'sfu', maxNodes: 20, nodeCostPerHour: usd(1) }],
};

/** Starts one on a database of its own. */
export async function startRig(
  databaseUrl: string,
  options: Partial<ResponderOptions> & { simulator?: Simulator; clock?: Clock; backups?: Backups } = {},
): Promise<Rig> {
  const simulator = options.simulator ?? createSimulator({ factor: 60 });
  const active: ActiveAlert[] = [];
  const alertmanager: Alertmanager = { activeAlerts: async () => active, silence: async () => 'silence-1' };
  const metrics: Metrics = { query: async () => [], queryRange: async () => [] };
  const responder = await startResponder({
    databaseUrl,
    webhookToken: rigToken,
    listenAddress: '127.0.0.1:0',
    consoleAddress: '127.0.0.1:0',
    auth: openAuth(),
    people: [],
    ports: {
      cluster: simulator.cluster,
      fleet: simulator.fleet,
      cloud: simulator.cloud,
      alertmanager,
      ...(options.backups === undefined ? {} : { backups: options.backups }),
    },
    metrics,
    notifiers: [],
    alerts: catalogue,
    declared: rigDeclared,
    budget: usd(35_000),
    clock: systemClock,
    log: silentLog,
    timings: {
      tickMs: 100,
      redecideMs: 300,
      verifyEveryMs: 100,
      flapMs: 1_500,
      reconcileMs: 60_000,
      worldMs: 100,
      cloudMs: 1_000,
      leaseMs: 2_000,
      retryMs: 50,
    },
    patterns: quietCalendar(),
    ...options,
  });
  await waitFor(
    () =>
      responder.core.world.current().cloud !== undefined &&
      responder.core.world.current().fleet !== undefined &&
      responder.core.world.current().cluster !== undefined,
    'the first readings',
  );
  return {
    responder,
    simulator,
    active,
    send: (...inputs) => sendWebhook(responder.url, inputs),
    close: () => responder.close(),
  };
}

/** POSTs alerts as Alertmanager does; returns the status. */
export async function sendWebhook(
  url: string,
  inputs: readonly WebhookInput[],
  token: string = rigToken,
): Promise<number> {
  const response = await fetch(`${url}/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: webhookBody(inputs),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The body of a webhook as Alertmanager writes it. */
export function webhookBody(inputs: readonly WebhookInput[]): string {
  return JSON.stringify({ version: '4', truncatedAlerts: 0, alerts: inputs.map(webhookAlert) });
}

function webhookAlert({ alertname, labels, status, fingerprint, startsAt }: WebhookInput) {
  const all = { alertname, severity: 'critical', ...labels };
  return {
    status: status ?? 'firing',
    labels: all,
    annotations: { summary: alertname },
    startsAt: startsAt ?? new Date().toISOString(),
    fingerprint: fingerprint ?? fingerprintOf(all),
  };
}

/** Sixteen hexadecimal digits that depend on the labels alone, as Alertmanager's do. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(JSON.stringify(Object.entries(labels).sort())))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** An alert of the catalogue, changed for a test. */
export function alertWith(name: string, change: Partial<Alert>): Alert {
  const alert = catalogue.find((candidate) => candidate.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return { ...alert, ...change };
}

/** Waits until `holds`, checking every 20 ms; throws with `what` after `timeoutMs`. */
export async function waitFor(
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = patienceMs,
): Promise<void> {
  const untilMs = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > untilMs) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await systemClock.sleep(20);
  }
}
