import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { Clock } from '../../kernel/clock.ts';
import type { PortErrorCode } from '../../kernel/errors.ts';
import { bookAgeSeconds, type PriceBook } from '../../model/prices.ts';
import { digitalOceanSelfMetrics as metrics } from '../metrics/digitalocean-self.ts';
import type { Ledger } from './budget.ts';
import { type Collector, partNames } from './collector.ts';
import type { Inventory } from './domain.ts';
import { gaugesOf, shape } from './gauges.ts';
import { describeAccount } from './register-account.ts';
import { describeCost } from './register-cost.ts';
import { describeForOpenCost } from './register-opencost.ts';
import type { DigitalOceanSource } from './source.ts';

/** The metrics of the exporter. What comes from the inventory is put into text once for each; what it says of itself is written at each scrape. */
export interface Register {
  show(inventory: Inventory): Promise<void>;
  call(route: string, code: 'ok' | PortErrorCode): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** What the self metrics are read from at each scrape. */
export interface Health {
  readonly collector: Pick<Collector, 'health' | 'stretch'>;
  readonly source: Pick<DigitalOceanSource, 'quota'>;
  readonly ledger: Pick<Ledger, 'lastHour'>;
}

/** `health` is asked at each scrape; OpenCost's names double with those of a real OpenCost and so are asked for. */
export function createRegister(options: {
  readonly clock: Clock;
  readonly budgetPerHour: number;
  readonly openCost: boolean;
  readonly book: PriceBook;
  readonly health: () => Health;
}): Register {
  const { clock } = options;
  const live = new Registry();
  collectDefaultMetrics({ register: live });
  const gauge = gaugesOf(live);
  const lastSuccess = gauge(metrics.lastSuccess);
  const partUp = gauge(metrics.partUp);
  const requests = new Counter(shape(metrics.apiRequests, live));
  const quotaRemaining = gauge(metrics.quotaRemaining);
  const quotaLimit = gauge(metrics.quotaLimit);
  const callsLastHour = gauge(metrics.callsLastHour);
  const stretch = gauge(metrics.stretch);
  const priceTableAge = gauge(metrics.priceTableAge);
  gauge(metrics.callBudget).set(options.budgetPerHour);
  let shown = '';
  return {
    contentType: live.contentType,
    call: (route, code) => requests.inc({ route, code }),
    async show(inventory) {
      const registry = new Registry();
      const add = gaugesOf(registry);
      describeAccount(inventory, add);
      describeCost(inventory, add, clock.now(), options.book);
      if (options.openCost) describeForOpenCost(inventory, add, options.book);
      // A gauge without a sample would be a heading alone.
      shown = (await registry.metrics()).replace(/# HELP .*\n# TYPE .*\n(?=\n|$)/g, '');
    },
    async text() {
      const { collector, source, ledger } = options.health();
      for (const part of partNames) {
        const { up, readAtMs } = collector.health(part);
        partUp.set({ collector: part }, up ? 1 : 0);
        if (readAtMs !== undefined) lastSuccess.set({ collector: part }, readAtMs / 1_000);
      }
      if (source.quota !== undefined) {
        quotaRemaining.set(source.quota.remaining);
        quotaLimit.set(source.quota.limit);
      }
      callsLastHour.set(ledger.lastHour);
      stretch.set(collector.stretch);
      priceTableAge.set(bookAgeSeconds(clock.now(), options.book));
      return `${shown}${await live.metrics()}`;
    },
  };
}
