import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import type { PriceBook } from '../prices/define.ts';
import { billedHours, type Period } from './hours.ts';
import type { CostLine, CostSubject, Estimate } from './lines.ts';

/** Something that is billed, with its price of a full month. */
export interface Billed extends CostSubject {
  readonly monthly: { readonly low: MicroUsd; readonly high: MicroUsd };
  /** Undefined counts as there from the start. */
  readonly createdAtMs: number | undefined;
}

/** What things cost over a period. All of them are billed by the hour, a full month being the cap of hours, and never for more in one calendar month. */
export function billOf(things: readonly Billed[], period: Period, book: PriceBook): readonly CostLine[] {
  return things.map(({ monthly, createdAtMs, ...subject }) => {
    const fromMs = Math.max(period.fromMs, createdAtMs ?? period.fromMs);
    const hours = billedHours({ fromMs, untilMs: period.untilMs }, book.billedHoursCap);
    return { ...subject, quantity: hours, unit: 'hours', cost: estimate(monthly, hours / book.billedHoursCap) };
  });
}

/** What a full month of all that stands costs, by thing. */
export function monthOf(things: readonly Billed[], book: PriceBook): readonly CostLine[] {
  return things.map(({ monthly, createdAtMs: _made, ...subject }) => ({
    ...subject,
    quantity: book.billedHoursCap,
    unit: 'hours',
    cost: estimate(monthly, 1),
  }));
}

/** What an hour of it costs before any cap: the capped month over its billed hours. */
export function hourOf(month: readonly CostLine[], book: PriceBook): MicroUsd {
  return timesUsd(sumUsd(month.map(({ cost }) => cost.best)), 1 / book.billedHoursCap);
}

/** Outbound transfer above the pool, as a line; `poolBytes` is what the period's hours brought in. */
export function transferLine(sent: { readonly bytes: number; readonly poolBytes: number }, book: PriceBook): CostLine {
  const overGib = Math.max(0, sent.bytes - sent.poolBytes) / 1024 ** 3;
  const amount = timesUsd(book.transferPerGib, overGib);
  return {
    id: 'transfer',
    name: 'outbound transfer above the pool',
    kind: 'transfer',
    sku: 'outbound',
    region: 'all',
    project: undefined,
    cluster: undefined,
    pool: undefined,
    origin: 'table',
    basis: 'published',
    source: `price book of ${book.asOf}`,
    quantity: overGib,
    unit: 'GiB',
    cost: { best: amount, low: amount, high: amount },
  };
}

function estimate({ low, high }: Billed['monthly'], share: number): Estimate {
  const best = timesUsd(((low + high) / 2) as MicroUsd, share);
  return { best, low: timesUsd(low, share), high: timesUsd(high, share) };
}
