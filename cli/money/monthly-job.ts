import type { Clock } from '../../kernel/clock.ts';
import type { Config } from '../../kernel/config.ts';
import type { Log } from '../../kernel/log.ts';
import { monthBefore, monthOf } from '../../model/cost/accrual.ts';
import { type Edition, editionInput, keepEdition, lastEdition, markSent } from '../../reports/monthly/editions.ts';
import { type MonthlyInput, parseMonthlyInput } from '../../reports/monthly/input.ts';
import { type MonthlyReport, monthlyReport } from '../../reports/monthly/report.ts';
import type { Database } from '../../responders/store/database.ts';
import { firstTime } from '../../responders/store/once.ts';

/** What the job needs; tests give their own. */
export interface MonthlyJobParts {
  readonly clock: Clock;
  readonly database: Database;
  readonly read: (month: string, replaces: MonthlyInput['replaces']) => Promise<MonthlyInput>;
  readonly send: (report: MonthlyReport) => Promise<readonly string[]>;
  readonly log: Log;
}

/** Until this day of the month an invoice is waited for; then the estimate goes out, and the invoice makes a second edition. */
const waitForInvoiceUntilDay = 5;

/**
 * Issues last month's report once its invoice is there, or as an estimate when it is late, and once more when the invoice comes. Runs daily and does nothing on most days:
 * a day on which a peer was away is made good by the next. An edition is kept before it goes out; one that did not go out is sent again, the same bytes.
 */
export async function monthlyJob(parts: MonthlyJobParts): Promise<'waiting' | 'nothing-to-do' | 'sent'> {
  const { clock, database, log } = parts;
  const month = monthBefore(monthOf(clock.now()));
  const last = await lastEdition(database, month);
  if (last !== undefined && !last.sent) return await resend(parts, month, last);
  if (last?.basis === 'invoice') return 'nothing-to-do';
  const replaces = last && {
    edition: last.edition,
    issuedAtMs: Math.round(last.issuedAtMs),
    total: last.total,
    inputHash: last.inputHash,
    reason: 'the invoice has come',
  };
  const report = monthlyReport(await parts.read(month, replaces));
  const billed = report.money.spend?.basis === 'invoice';
  if (!billed && (last !== undefined || new Date(clock.now()).getUTCDate() < waitForInvoiceUntilDay)) return 'waiting';
  if (!(await keepEdition(database, report))) return 'nothing-to-do';
  return await out(parts, report, log);
}

async function resend(parts: MonthlyJobParts, month: string, last: Edition): Promise<'nothing-to-do' | 'sent'> {
  const stored = await editionInput(parts.database, month, last.edition);
  const report = monthlyReport(parseMonthlyInput(stored ?? '', `edition ${last.edition} of ${month}`));
  return await out(parts, report, parts.log);
}

/** One try a day: who finds an edition that is not out yet cannot tell whether another replica is sending it right now. */
async function out(parts: MonthlyJobParts, report: MonthlyReport, log: Log): Promise<'nothing-to-do' | 'sent'> {
  const day = new Date(parts.clock.now()).toISOString().slice(0, 10);
  const key = `monthly-report/${report.input.month}/${report.edition}/${day}`;
  if (!(await firstTime(parts.database, key))) return 'nothing-to-do';
  const sent = await parts.send(report);
  await markSent(parts.database, report.input.month, report.edition);
  log.info({ month: report.input.month, edition: report.edition, sent }, 'the monthly report was issued');
  return 'sent';
}

/** The job for the responder's clockwork: daily, at 08:30 in Jakarta. */
export function scheduledReport(config: Config, clock: Clock, log: Log, database: Database) {
  return {
    name: 'monthly-report',
    pattern: '30 1 * * *',
    async run(): Promise<void> {
      const [{ readMonth }, { sendReport }] = await Promise.all([
        import('./monthly-sources.ts'),
        import('./monthly-send.ts'),
      ]);
      await monthlyJob({
        clock,
        database,
        log,
        read: (month, replaces) =>
          readMonth(
            config,
            { month, timeZone: config.REPORT_TIME_ZONE, ...(replaces === undefined ? {} : { replaces }) },
            { database, clock, progress: () => undefined },
          ),
        send: (report) => sendReport(config, report),
      });
    },
  };
}
