import { hostname } from 'node:os';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Alert, Limits } from '../alerts/define.ts';
import type { Clock } from '../kernel/clock.ts';
import { parseAddress } from '../kernel/config.ts';
import { errorText } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { Declared } from './act/define.ts';
import { consoleApp } from './console/app.ts';
import type { ConsoleAuth } from './console/auth.ts';
import { createConsoleData } from './console-data.ts';
import { type Core, timings as productionTimings, type Timings } from './core.ts';
import { createClickDesk } from './desk/click-desk.ts';
import { createIncidentDesk } from './desk/incident-desk.ts';
import { handleClick } from './interact/click.ts';
import type { People } from './interact/permissions.ts';
import type { ClickDeps } from './interact/receive.ts';
import { createResponderMetrics } from './metrics.ts';
import type { Alertmanager, Chat, Cloud, Cluster, FleetSource, Metrics, Notifier } from './ports.ts';
import { startClockwork } from './reconcile/clockwork.ts';
import { createLoop } from './reconcile/loop.ts';
import { request, scheduleRequest } from './reconcile/request.ts';
import { schedules } from './reconcile/schedules.ts';
import { openDatabase } from './store/database.ts';
import { migrate } from './store/migrations.ts';
import { firstTime } from './store/once.ts';
import { retain } from './store/retention.ts';
import { createThreadStore } from './store/threads.ts';
import { createDelivery } from './tell/deliver.ts';
import type { DeliveryDeps, Pace } from './tell/pace.ts';
import { readView } from './views.ts';
import { webApp } from './web.ts';
import { createWorldCache } from './world.ts';

/** All that a responder is made of; production, lab and tests differ only in what they give here. */
export interface ResponderOptions {
  readonly databaseUrl: string;
  readonly webhookToken: string;
  /** HOST:PORT; port 0 takes a free one. */
  readonly listenAddress: string;
  readonly consoleAddress: string;
  readonly consolePublicUrl?: string;
  readonly auth: ConsoleAuth;
  readonly people: People;
  readonly ports: {
    readonly cluster: Cluster;
    readonly fleet: FleetSource;
    readonly alertmanager: Alertmanager;
    readonly cloud: Cloud;
  };
  readonly metrics: Metrics;
  readonly notifiers: readonly Notifier[];
  readonly chat?: {
    readonly port: Chat;
    readonly channel: string;
    readonly signingSecret?: string;
    readonly pace?: Partial<Pace>;
  };
  /** A picture of the signal for a new thread. */
  readonly chart?: NonNullable<DeliveryDeps['chart']>;
  readonly alerts: readonly Alert[];
  readonly declared: Declared;
  readonly budget: MicroUsd;
  readonly clock: Clock;
  readonly log: Log;
  readonly name?: string;
  readonly timings?: Partial<Timings>;
  /** The lab divides the durations of schedules and requests. */
  readonly scaleLimits?: (limits: Limits) => Limits;
  /** Patterns that replace those of schedules, by name. */
  readonly patterns?: Readonly<Record<string, string>>;
  readonly dryRun?: boolean;
}

/** A running responder. */
export interface Responder {
  readonly url: string;
  readonly consoleUrl: string;
  readonly core: Core;
  /** What Socket Mode hands clicks to. */
  readonly clicks: ClickDeps;
  /** Stops taking work, ends what is under way, lets go of the store. */
  close(): Promise<void>;
}

