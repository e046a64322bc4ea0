import type { Subject } from '../records.ts';
import type { Sql } from './database.ts';

/** A stretch for which booked meetings want so many SFU nodes. */
export interface BookedStep {
  /** From when on the nodes must be asked for. */
  readonly orderAtMs: number;
  readonly untilMs: number;
  readonly nodes: number;
  readonly meetings: number;
  readonly participants: number;
}

/** What booked meetings want now, and for how much longer. */
export type Booked = Omit<BookedStep, 'untilMs'> & { readonly forMs: number };

/** Puts a plan in the place of what was planned from now on; what has begun and is not in the new plan ends. One transaction, please. */
export async function putBookedSteps(sql: Sql, steps: readonly BookedStep[], by: Subject): Promise<void> {
  await sql.query('delete from booked_step where until_at > clock_timestamp()');
  for (const { orderAtMs, untilMs, nodes, meetings, participants } of steps)
    await sql.query(
      `insert into booked_step (order_at, until_at, nodes, meetings, participants, set_by)
       values (to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), $3, $4, $5, $6) on conflict (order_at) do nothing`,
      [orderAtMs, untilMs, nodes, meetings, participants, by],
    );
}

/** What the bookings want now, the most of what overlaps, and for how long; undefined when nothing is due. By the store's clock, as all limits are. */
export async function bookedNow(sql: Sql): Promise<Booked | undefined> {
  const [row] = await sql.query<Booked>(
    `select nodes, meetings, participants, order_at as "orderAtMs",
       (extract(epoch from until_at - clock_timestamp()) * 1000)::float8 as "forMs" from booked_step
     where order_at <= clock_timestamp() and until_at > clock_timestamp() order by nodes desc, until_at desc limit 1`,
  );
  return row;
}

/** Lets the nodes that bookings asked for stand until their meetings are over: a hold is shorter than a day of meetings. */
export async function holdBooked(sql: Sql, runbook: string, forMs: number): Promise<void> {
  await sql.query(
    `update hold set expires_at = greatest(expires_at, clock_timestamp() + make_interval(secs => $2::float8 / 1000))
     where expires_at > clock_timestamp() and run_id in (select id from run where alertname = $1)`,
    [runbook, forMs],
  );
}
