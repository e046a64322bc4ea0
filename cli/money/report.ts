import { InvalidArgumentError } from 'commander';
import type { Register } from '../common/register.ts';
import { registerMonthly } from './report-monthly.ts';

/** `gomeet report monthly`: cost and capacity of a month; `gomeet report alerts`: which alerts wake people for nothing. */
export const registerReport: Register = (program) => {
  const report = program.command('report').description('What a month cost and can carry; which alerts were noise');
  registerMonthly(report);
  report
    .command('alerts')
    .description('Every alert by how often it fired, was noise, was acted on and verified; the noisiest first')
    .option('--days <count>', 'how far to look back', wholeDays, 30)
    .option('--json', 'as JSON')
    .action(async (flags: { days: number; json?: true }) => {
      const [{ withStore }, { alertReport }, { humanMs }] = await Promise.all([
        import('../common/store.ts'),
        import('../../reports/alerts/report.ts'),
        import('../../kernel/duration.ts'),
      ]);
      await withStore(async ({ database }) => {
        const lines = await alertReport(database, flags.days);
        if (flags.json) return console.log(JSON.stringify(lines, undefined, 2));
        if (lines.length === 0) return console.log(`No alert fired in the last ${flags.days} days.`);
        const time = (seconds: number | null) => (seconds === null ? '-' : humanMs(seconds * 1_000));
        console.log(row('alert', 'fired', 'noise', 'acted', 'verified', 'refused', 'acknowledged in', 'resolved in'));
        for (const line of lines)
          console.log(
            row(
              line.alertname,
              line.episodes,
              line.noise,
              line.acted,
              line.verified,
              line.refused,
              time(line.medianAcknowledgeSeconds),
              time(line.medianResolveSeconds),
            ),
          );
      });
    });
};

const widths = [30, 6, 6, 6, 9, 8, 16, 12];

function row(...cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) =>
      index === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[index] ?? 0),
    )
    .join('');
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new InvalidArgumentError('want 1 to 400 days');
  return days;
}
