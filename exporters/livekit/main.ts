import { type Clock, systemClock } from '../../kernel/clock.ts';
import { errorText } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { exporterApp, listen } from '../server.ts';
import { type CollectorOptions, collectorDefaults, createCollector } from './collector.ts';
import type { LiveKitSource } from './domain.ts';
import { createMovements } from './movements.ts';
import { createRegister } from './register.ts';
import type { WebhookVerifier } from './source.ts';
import { createSplitDetector } from './split.ts';
import { webhookRoute } from './webhooks.ts';

/** How the exporter is wired; the lab gives it a simulated source, a clock and short intervals. */
export interface LiveKitExporterOptions extends Partial<CollectorOptions> {
  /** Closed with the exporter. */
  readonly source: LiveKitSource;
  /** Without it /livekit/webhook is not there, and joins and leaves come from polls alone. */
  readonly verifyWebhook?: WebhookVerifier | undefined;
  readonly address: { readonly host: string; readonly port: number };
  readonly log: Log;
  readonly clock?: Clock;
}

/** A running exporter. */
export interface LiveKitExporter {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts collecting and serving; resolves once it listens, which may be before the first reading. */
export async function startLiveKitExporter(options: LiveKitExporterOptions): Promise<LiveKitExporter> {
  const { source, log, clock = systemClock } = options;
  const settings: CollectorOptions = { ...collectorDefaults, ...options };
  const collector = createCollector(source, clock, log, settings);
  let lastEventAtMs: number | undefined;
  let lastCorrectionAtMs: number | undefined;
  let splitRooms = 0;
  const register = createRegister(() => ({
    room_service: collector.health('room_service'),
    redis: collector.health('redis'),
    webhooks: {
      up: lastEventAtMs !== undefined && lastEventAtMs > (lastCorrectionAtMs ?? Number.NEGATIVE_INFINITY),
      ageSeconds: lastEventAtMs === undefined ? undefined : (clock.now() - lastEventAtMs) / 1_000,
    },
  }));
  const movements = createMovements(register.movements);
  const split = createSplitDetector();

  const app = exporterApp({
    metrics: async () => ({ text: await register.text(), contentType: register.contentType }),
    notReady() {
      const { ageSeconds } = collector.health('room_service');
      if (ageSeconds === undefined) return 'LiveKit has not answered yet';
      return ageSeconds * 1_000 > settings.holdMs
        ? `LiveKit has not answered for ${Math.round(ageSeconds)} s`
        : undefined;
    },
  });
  if (options.verifyWebhook !== undefined) {
    const route = webhookRoute({
      verify: options.verifyWebhook,
      onResult: register.webhook,
      onEvent(event) {
        lastEventAtMs = clock.now();
        if (event.room !== undefined) collector.touch(event.room.sid);
        movements.event(event);
        if (event.recording !== undefined) register.recording(event.recording);
        split.event(event);
      },
    });
    app.route('/', route);
  }
  const server = await listen(app, options.address);

  async function collect(): Promise<void> {
    const cycle = await collector.cycle();
    if (cycle.fresh) {
      if (movements.observe(cycle.people)) lastCorrectionAtMs = clock.now();
      const { nodes, roomNodeMap } = cycle.redisFresh ? cycle : { nodes: undefined, roomNodeMap: undefined };
      splitRooms = split.observe({ rooms: cycle.rooms, nodes, roomNodeMap, nowMs: clock.now() });
    }
    await register.show(cycle.snapshot, { split: splitRooms, collectSeconds: cycle.durationSeconds });
  }

  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      const startedMs = clock.now();
      // A reading that cannot be had is no error here; what comes out of this is a fault of ours, and the next cycle still runs.
      await collect().catch((error: unknown) => log.error({ error: errorText(error) }, 'collection failed'));
      await clock.sleep(Math.max(0, settings.intervalMs - (clock.now() - startedMs)), stop.signal);
    }
  })();

  return {
    port: server.port,
    async close() {
      stop.abort();
      await server.close();
      await source.close();
      await running;
    },
  };
}
