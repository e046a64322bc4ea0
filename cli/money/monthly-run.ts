import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import { type Config, loadConfig } from '../../kernel/config.ts';
import { errorText, PortError, UsageError } from '../../kernel/errors.ts';
import { type MicroUsd, usd } from '../../kernel/money.ts';
import { monthBefore, monthOf, monthPeriod } from '../../model/cost/accrual.ts';
import { isTimeZone } from '../../reports/capacity/text.ts';
import { demoInput } from '../../reports/monthly/demo.ts';
import { keepEdition, lastEdition, markSent } from '../../reports/monthly/editions.ts';
import { toMonthlyJson } from '../../reports/monthly/forms/data.ts';
import { toLines } from '../../reports/monthly/forms/slack.ts';
import { type MonthlyInput, parseMonthlyInput } from '../../reports/monthly/input.ts';
import { makeForms, possibleForms } from '../../reports/monthly/issue.ts';
import { type MonthlyReport, monthlyReport } from '../../reports/monthly/report.ts';
import type { Database } from '../../responders/store/database.ts';
import { withStore } from '../common/store.ts';
import type { MonthlyFlags } from './monthly-flags.ts';
import { readMonth } from './monthly-sources.ts';

/** Makes the report and its files, and sends it where asked. Throws a UsageError for what a person can mend. */
export async function runMonthly(flags: MonthlyFlags): Promise<void> {
  const config = loadConfig(process.env);
  if (flags.demo || flags.from !== undefined || config.DATABASE_URL === undefined)
    return await work(flags, config, undefined);
  await withStore(({ database }) => work(flags, config, database));
}

async function work(flags: MonthlyFlags, config: Config, database: Database | undefined): Promise<void> {
  const input = await inputOf(flags, config, database);
  const report = monthlyReport(input);
  if (flags.saveInput !== undefined) await writeFile(flags.saveInput, `${JSON.stringify(input)}\n`);
  if (flags.json) process.stdout.write(toMonthlyJson(report));
  else await writeForms(report, flags);
  if (flags.send || flags.email !== undefined) await send(report, flags, config, database);
}

async function inputOf(flags: MonthlyFlags, config: Config, database: Database | undefined): Promise<MonthlyInput> {
  if (flags.demo) return demoInput();
  if (flags.from !== undefined) {
    const input = parseMonthlyInput(await text(flags.from), flags.from);
    const replaces = await replacedFile(flags, input.month);
    return replaces === undefined ? input : { ...input, replaces };
  }
  const nowMs = systemClock.now();
  const month = flags.month ?? monthBefore(monthOf(nowMs));
  if (monthPeriod(month).fromMs > nowMs) throw new UsageError(`--month ${month}: that month has not begun`);
  const timeZone = flags.timeZone ?? config.REPORT_TIME_ZONE;
  if (!isTimeZone(timeZone)) throw new UsageError(`no time zone ${timeZone}; want an IANA name such as Asia/Jakarta`);
  const replaces = (await replacedFile(flags, month)) ?? (await replacedStored(flags, month, database));
  try {
    return await readMonth(
      config,
      { month, timeZone, ...(replaces === undefined ? {} : { replaces }) },
      { database, clock: systemClock, progress },
    );
  } finally {
    progress('');
  }
}

const Earlier = z.object({
  schemaVersion: z.literal(1),
  month: z.string(),
  edition: z.number().int().positive(),
  asOf: z.iso.datetime(),
  inputHash: z.string(),
  answer: z.object({ spend: z.object({ amount: z.number() }).optional() }),
});

/** The edition that a JSON form on disk says it is. */
async function replacedFile({ corrects, reason }: MonthlyFlags, month: string): Promise<MonthlyInput['replaces']> {
  if (corrects === undefined) return undefined;
  if (reason === undefined) throw new UsageError('--corrects wants --reason: the new edition says why it exists');
  let value: unknown;
  try {
    value = JSON.parse(await text(corrects));
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${corrects}: not JSON`);
  }
  const parsed = Earlier.safeParse(value);
  if (!parsed.success)
    throw new UsageError(
      `${corrects}: ${parsed.error.issues[0]?.path.join('.')}: not the JSON form of a monthly report`,
    );
  if (parsed.data.month !== month) throw new UsageError(`${corrects} is of ${parsed.data.month}, not of ${month}`);
  const { edition, asOf, inputHash, answer } = parsed.data;
  const total: MicroUsd | undefined = answer.spend && usd(answer.spend.amount);
  return { edition, issuedAtMs: Date.parse(asOf), inputHash, reason, total };
}

/** With a reason, the newest edition in the store; without one nothing is replaced, and the report is a look at the month. */
async function replacedStored(
  { reason }: MonthlyFlags,
  month: string,
  database: Database | undefined,
): Promise<MonthlyInput['replaces']> {
  if (reason === undefined) return undefined;
  const last = database && (await lastEdition(database, month));
  if (last === undefined)
    throw new UsageError(
      `no edition of ${month} is stored, so nothing is corrected; leave --reason out, or give --corrects`,
    );
  const { edition, issuedAtMs, inputHash, total } = last;
  return { edition, issuedAtMs: Math.round(issuedAtMs), inputHash, total, reason };
}

async function writeForms(report: MonthlyReport, { format, out = '.' }: MonthlyFlags): Promise<void> {
  const forms = format ?? (await possibleForms());
  const files = await makeForms(report, forms);
  await mkdir(out, { recursive: true });
  for (const { name, content } of files) await writeFile(join(out, name), content);
  console.log(`${toLines(report).join('\n')}\n`);
  for (const { name } of files) console.log(join(out, name));
  if (format === undefined && !forms.includes('pdf'))
    console.error('no PDF: there is no Chromium on PATH; the page prints the same');
}

async function send(
  report: MonthlyReport,
  flags: MonthlyFlags,
  config: Config,
  database: Database | undefined,
): Promise<void> {
  const { sendReport } = await import('./monthly-send.ts');
  if (database !== undefined) await keepEdition(database, report);
  try {
    const sent = await sendReport(config, report, { emails: flags.email });
    if (sent.length === 0)
      throw new UsageError('--send: neither REPORT_EMAILS nor SLACK_BOT_TOKEN nor SLACK_WEBHOOK_URL is set');
    for (const where of sent) console.error(where);
  } catch (error) {
    throw error instanceof PortError ? new UsageError(error.message) : error;
  }
  if (database !== undefined) await markSent(database, report.input.month, report.edition);
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${errorText(error)}`);
  }
}

/** One line on a terminal, written over; nothing where standard error is a file. */
function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what === '' ? '' : `reading ${what} …`}`);
}
