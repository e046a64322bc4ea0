import type { ActionName } from '../../alerts/vocabulary.ts';
import type { Judgement } from '../decide/decide.ts';
import type { Subject } from '../records.ts';
import type { Sql } from './database.ts';

/** What someone at a command line wants done: written to the store, taken up by any responder. */
export interface Wish {
  readonly id: string;
  readonly by: Subject;
  readonly action: string;
  readonly params: unknown;
  readonly dryRun: boolean;
}

/** What became of a wish: the guards' answer, or the sentence that says what is wrong with it. */
export interface WishAnswer {
  readonly outcome: Judgement['outcome'] | 'invalid';
  /** The refusal's word, where it is one. */
  readonly reason?: string | undefined;
  readonly saw: string;
  readonly plan?: Judgement['plan'];
  readonly trace: Judgement['trace'];
  readonly runId?: string | undefined;
}

/** Writes a wish, which lapses when nobody takes it up in time: what was asked for an hour ago must not happen now. Returns its id. */
export async function makeWish(
  sql: Sql,
  wish: { by: Subject; action: ActionName; params: unknown; dryRun: boolean; forMs: number },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into wish (asked_by, action, params, dry_run, expires_at)
     values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5::float8 / 1000)) returning id::text`,
    [wish.by, wish.action, JSON.stringify(wish.params), wish.dryRun, wish.forMs],
  );
  return row?.id ?? '';
}

/** The oldest open wish for one of these actions, locked until the transaction ends; undefined when none waits. A responder of an older version leaves alone what it does not know. */
export async function takeWish(sql: Sql, actions: readonly string[]): Promise<Wish | undefined> {
  const [row] = await sql.query<Wish>(
    `select id::text, asked_by as by, action, params, dry_run as "dryRun" from wish
     where answer is null and expires_at > clock_timestamp() and action = any($1::text[])
     order by asked_at limit 1 for update skip locked`,
    [[...actions]],
  );
  return row;
}

/** Writes what became of it. */
export async function answerWish(sql: Sql, id: string, answer: WishAnswer): Promise<void> {
  await sql.query('update wish set answer = $2, run_id = $3, answered_at = clock_timestamp() where id::text = $1', [
    id,
    JSON.stringify(answer),
    answer.runId ?? null,
  ]);
}

/** What became of it so far; undefined while nobody has taken it up. */
export async function readWishAnswer(sql: Sql, id: string): Promise<WishAnswer | undefined> {
  const [row] = await sql.query<{ answer: WishAnswer | null }>('select answer from wish where id::text = $1', [id]);
  return row?.answer ?? undefined;
}

/** Takes a wish back; false when someone has taken it up meanwhile. */
export async function dropWish(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    'delete from wish where id::text = $1 and answer is null returning id::text',
    [id],
  );
  return rows.length > 0;
}
