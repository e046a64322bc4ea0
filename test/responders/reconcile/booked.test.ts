import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followBookings } from '../../../responders/reconcile/booked.ts';
import { bookedNow, putBookedSteps } from '../../../responders/store/booked.ts';
import { listIncidents } from '../../../responders/store/incidents.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { activeHolds } from '../../../responders/store/runs.ts';
import { testDatabase } from '../../support/database.ts';
import { rigDeclared, startRig, waitFor } from '../../support/rig.ts';

const declared = {
  ...rigDeclared,
  workloads: rigDeclared.workloads.map((one) => (one.name === 'livekit-sfu' ? { ...one, maxReplicas: 10 } : one)),
};
const timings = { tickMs: 100, leaseMs: 60_000, worldMs: 100, cloudMs: 1_000, verifyEveryMs: 100 };
const hourMs = 3_600_000;
const step = (fromMs: number, untilMs: number, nodes: number) => ({
  orderAtMs: Date.now() + fromMs,
  untilMs: Date.now() + untilMs,
  nodes,
  meetings: 3,
  participants: 1_200,
});

test('what is booked now is asked for and stands until the meetings are over; what is not due, over or more than declared is not', async (t) => {
  const rig = await startRig(await testDatabase(), { timings, declared });
  t.after(() => rig.close());
  const { core } = rig.responder;
  const sfu = async () => (await rig.simulator.cluster.deployment('livekit-sfu'))?.replicas ?? 0;
  const before = await sfu();

  assert.equal(await followBookings(core), 'nothing-booked');
  await putBookedSteps(
    core.database,
    [step(hourMs, 2 * hourMs, before + 2), step(-3 * hourMs, -hourMs, before + 3)],
    'cli:ana',
  );
  assert.equal(await followBookings(core), 'nothing-booked');
  assert.equal(await sfu(), before);

  // A new plan takes the place of the old one.
  await putBookedSteps(core.database, [step(-60_000, 5 * hourMs, before + 2)], 'cli:ana');
  assert.equal((await bookedNow(core.database))?.nodes, before + 2);
  assert.equal(await followBookings(core), 'asked');
  await waitFor(async () => (await sfu()) === before + 2, 'the booked nodes');

  // Asked again each minute it changes nothing, and the hold reaches to the end of the meetings.
  await waitFor(async () => (await activeHolds(core.database)).has('deployment/livekit-sfu'), 'the hold');
  assert.equal(await followBookings(core), 'refused');
  const [hold] = await core.database.query<{ hours: number }>(
    'select (extract(epoch from max(expires_at) - clock_timestamp()) / 3600)::float8 as hours from hold',
  );
  assert.ok((hold?.hours ?? 0) > 4.9, String(hold?.hours));
  assert.equal(await sfu(), before + 2);

  await putBookedSteps(core.database, [step(-60_000, hourMs, 50)], 'cli:ana');
  assert.equal(await followBookings(core), 'refused');
  assert.equal(await sfu(), before + 2);
});

test('a booking that is refused is told once in a thread, with who will lack nodes and why; one that stands already is not', async (t) => {
  const rig = await startRig(await testDatabase(), { timings, declared });
  t.after(() => rig.close());
  const { core } = rig.responder;
  const refusals = async () => (await readJournal(core.database, { kind: 'refused' })).map(({ text }) => text);

  await putBookedSteps(core.database, [step(-60_000, hourMs, 1)], 'cli:ana');
  assert.equal(await followBookings(core), 'refused');
  assert.deepEqual(await refusals(), []);

  await putBookedSteps(core.database, [step(-60_000, hourMs, 50)], 'cli:ana');
  for (let minute = 0; minute < 3; minute += 1) assert.equal(await followBookings(core), 'refused');
  const told = await refusals();
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /^50 SFU nodes are booked for 3 meetings of 1200 people, for \S+.* from now: .*50/);
  const [incident] = await listIncidents(core.database, { open: true });
  assert.match(incident?.title ?? '', /booked-meetings/);
});