/** Starts the responder: store, world, loop, schedules, messages, webhooks and console. Ready when it resolves. */
export async function startResponder(options: ResponderOptions): Promise<Responder> {
  const { clock, log } = options;
  const database = openDatabase(options.databaseUrl);
  await migrate(database);
  const instruments = createResponderMetrics();
  const stop = new AbortController();
  let consoleUrl = options.consolePublicUrl;
  let loopWake = (): void => undefined;
  let nudge = (): void => undefined;

  const world = createWorldCache(options.ports, clock, {
    failed: (part, error) => {
      instruments.peerErrors.inc({ peer: error.peer, code: error.code });
      log.warn({ part, error: error.message }, 'a part of the platform could not be read');
    },
    recovered: () => {
      void database
        .query(
          `update episode set due_at = clock_timestamp() where closed_at is null and refusal in ('stale-data', 'no-target')`,
        )
        .then(
          () => loopWake(),
          () => undefined,
        );
    },
  });
  const name = options.name ?? `${hostname()}-${process.pid}`;
  const core: Core = {
    name,
    database,
    clock,
    log,
    alerts: new Map(options.alerts.map((alert) => [alert.name, alert])),
    ports: { ...options.ports, desk: createIncidentDesk(database, options.notifiers, { consoleUrl, clock, log }) },
    metrics: options.metrics,
    declared: options.declared,
    budget: options.budget,
    world,
    instruments,
    timings: { ...productionTimings, ...options.timings },
    scaleLimits: options.scaleLimits ?? ((limits) => limits),
    dryRun: options.dryRun ?? false,
    wake: () => loopWake(),
    changed: () => nudge(),
  };

  const desk = createClickDesk(core, options.people, options.chat?.port);
  const clicks = clickDeps(core, desk, options.chat?.port);
  const web = webApp(core, { token: options.webhookToken, signingSecret: options.chat?.signingSecret, clicks });
  const console = consoleApp({
    data: createConsoleData(core, () => consoleUrl),
    desk,
    auth: options.auth,
    clock,
    log,
    ...(options.consolePublicUrl === undefined ? {} : { publicUrl: options.consolePublicUrl }),
  });
  const [webServer, consoleServer] = [
    await listen(web, options.listenAddress),
    await listen(console, options.consoleAddress),
  ];
  consoleUrl ??= consoleServer.url;

  const polling = world.poll(core.timings, stop.signal);
  const loop = createLoop(core);
  loopWake = loop.wake;
  const looping = loop.run(stop.signal);
  const delivery = startDelivery(core, options, () => consoleUrl, stop.signal);
  nudge = delivery.nudge;
  const stopClockwork = await startClockwork(core, [
    ...schedules.map((schedule) => ({
      name: schedule.name,
      pattern: options.patterns?.[schedule.name] ?? schedule.pattern,
      run: async () => void (await request(core, scheduleRequest(core, schedule))),
    })),
    { name: 'retention', pattern: '17 3 * * *', run: () => retain(database) },
  ]);

  return {
    url: webServer.url,
    consoleUrl: consoleServer.url,
    core,
    clicks,
    async close() {
      await stopClockwork();
      stop.abort();
      loop.wake();
      await Promise.all([webServer.close(), consoleServer.close()]);
      await Promise.allSettled([polling, looping, delivery.done]);
      await database.close();
    },
  };
}

function clickDeps(core: Core, desk: Parameters<typeof handleClick>[1], chat: Chat | undefined): ClickDeps {
  return {
    clock: core.clock,
    log: core.log,
    seen: async (key) => !(await firstTime(core.database, key)),
    onProblem: (problem) => core.instruments.clicks.inc({ result: problem }),
    whisper: async (words, to) => await chat?.whisper(words, to),
    async onClick(click) {
      const { words, refusal } = await handleClick(click, desk);
      core.instruments.clicks.inc({ result: refusal ?? 'done' });
      return words;
    },
  };
}

function startDelivery(
  core: Core,
  options: ResponderOptions,
  consoleUrl: () => string | undefined,
  signal: AbortSignal,
): { nudge: () => void; done: Promise<void> } {
  const { chat } = options;
  if (chat === undefined) return { nudge: () => undefined, done: Promise.resolve() };
  const store = createThreadStore(core.database, (id) =>
    readView(core, { id }, { interactive: chat.port.interactive, consoleUrl: consoleUrl(), entries: 50 }),
  );
  const delivery = createDelivery({
    store,
    chat: chat.port,
    channel: chat.channel,
    clock: core.clock,
    log: core.log,
    onOutcome: (outcome) => core.instruments.chatMessages.inc({ kind: 'incident', result: outcome }),
    ...(chat.pace === undefined ? {} : { pace: chat.pace }),
    ...(options.chart === undefined ? {} : { chart: options.chart }),
  });
  return {
    nudge: () => delivery.nudge(),
    done: delivery
      .run(signal)
      .catch((error: unknown) => core.log.error({ error: errorText(error) }, 'telling stopped')),
  };
}

async function listen(
  app: { readonly fetch: Hono['fetch'] },
  address: string,
): Promise<{ url: string; close: () => Promise<void> }> {
  const { host, port } = parseAddress(address);
  return await new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      resolve({
        url: `http://${host}:${info.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}
