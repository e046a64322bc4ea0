import { z } from 'zod';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Sql } from '../../responders/store/database.ts';
import type { MonthlyReport } from './report.ts';

const Edition = z.object({
  edition: z.number().int(),
  issuedAtMs: z.number(),
  inputHash: z.string(),
  total: z
    .number()
    .int()
    .nullable()
    .transform((amount) => (amount === null ? undefined : (amount as MicroUsd))),
  basis: z.string().nullable(),
  sent: z.boolean(),
});
/** An edition of a month's report as it was issued. */
export type Edition = z.output<typeof Edition>;

/** The newest edition of a month; undefined when none was issued. */
export async function lastEdition(sql: Sql, month: string): Promise<Edition | undefined> {
  const [row] = await sql.query<object>(
    `select edition, (extract(epoch from issued_at) * 1000)::float8 as "issuedAtMs", input_hash as "inputHash",
       total_micro_usd::float8 as total, basis, sent
     from monthly_report where month = $1 order by edition desc limit 1`,
    [month],
  );
  return row === undefined ? undefined : Edition.parse(row);
}

/** Keeps an edition with everything it was made of; false when that edition exists already, so that two replicas issue one. */
export async function keepEdition(sql: Sql, report: MonthlyReport): Promise<boolean> {
  const { input, edition, inputHash, money } = report;
  const rows = await sql.query<object>(
    `insert into monthly_report (month, edition, input, input_hash, total_micro_usd, basis)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning edition`,
    [input.month, edition, JSON.stringify(input), inputHash, money.spend?.amount ?? null, money.spend?.basis ?? null],
  );
  return rows.length > 0;
}

/** Notes that an edition went out; until then the schedule tries again. */
export async function markSent(sql: Sql, month: string, edition: number): Promise<void> {
  await sql.query('update monthly_report set sent = true where month = $1 and edition = $2', [month, edition]);
}

/** The stored input of an edition, as the text of its file. */
export async function editionInput(sql: Sql, month: string, edition: number): Promise<string | undefined> {
  const [row] = await sql.query<{ input: string }>(
    'select input::text as input from monthly_report where month = $1 and edition = $2',
    [month, edition],
  );
  return row?.input;
}
