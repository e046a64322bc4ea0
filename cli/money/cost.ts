import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { MicroUsd } from '../../kernel/money.ts';
import type { CostView } from '../../reports/cost/sections.ts';
import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

const formats = ['table', 'json', 'csv', 'focus'] as const;

interface CostFlags {
  readonly format: (typeof formats)[number];
  readonly json?: true;
  readonly budget?: MicroUsd;
  readonly reason: string;
  readonly historicalDays: number;
  readonly email?: string | true;
  readonly slackWebhook?: string | true;
  readonly plan?: true;
}

/** `gomeet cost monitor|report|alert|efficiency`: what the platform costs, for whom, against which budget, and what could cost less. */
export const registerCost: Register = (program) => {
  const cost = program.command('cost').description('What the platform costs, for whom, and what could cost less');
  view(cost, 'monitor', 'What stands now and costs money, against the budget');
  view(cost, 'report', 'Cost of some days by product, workload, namespace, pool and project, and unit costs');
  view(cost, 'alert', 'The budget alone; exit 1 when it is or will be used up, or nobody can say');
  view(cost, 'efficiency', 'Underused pods and nodes, right sizes, what nobody uses').option(
    '--plan',
    'print the changes as patches; nothing is applied',
  );
  asksForAct(
    cost
      .command('delete-volume <volume>')
      .description('Delete a volume that no pod mounts, after a snapshot of it; by name or id; two people'),
  )
    .addHelpText('after', '\nExample: gomeet cost delete-volume old-recordings --dry-run')
    .action(async (volume: string, flags: AskFlags) =>
      (await import('../common/ask.ts')).ask('deleteVolume', { volume }, flags),
    );
};

function view(cost: Command, name: CostView, description: string): Command {
  return cost
    .command(name)
    .description(description)
    .addOption(new Option('--format <form>', 'how it is printed').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .option('--budget <dollars>', 'store what a month may cost; the responder holds it too', dollars)
    .option('--reason <text>', 'why the budget changes; it stands in the journal', 'set by gomeet cost')
    .option('--historical-days <days>', 'days to look back', days, 30)
    .option('--email [address]', 'mail the budget notice; BUDGET_ALERT_EMAIL unless said (needs SMTP_URL)')
    .option('--slack-webhook [url]', 'post the budget notice; SLACK_WEBHOOK_URL unless said')
    .addHelpText(
      'after',
      `
Settings: DIGITALOCEAN_READ_TOKEN; PROMETHEUS_URL for allocation, unit costs and right sizes; DATABASE_URL for a stored budget;
PRICE_FILE for own prices: asOf, source, monthly: {volume: 0.09}, nodeSizes: {c-32: 0.95}, databases, transferPerGib.
Options may stand before or after ${name}.

Examples:
  gomeet cost ${name} --historical-days 7
  gomeet cost --format csv ${name} > cost.csv`,
    )
    .action((flags: CostFlags) => costView(name, flags));
}

/** Prints one view of the cost; what is not said stands as its options say. */
export async function costView(name: CostView, given: Partial<CostFlags>): Promise<void> {
  const flags: CostFlags = { format: 'table', historicalDays: 30, reason: 'set by gomeet cost', ...given };
  const [{ loadConfig }, { systemClock }, { UsageError }, { costReport }, { readCost }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/errors.ts'),
    import('../../reports/cost/report.ts'),
    import('./cost-sources.ts'),
  ]);
  const format = flags.json ? 'json' : flags.format;
  if (format === 'focus' && (name === 'alert' || name === 'efficiency'))
    throw new UsageError(`--format focus: ${name} has no charges; want monitor or report`);
  const config = loadConfig(process.env);
  const nowMs = systemClock.now();
  const book = await (await import('../../responders/price-book.ts')).priceBook(config);
  const read = await readCost(config, { days: flags.historicalDays, ...flags });
  const report = costReport({ ...read, nowMs, days: flags.historicalDays, book });
  if (flags.plan) {
    const { toPlan } = await import('../../reports/cost/plan.ts');
    process.stdout.write(toPlan(report));
  } else process.stdout.write(await printed());
  const { needsAttention, budgetNotice } = await import('../../reports/cost/notice.ts');
  if (flags.email !== undefined || flags.slackWebhook !== undefined) {
    const { sendNotice } = await import('./cost-notice.ts');
    await sendNotice(config, budgetNotice(report), flags);
  }
  if (name === 'alert' && needsAttention(report)) process.exitCode = 1;

  async function printed(): Promise<string> {
    if (format === 'table') {
      const { toTables } = await import('./cost-tables.ts');
      return toTables(report, name);
    }
    const { toCsv, toFocus, toJson } = await import('../../reports/cost/forms.ts');
    return format === 'json' ? toJson(report, name) : format === 'csv' ? toCsv(report, name) : toFocus(report);
  }
}

function dollars(text: string): MicroUsd {
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(text)) throw new InvalidArgumentError('want dollars, such as 27048');
  return Math.round(Number(text) * 1_000_000) as MicroUsd;
}

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 366)
    throw new InvalidArgumentError('want a whole number from 1 to 366');
  return value;
}
