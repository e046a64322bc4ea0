import { createLedger } from '../../exporters/digitalocean/budget.ts';
import type { Inventory, PartName } from '../../exporters/digitalocean/domain.ts';
import { createDigitalOceanSource } from '../../exporters/digitalocean/source.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type Config, required } from '../../kernel/config.ts';
import { PortError, UsageError } from '../../kernel/errors.ts';
import { type MicroUsd, usd } from '../../kernel/money.ts';
import { readAccount } from '../../reports/cost/account.ts';
import type { Budget } from '../../reports/cost/report.ts';
import { readUsage, type Usage } from '../../reports/cost/usage.ts';
import { createPrometheus } from '../../responders/adapters/prometheus.ts';
import { changeControl } from '../../responders/desk/controls.ts';
import { readControls } from '../../responders/store/controls.ts';
import { withStore } from '../common/store.ts';

/** What a cost command reads: the account, what Prometheus knows of the days, and the budget, which is stored first where the command says one. Throws a UsageError for what a person can mend. */
export async function readCost(
  config: Config,
  wish: { readonly days: number; readonly budget?: MicroUsd; readonly reason: string },
): Promise<{ inventory: Inventory; usage: Usage | undefined; budget: Budget }> {
  const token = required(config, 'DIGITALOCEAN_READ_TOKEN');
  try {
    const budget = await readBudget(config, wish);
    const inventory = await readInventory(token, config.DIGITALOCEAN_API_URL, progress);
    progress('Prometheus');
    const usage =
      config.PROMETHEUS_URL === undefined
        ? undefined
        : await readUsage(createPrometheus({ url: config.PROMETHEUS_URL, timeoutMs: 60_000 }), wish.days);
    return { inventory, usage, budget };
  } catch (error) {
    throw error instanceof PortError ? new UsageError(error.message) : error;
  } finally {
    progress('');
  }
}

/** Reads the account once; `also` are parts beyond what the cost commands want. Throws the PortError of a token or a network that is not there. */
export async function readInventory(
  token: string,
  url: string,
  said: (part: string) => void,
  also: readonly PartName[] = [],
): Promise<Inventory> {
  const source = await createDigitalOceanSource({
    token,
    url,
    timeoutMs: 15_000,
    clock: systemClock,
    ledger: createLedger(systemClock, 1_000),
    onCall: () => undefined,
  });
  return await readAccount(
    source.readers(() => undefined),
    systemClock,
    said,
    also,
  );
}

async function readBudget(
  config: Config,
  wish: { readonly budget?: MicroUsd; readonly reason: string },
): Promise<Budget> {
  const setting = { amount: usd(Number(config.MONTHLY_BUDGET_USD)), setBy: undefined, setAtMs: undefined };
  if (config.DATABASE_URL === undefined && wish.budget === undefined) return setting;
  let budget: Budget = setting;
  await withStore(async ({ database, subject }) => {
    if (wish.budget !== undefined) {
      const none = (): void => undefined;
      const core = { database, alerts: new Map(), wake: none, changed: none };
      await changeControl(core, { name: 'budget', amount: wish.budget, reason: wish.reason, subject });
    }
    const { budget: stored } = await readControls(database);
    if (stored !== undefined) budget = { amount: stored.amount, setBy: stored.by, setAtMs: stored.setAtMs };
  });
  return budget;
}

/** One line on a terminal, written over; nothing where standard error is a file. */
function progress(part: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${part === '' ? '' : `reading ${part} …`}`);
}
