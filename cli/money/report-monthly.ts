import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { forms, type MonthlyFlags } from './monthly-flags.ts';

/** `gomeet report monthly`. */
export function registerMonthly(report: Command): void {
  report
    .command('monthly')
    .description('Cost and capacity of a month, in every form; the responder issues it by itself')
    .option('--month <yyyy-mm>', 'which month; the last whole one unless said', month)
    .option('--time-zone <zone>', 'whose days and hours; REPORT_TIME_ZONE unless said')
    .addOption(
      new Option('--format <forms...>', 'which forms; all that can be made unless said').choices(forms).argParser(
        // Commander checks one value at a time; several may also come with commas between.
        (value: string, before: unknown) => [...(Array.isArray(before) ? before : []), ...value.split(',').map(form)],
      ),
    )
    .option('--out <folder>', 'where the files go', '.')
    .option('--json', 'print the JSON form and write no file')
    .option('--from <file>', 'make it again from an input that was saved')
    .option('--save-input <file>', 'save everything that it was made of; the same input makes the same bytes')
    .option('--corrects <file>', 'the JSON form of the edition that this one replaces; with a store it is found there')
    .option('--reason <text>', 'why an edition is corrected; a correction wants one')
    .option('--send', 'mail it to REPORT_EMAILS and post it to Slack')
    .option('--email <addresses>', 'mail it to these instead, with commas between')
    .option('--demo', 'from generated data: nothing is read, no setting is wanted')
    .addHelpText(
      'after',
      `
Settings: PROMETHEUS_URL for costs by resource, people and limits; DIGITALOCEAN_READ_TOKEN for invoices and savings; DATABASE_URL for
incidents, the stored budget and earlier editions; SMTP_URL, REPORT_EMAILS, SLACK_*. What is not set is a gap that the report names.

Examples:
  gomeet report monthly --demo --out /tmp
  gomeet report monthly --month 2026-10 --format html pdf
  gomeet report monthly --month 2026-10 --reason "databases were double counted" --send`,
    )
    .action(async (flags: MonthlyFlags) => {
      const { runMonthly } = await import('./monthly-run.ts');
      await runMonthly(flags);
    });
}

function form(text: string): string {
  if (!forms.some((name) => name === text.trim())) throw new InvalidArgumentError(`want ${forms.join(', ')}`);
  return text.trim();
}

function month(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('want a month such as 2026-10');
  return text;
}
