import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Config } from '../../kernel/config.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import { monthPeriod } from '../../model/cost/accrual.ts';
import type { Budget } from '../../reports/cost/report.ts';
import { gatherMonth } from '../../reports/monthly/gather.ts';
import type { MonthlyInput } from '../../reports/monthly/input.ts';
import { readReliability } from '../../reports/monthly/journal.ts';
import { createPrometheus } from '../../responders/adapters/prometheus.ts';
import { priceBook } from '../../responders/price-book.ts';
import { readControls } from '../../responders/store/controls.ts';
import type { Database } from '../../responders/store/database.ts';
import { readInventory } from './cost-sources.ts';

/** What is wanted: which month, in whose time, and the edition that it replaces. */
export interface MonthlyWish {
  readonly month: string;
  readonly timeZone: string;
  readonly replaces?: MonthlyInput['replaces'];
}

/** Reads a month from everything that the settings name. A source that is not set or does not answer is a gap in the report, never the end of it. */
export async function readMonth(
  config: Config,
  wish: MonthlyWish,
  parts: { readonly database: Database | undefined; readonly clock: Clock; readonly progress: (what: string) => void },
): Promise<MonthlyInput> {
  const { database, clock, progress } = parts;
  const gaps: string[] = [];
  const metrics =
    config.PROMETHEUS_URL === undefined
      ? undefined
      : createPrometheus({ url: config.PROMETHEUS_URL, timeoutMs: 120_000 });
  const book = await priceBook(config);
  const inventory = await accountOf(config, gaps, progress);
  const budget: Budget = { amount: usd(Number(config.MONTHLY_BUDGET_USD)), setBy: undefined, setAtMs: undefined };
  const { fromMs, untilMs } = monthPeriod(wish.month);
  const stored = database && (await readControls(database)).budget;
  const reliability = await journalOf(database, metrics, { fromMs, untilMs: Math.min(untilMs, clock.now()) }, gaps);
  return await gatherMonth({
    ...wish,
    book,
    environment: config.GOMEET_ENVIRONMENT,
    inventory,
    metrics,
    reliability,
    budget: stored === undefined ? budget : { amount: stored.amount, setBy: stored.by, setAtMs: stored.setAtMs },
    clock,
    gaps,
    progress,
  });
}

async function accountOf(
  config: Config,
  gaps: string[],
  progress: (what: string) => void,
): Promise<Inventory | undefined> {
  const token = config.DIGITALOCEAN_READ_TOKEN;
  if (token === undefined) {
    gaps.push('DIGITALOCEAN_READ_TOKEN is not set: no invoices, no savings');
    return undefined;
  }
  try {
    return await readInventory(token, config.DIGITALOCEAN_API_URL, progress, ['account', 'invoices']);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    gaps.push(`the account could not be read: ${error.message}`);
    return undefined;
  }
}

async function journalOf(
  database: Database | undefined,
  metrics: Parameters<typeof readReliability>[1],
  range: Parameters<typeof readReliability>[2],
  gaps: string[],
): Promise<MonthlyInput['reliability']> {
  if (database === undefined) return undefined;
  try {
    return await readReliability(database, metrics, range);
  } catch (error) {
    gaps.push(`the journal could not be read: ${errorText(error)}`);
    return undefined;
  }
}
