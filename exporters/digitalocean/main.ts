import { type Clock, systemClock } from '../../kernel/clock.ts';
import { errorText } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type PriceBook, prices } from '../../model/prices.ts';
import { exporterApp, listen } from '../server.ts';
import { createLedger } from './budget.ts';
import { createCollector } from './collector.ts';
import type { Inventory } from './domain.ts';
import { createRegister } from './register.ts';
import { createDigitalOceanSource } from './source.ts';
import { selfTest } from './source-selftest.ts';

/** How the exporter is wired. */
export interface DigitalOceanExporterOptions {
  /** Of a token that may only read. */
  readonly token: string;
  readonly url: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly log: Log;
  readonly clock?: Clock;
  /** Most calls in any hour; 500 of the 5,000 that a token has, unless said. */
  readonly budgetPerHour?: number;
  readonly timeoutMs?: number;
  /** Also under OpenCost's names. */
  readonly openCost?: boolean;
  /** What the API does not price; ours unless said. */
  readonly book?: PriceBook;
}

/** A running exporter. */
export interface DigitalOceanExporter {
  readonly port: number;
  /** What was read last. */
  inventory(): Inventory;
  /** Resolves when nothing is being read. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const lookEveryMs = 1_000;
const showEveryMs = 60_000;

/** Proves that the SDK can read what the API answers, then collects and serves; resolves once it listens. Throws a PortError (unsupported) when the install is the broken one. */
export async function startDigitalOceanExporter(options: DigitalOceanExporterOptions): Promise<DigitalOceanExporter> {
  const { log, clock = systemClock, budgetPerHour = 500, timeoutMs = 15_000 } = options;
  await selfTest();
  const ledger = createLedger(clock, budgetPerHour);
  const register = createRegister({
    clock,
    budgetPerHour,
    openCost: options.openCost ?? false,
    book: options.book ?? prices,
    health: () => ({ collector, source, ledger }),
  });
  const { token, url } = options;
  const source = await createDigitalOceanSource({ token, url, timeoutMs, ledger, clock, onCall: register.call });
  let stale = true;
  const changed = () => {
    stale = true;
  };
  const collector = createCollector({ source, clock, log, budgetPerHour, changed });
  const app = exporterApp({
    metrics: async () => ({ text: await register.text(), contentType: register.contentType }),
    notReady: () =>
      Object.keys(collector.inventory().parts).length === 0 ? 'DigitalOcean has not answered yet' : undefined,
  });
  const server = await listen(app, options.address);

  const stop = new AbortController();
  const running = (async () => {
    let shownAtMs = Number.NEGATIVE_INFINITY;
    while (!stop.signal.aborted) {
      collector.tick();
      // Also without news: what has grown too old must go.
      if (stale || clock.now() - shownAtMs >= showEveryMs) {
        stale = false;
        shownAtMs = clock.now();
        await register
          .show(collector.inventory())
          .catch((error: unknown) => log.error({ error: errorText(error) }, 'inventory cannot be shown'));
      }
      await clock.sleep(lookEveryMs, stop.signal);
    }
  })();

  return {
    port: server.port,
    inventory: () => collector.inventory(),
    idle: () => collector.idle(),
    async close() {
      stop.abort();
      await server.close();
      await running;
    },
  };
}
