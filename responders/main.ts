import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { parseAddress } from '../kernel/config.ts';
import { errorText } from '../kernel/errors.ts';
import { startOnStack } from '../kernel/stack.ts';
import { watchBackups } from './backup/watch.ts';
import { consoleApp } from './console/app.ts';
import type { ConsoleAuth } from './console/auth.ts';
import { createConsoleData } from './console-data.ts';
import type { Core } from './core.ts';
import { createClickDesk } from './desk/click-desk.ts';
import { handleClick } from './interact/click.ts';
import type { People } from './interact/permissions.ts';
import type { ClickDeps } from './interact/receive.ts';
import type { Chat } from './ports.ts';
import { bookedJob } from './reconcile/booked.ts';
import { type Job, startClockwork } from './reconcile/clockwork.ts';
import { scaleRulesJob } from './reconcile/planned.ts';
import { request, scheduleRequest } from './reconcile/request.ts';
import { schedules } from './reconcile/schedules.ts';
import { watchSecretAges } from './secrets/watch.ts';
import { type CoreOptions, startCore } from './start.ts';
import { firstTime } from './store/once.ts';
import { retain } from './store/retention.ts';
import { createThreadStore } from './store/threads.ts';
import { createDelivery } from './tell/deliver.ts';
import type { DeliveryDeps, Pace } from './tell/pace.ts';
import { readView } from './views.ts';
import { webApp } from './web.ts';

/** All that a responder is made of; production, lab and tests differ only in what they give here. */
export interface ResponderOptions extends CoreOptions {
  readonly webhookToken: string;
  /** HOST:PORT; port 0 takes a free one. */
  readonly listenAddress: string;
  readonly consoleAddress: string;
  readonly consolePublicUrl?: string;
  readonly auth: ConsoleAuth;
  readonly people: People;
  readonly chat?: {
    readonly port: Chat;
    readonly channel: string;
    readonly signingSecret?: string;
    readonly pace?: Partial<Pace>;
  };
  /** A picture of the signal for a new thread. */
  readonly chart?: NonNullable<DeliveryDeps['chart']>;
  /** Patterns that replace those of schedules, by name. */
  readonly patterns?: Readonly<Record<string, string>>;
  /** Work that the calendar starts beside the schedules that act: the monthly report. */
  readonly jobs?: (core: Core) => readonly Job[];
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

/** Starts the responder: store, world, loop, schedules, messages, webhooks and console. Ready when it resolves; leaves nothing behind when it fails half way. */
export async function startResponder(options: ResponderOptions): Promise<Responder> {
  return startOnStack((stack) => start(options, stack));
}

async function start(options: ResponderOptions, stack: AsyncDisposableStack): Promise<Responder> {
  const { clock, log } = options;
  const started = await startCore(options);
  stack.defer(() => started.close());
  const { core, stop } = started;
  const { database } = core;
  let consoleUrl = options.consolePublicUrl;

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
  const webServer = await listen(web, options.listenAddress);
  stack.defer(() => webServer.close());
  const consoleServer = await listen(console, options.consoleAddress);
  stack.defer(() => consoleServer.close());
  consoleUrl ??= consoleServer.url;
  started.run(consoleUrl);
  void watchSecretAges(core, stop.signal);
  void watchBackups(core, stop.signal);
  const delivery = startDelivery(core, options, () => consoleUrl, stop.signal);
  stack.defer(async () => {
    stop.abort();
    core.wake();
    await delivery.done;
  });
  started.onChange(delivery.nudge);
  stack.defer(
    await startClockwork(core, [
      ...schedules.map((schedule) => ({
        name: schedule.name,
        pattern: options.patterns?.[schedule.name] ?? schedule.pattern,
        run: async () => void (await request(core, scheduleRequest(core, schedule))),
      })),
      bookedJob(core),
      scaleRulesJob(core),
      { name: 'retention', pattern: '17 3 * * *', run: () => retain(database) },
      ...(options.jobs?.(core) ?? []),
    ]),
  );

  return {
    url: webServer.url,
    consoleUrl: consoleServer.url,
    core,
    clicks,
    close: () => stack.disposeAsync(),
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
