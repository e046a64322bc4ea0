import type { Sql } from '../store/database.ts';
import { append } from '../store/journal.ts';
import type { WebhookAlert } from './schema.ts';

/** Accepts alerts: one statement, durable when it returns. */
export async function accept(sql: Sql, alerts: readonly WebhookAlert[]): Promise<void> {
  await sql.query('insert into inbox (alert) select value from jsonb_array_elements($1::jsonb)', [
    JSON.stringify(alerts),
  ]);
}

/** Takes the oldest accepted alerts out, in the order they came; they are gone when the transaction commits, and back if it does not. */
export async function takeInbox(sql: Sql, limit: number): Promise<{ alert: WebhookAlert; receivedAtMs: number }[]> {
  return await sql.query<{ alert: WebhookAlert; receivedAtMs: number }>(
    `with taken as (delete from inbox where id in (select id from inbox order by id limit $1) returning id, alert, received_at)
     select alert, received_at as "receivedAtMs" from taken order by id`,
    [limit],
  );
}

/** How many wait, and how long the oldest has. */
export async function inboxState(sql: Sql): Promise<{ rows: number; oldestAgeSeconds: number }> {
  const [row] = await sql.query<{ rows: number; age: number | null }>(
    'select count(*)::int as rows, extract(epoch from clock_timestamp() - min(received_at))::float8 as age from inbox',
  );
  return { rows: row?.rows ?? 0, oldestAgeSeconds: row?.age ?? 0 };
}

/** Takes the oldest accepted alert out of the way, which could not be taken up, and puts it on the record. */
export async function setAside(sql: Sql, problem: string): Promise<void> {
  const [taken] = await takeInbox(sql, 1);
  if (taken === undefined) return;
  const { fingerprint, labels } = taken.alert;
  const name = labels['alertname'] ?? 'an alert';
  await append(sql, [
    {
      kind: 'failed',
      subject: 'alertmanager',
      text: `${name} was accepted and could not be taken up`,
      detail: { fingerprint, problem: problem.slice(0, 500).toWellFormed() },
    },
  ]);
}
