import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from '../../../kernel/duration.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { createSimulator } from '../../../lab/simulator/simulator.ts';
import { listIncidents } from '../../../responders/store/incidents.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { runsOfIncident } from '../../../responders/store/runs.ts';
import { renderReply } from '../../../responders/tell/reply.ts';
import { readView } from '../../../responders/views.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

const patience = 60_000;

test('the troubleshooting that fits runs when the alert arrives, and again at a click in its thread; what it found stands there', async (t) => {
  const simulator = createSimulator({ factor: 60 });
  const waiting = { reason: 'ImagePullBackOff', message: 'tag v9 is not there' };
  const objects = memoryObjects([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'chat-service-1' },
      spec: { nodeName: 'n1' },
      status: { containerStatuses: [{ name: 'c', image: 'chat:v9', state: { waiting } }] },
    },
  ]);
  const rig = await startRig(await testDatabase(), {
    simulator,
    people: [
      { name: 'vera', subjects: ['slack:T0/U1'], roles: ['view'] },
      { name: 'otto', subjects: ['slack:T0/U2'], roles: ['operate'] },
    ],
    ports: {
      cluster: simulator.cluster,
      fleet: simulator.fleet,
      cloud: simulator.cloud,
      alertmanager: { activeAlerts: async () => [], silence: async () => 's' },
      objects,
    },
  });
  t.after(() => rig.close());
  const { database } = rig.responder.core;
  const entries = async (incidentId: string, kind: string) =>
    (await readJournal(database, { incidentId })).filter((entry) => entry.kind === kind);

  await rig.send({ alertname: 'HighErrorRate', labels: { service: 'chat-service' } });
  let incident: Awaited<ReturnType<typeof listIncidents>>[number] | undefined;
  await waitFor(
    async () => {
      [incident] = await listIncidents(database, { open: true });
      return incident !== undefined;
    },
    'the incident',
    patience,
  );
  assert.ok(incident !== undefined);
  const { id, publicId, version } = incident;
  await waitFor(async () => (await entries(id, 'evidence')).length > 0, 'what was found on arrival', patience);
  const [arrival] = await entries(id, 'evidence');
  assert.match(
    arrival?.text ?? '',
    /^Service not starting: image: chat-service-1 cannot get chat:v9: tag v9 is not there/,
  );
  const before = (await runsOfIncident(database, id)).filter(({ action }) => action === 'troubleshoot').length;
  assert.equal(before, 0);

  const whisper = { channel: 'C', user: 'U1' };
  const click = {
    subject: 'slack:T0/U1',
    whisperTo: whisper,
    dedupKey: 'k1',
    kind: 'troubleshoot',
    publicId,
    version,
  } as const;
  assert.match((await rig.responder.clicks.onClick(click)) ?? '', /look for the cause/);
  const looked = async () => (await runsOfIncident(database, id)).find(({ action }) => action === 'troubleshoot');
  await waitFor(async () => (await looked())?.state === 'verified', 'the look to be over', patience);
  assert.equal((await looked())?.requestedBy, 'slack:T0/U1');
  const [told] = (await entries(id, 'verified')).filter(({ runId }) => runId !== undefined);
  assert.ok(told !== undefined);
  const view = await readView(rig.responder.core, { id }, { interactive: true, consoleUrl: undefined, entries: 50 });
  assert.ok(view !== undefined);
  for (const entry of [arrival, told])
    assert.match(
      JSON.stringify(entry && renderReply(entry, view)?.blocks),
      /image · found · chat-service-1 cannot get/,
    );

  // A silence is of the thread's alert as well, which it must still know when it is looked at once more.
  const [now] = await listIncidents(database, { open: true });
  const words = await rig.responder.clicks.onClick({
    ...click,
    version: now?.version ?? version,
    subject: 'slack:T0/U2',
    dedupKey: 'k3',
    kind: 'silence',
    params: { for: duration('1h') },
    reason: 'known',
  });
  assert.match(words ?? '', /On its way: silence/);
  const silenced = async () => (await runsOfIncident(database, id)).find(({ action }) => action === 'silenceAlert');
  await waitFor(async () => (await silenced())?.finishedAtMs !== undefined, 'the silence', patience);
  assert.equal((await silenced())?.state, 'verified');

  const stranger = await rig.responder.clicks.onClick({ ...click, subject: 'slack:T0/U9', dedupKey: 'k2' });
  assert.match(stranger ?? '', /does not know you/);
});
