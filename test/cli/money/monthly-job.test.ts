import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { monthlyJob } from '../../../cli/money/monthly-job.ts';
import { PortError } from '../../../kernel/errors.ts';
import { silentLog } from '../../../kernel/log.ts';
import { demoInput } from '../../../reports/monthly/demo.ts';
import { lastEdition } from '../../../reports/monthly/editions.ts';
import type { MonthlyInput } from '../../../reports/monthly/input.ts';
import { readReliability } from '../../../reports/monthly/journal.ts';
import type { MonthlyReport } from '../../../reports/monthly/report.ts';
import { openDatabase } from '../../../responders/store/database.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { testDatabase } from '../../support/database.ts';

const database = openDatabase(await testDatabase());
await migrate(database);
after(() => database.close());

const whole = demoInput();
const unbilled = { ...whole, invoices: whole.invoices.filter(({ period }) => period !== '2026-10') };
const sent: MonthlyReport[] = [];

function on(day: number, facts: MonthlyInput, send = async (report: MonthlyReport) => [`${sent.push(report)}`]) {
  const atMs = Date.UTC(2026, 10, day, 1, 30);
  return monthlyJob({
    clock: { now: () => atMs, sleep: async () => undefined } as never,
    database,
    log: silentLog,
    read: async (month, replaces) => {
      assert.equal(month, '2026-10');
      return { ...facts, asOfMs: atMs, replaces };
    },
    send,
  });
}

test('a month is issued when its invoice is there or late, once, again with the invoice, and what did not go out goes out the next day', async () => {
  assert.equal(await on(2, unbilled), 'waiting');
  assert.equal(sent.length, 0);
  const away = async (): Promise<never> => {
    throw new PortError('smtp', 'unreachable', 'connection refused');
  };
  await assert.rejects(on(5, unbilled, away), /unreachable/);
  assert.deepEqual(
    [(await lastEdition(database, '2026-10'))?.edition, (await lastEdition(database, '2026-10'))?.sent],
    [1, false],
  );

  // The next day sends what was kept, not a new edition, whatever is known by then.
  assert.equal(await on(6, whole), 'sent');
  assert.deepEqual(
    [sent[0]?.edition, sent[0]?.money.spend?.basis, sent[0]?.input.asOfMs],
    [1, 'estimate', Date.UTC(2026, 10, 5, 1, 30)],
  );
  assert.equal(await on(7, unbilled), 'waiting');

  assert.equal(await on(8, whole), 'sent');
  assert.deepEqual([sent[1]?.edition, sent[1]?.money.spend?.basis], [2, 'invoice']);
  assert.equal(sent[1]?.input.replaces?.reason, 'the invoice has come');
  assert.equal(sent[1]?.input.replaces?.total, sent[0]?.money.spend?.amount);

  assert.equal(await on(9, whole), 'nothing-to-do');
  assert.equal(sent.length, 2);
});

test('two replicas issue one edition, also when one comes while the other sends', async () => {
  await database.query('delete from monthly_report');
  sent.length = 0;
  const second: Promise<string>[] = [];
  const slow = async (report: MonthlyReport) => {
    second.push(on(3, whole));
    await second[0];
    return [`${sent.push(report)}`];
  };
  const both = await Promise.all([on(3, whole, slow), on(3, whole, slow)]);
  assert.deepEqual(both.sort(), ['nothing-to-do', 'sent']);
  assert.deepEqual(await Promise.all(second), ['nothing-to-do']);
  assert.equal(sent.length, 1);
});

test('the journal tells of incidents, acts and what was refused, within the month alone', async () => {
  const at = '2026-10-21T03:00:00Z';
  const [incident] = await database.query<{ id: string }>(
    `insert into incident (title, severity, keys, opened_at, closed_at)
     values ('SfuSaturated, sfu', 'critical', '{}', $1, $1::timestamptz + interval '1 hour') returning id::text`,
    [at],
  );
  await database.query(
    `insert into episode (fingerprint, alertname, labels, annotations, incident_id, opened_at, starts_at, closed_at)
     values ('f', 'SfuSaturated', '{}', '{}', $1::bigint, $2, $2, $2)`,
    [incident?.id, at],
  );
  await database.query(
    `insert into run (incident_id, action, params, target, change, says, state, requested_by, acted_at)
     values ($1::bigint, 'scaleSfu', '{}', 'deployment/livekit-sfu', '{}', '', 'verified', 'responder', $2)`,
    [incident?.id, at],
  );
  const empty = await readReliability(database, undefined, {
    fromMs: Date.UTC(2026, 8, 1),
    untilMs: Date.UTC(2026, 9, 1),
  });
  assert.deepEqual([empty.incidents.length, empty.acts.length, empty.refusals.length], [0, 0, 0]);
  await database.query(
    `insert into journal (at, kind, subject, text, detail) values
     ($1, 'refused', 'responder', 'no', '{"reason": "over-budget", "plan": {"costPerHour": 3000000}}'),
     ($1, 'refused', 'responder', 'no', '{"reason": "cooldown", "plan": {"costPerHour": 1000000}}')`,
    [at],
  );
  const { refusals, incidents, acts, closedAlone } = await readReliability(database, undefined, {
    fromMs: Date.UTC(2026, 9, 1),
    untilMs: Date.UTC(2026, 10, 1),
  });
  assert.deepEqual(refusals, [
    { reason: 'cooldown', count: 1, costPerHour: undefined },
    { reason: 'over-budget', count: 1, costPerHour: 3_000_000 },
  ]);
  assert.deepEqual(acts, [{ action: 'scaleSfu', acted: 1, verified: 1, notImproved: 0 }]);
  assert.equal(closedAlone, 1);
  assert.deepEqual(
    incidents.map(({ title, acknowledgeSeconds, closedAtMs }) => [title, acknowledgeSeconds, closedAtMs]),
    [['SfuSaturated, sfu', undefined, Date.UTC(2026, 9, 21, 4)]],
  );
});
