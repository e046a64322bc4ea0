import { setFlagsFromString } from 'node:v8';
import { InvalidArgumentError } from 'commander';
import type { Log } from '../../kernel/log.ts';
import type { Register } from '../common/register.ts';

interface DigitalOceanFlags {
  readonly callsPerHour: number;
  readonly opencost?: true;
}

interface ProbeFlags {
  readonly interval: number;
  readonly timeout: number;
  readonly media: number;
  readonly once?: true;
  readonly json?: true;
}

interface LiveKitFlags {
  readonly interval: number;
  readonly largestRooms: number;
}

/** `gomeet exporter livekit`. */
export const registerExporter: Register = (program) => {
  const exporter = program.command('exporter').description('Run an exporter for Prometheus');
  exporter
    .command('livekit')
    .description('Rooms, participants and nodes of LiveKit')
    .option('--interval <seconds>', 'time between two readings', between(1, 300), 15)
    .option('--largest-rooms <count>', 'rooms that get a series of their own, the largest', between(0, 200), 20)
    .addHelpText(
      'after',
      `
Settings: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, EXPORTER_ADDR, and REDIS_URL for nodes and free slots.
Routes: /metrics, /healthz, /readyz, and POST /livekit/webhook, which belongs into webhook.urls of LiveKit.`,
    )
    .action(runLiveKit);
  exporter
    .command('digitalocean')
    .description('What runs in the DigitalOcean account, what it costs, and how much is left of each limit')
    .option('--calls-per-hour <count>', 'most calls to the API in any hour', between(60, 5_000), 500)
    .option('--opencost', "also under OpenCost's names, for dashboards that know those")
    .addHelpText(
      'after',
      `
Settings: DIGITALOCEAN_READ_TOKEN (read scopes only; one that is missing is named in the log), DIGITALOCEAN_API_URL, EXPORTER_ADDR.
Routes: /metrics, /healthz, /readyz.`,
    )
    .action(runDigitalOcean);
  exporter
    .command('probe')
    .description('A trial meeting on a schedule: two join a reserved room, one publishes, the other measures')
    .option('--interval <seconds>', 'time from one trial to the next', between(10, 3_600), 60)
    .option('--timeout <seconds>', 'longest that one stage may take', between(1, 60), 10)
    .option('--media <seconds>', 'how long media flow before they are judged', between(1, 60), 8)
    .option('--once', 'hold one meeting, say how it went, and end')
    .option('--json', 'with --once: for machines')
    .addHelpText(
      'after',
      `
Settings: PROBE_URL (or LIVEKIT_URL), LIVEKIT_API_KEY, LIVEKIT_API_SECRET, EXPORTER_ADDR.
Routes: /metrics, /healthz, /readyz.
Exit codes with --once: 0 went all the way, 4 failed, 3 unknown: the trial itself could not be held.

Examples:
  PROBE_URL=wss://livekit.gomeet.com gomeet exporter probe --interval 60
  PROBE_URL=wss://livekit.gomeet.com gomeet exporter probe --once`,
    )
    .action(runProbe);
};

async function runLiveKit(flags: LiveKitFlags): Promise<void> {
  // Where memory is plentiful V8 lets its young generation grow past 100 MB for what a collection throws away at once; 40 MB are in use.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  const [
    { loadConfig, parseAddress, required },
    { createLog },
    { createLiveKitSource, createWebhookVerifier },
    { startLiveKitExporter },
  ] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/log.ts'),
    import('../../exporters/livekit/source.ts'),

    import('../../exporters/livekit/main.ts'),
  ]);
  const config = loadConfig(process.env);
  const keys = { apiKey: required(config, 'LIVEKIT_API_KEY'), apiSecret: required(config, 'LIVEKIT_API_SECRET') };
  const log = createLog('exporter-livekit');
  const address = parseAddress(config.EXPORTER_ADDR);
  const exporter = await startLiveKitExporter({
    source: createLiveKitSource({ url: required(config, 'LIVEKIT_URL'), ...keys, redisUrl: config.REDIS_URL }),
    verifyWebhook: createWebhookVerifier(keys),
    address,
    log,
    intervalMs: flags.interval * 1_000,
    largestRooms: flags.largestRooms,
  });
  log.info({ host: address.host, port: exporter.port, redis: config.REDIS_URL !== undefined }, 'exporter listens');
  await closeWhenAsked(exporter, log);
}

async function runDigitalOcean(flags: DigitalOceanFlags): Promise<void> {
  const [{ loadConfig, parseAddress, required }, { createLog }, { startDigitalOceanExporter }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/log.ts'),
    import('../../exporters/digitalocean/main.ts'),
  ]);
  const config = loadConfig(process.env);
  const log = createLog('exporter-digitalocean');
  const address = parseAddress(config.EXPORTER_ADDR);
  const exporter = await startDigitalOceanExporter({
    token: required(config, 'DIGITALOCEAN_READ_TOKEN'),
    url: config.DIGITALOCEAN_API_URL,
    address,
    log,
    budgetPerHour: flags.callsPerHour,
    openCost: flags.opencost ?? false,
    book: await (await import('../../responders/price-book.ts')).priceBook(config),
  });
  log.info({ host: address.host, port: exporter.port }, 'exporter listens');
  await closeWhenAsked(exporter, log);
}

async function runProbe(flags: ProbeFlags): Promise<void> {
  const [
    { loadConfig, parseAddress, required },
    { systemClock: clock },
    { createLog },
    { isolateTrials },
    { startProbe },
    { exitCodeOf, trialText },
    { UsageError },
  ] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/log.ts'),
    import('../../exporters/probe/isolate.ts'),
    import('../../exporters/probe/main.ts'),
    import('../../exporters/probe/show.ts'),
    import('../../kernel/errors.ts'),
  ]);
  if (flags.json && !flags.once)
    throw new UsageError('--json goes with --once: on a schedule the probe speaks by its metrics');
  const config = loadConfig(process.env);
  const log = createLog('exporter-probe');
  const address = parseAddress(config.EXPORTER_ADDR);
  const meeting = {
    url: config.PROBE_URL ?? required(config, 'LIVEKIT_URL').split(',')[0]?.trim() ?? '',
    apiKey: required(config, 'LIVEKIT_API_KEY'),
    apiSecret: required(config, 'LIVEKIT_API_SECRET'),
    stageTimeoutMs: flags.timeout * 1_000,
    mediaMs: flags.media * 1_000,
  };
  const tryMeeting = isolateTrials(meeting, clock);
  if (flags.once) {
    const trial = await tryMeeting();
    process.stdout.write(flags.json ? `${JSON.stringify(trial, undefined, 2)}\n` : trialText(trial));
    process.exitCode = exitCodeOf(trial);
    return;
  }
  const probe = await startProbe({ tryMeeting, address, intervalMs: flags.interval * 1_000, clock, log });
  log.info({ host: address.host, port: probe.port }, 'probe listens');
  await closeWhenAsked(probe, log);
}

async function closeWhenAsked(exporter: { close(): Promise<void> }, log: Log): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  log.info({ signal: await asked }, 'exporter stops');
  await exporter.close();
}

function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`want a whole number from ${least} to ${most}`);
    return value;
  };
}
