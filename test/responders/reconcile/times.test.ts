import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Core } from '../../../responders/core.ts';
import { createResponderMetrics } from '../../../responders/metrics.ts';
import { timesSweep } from '../../../responders/reconcile/times.ts';
import { openDatabase } from '../../../responders/store/database.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { testDatabase } from '../../support/database.ts';

test('times are medians over the incidents of thirty days; what never happened has none', async (t) => {
  const database = openDatabase(await testDatabase());
  t.after(() => database.close());
  await migrate(database);
  const instruments = createResponderMetrics();
  const core = { database, instruments } satisfies Partial<Core> as Core;
  const shown = async () =>
    Object.fromEntries((await instruments.incidentTime.get()).values.map(({ labels, value }) => [labels.phase, value]));

  await timesSweep(core);
  assert.deepEqual(await shown(), {});

  const incident = async (
    openedDaysAgo: number,
    seconds: { detect: number; acknowledge?: number; resolve?: number },
  ) => {
    const [row] = await database.query<{ id: string }>(
      `insert into incident (title, severity, keys, opened_at) values ('x', 'critical', '{}', clock_timestamp() - make_interval(days => $1)) returning id`,
      [openedDaysAgo],
    );
    await database.query(
      `update incident set acknowledged_at = opened_at + make_interval(secs => $2), closed_at = opened_at + make_interval(secs => $3) where id = $1`,
      [row?.id, seconds.acknowledge ?? null, seconds.resolve ?? null],
    );
    await database.query(
      `insert into episode (fingerprint, alertname, labels, annotations, incident_id, starts_at)
       select 'f' || id, 'A', '{}', '{}', id, opened_at - make_interval(secs => $2) from incident where id = $1`,
      [row?.id, seconds.detect],
    );
  };
  await incident(1, { detect: 10, acknowledge: 60 });
  await incident(2, { detect: 30, acknowledge: 120 });
  // A clock that is ahead makes nothing negative.
  await incident(3, { detect: -40 });
  await incident(31, { detect: 9_000, acknowledge: 9_000, resolve: 9_000 });
  await timesSweep(core);
  assert.deepEqual(await shown(), { detect: 10, acknowledge: 90 });
});
