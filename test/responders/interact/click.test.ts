import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ClickDesk, type DeskIncident, handleClick, type Outcome } from '../../../responders/interact/click.ts';
import { type Click, readCommand, readInteraction } from '../../../responders/interact/payload.ts';
import { parsePeople } from '../../../responders/interact/permissions.ts';
import { incidentOf, runOf, threeAtNight } from '../../support/incident-view.ts';
import { blockActions, slashCommand, viewSubmission } from '../../support/slack-payloads.ts';

const people = parsePeople(`
people:
  - { name: Ana, subjects: [slack:T0/U1, console:ana], roles: [approve] }
  - { name: Bob, subjects: [slack:T0/U2], roles: [approve] }
  - { name: Eve, subjects: [slack:T0/U3], roles: [view] }
`);

function clickOf(received: ReturnType<typeof readInteraction>): Click {
  assert.ok('click' in received, JSON.stringify(received));
  return received.click;
}
const press = (kind: string, value = 'inc-k3v9:4', user = 'U1') =>
  clickOf(readInteraction(blockActions(kind, value, { user })));

describe('a click', () => {
  let done: string[];
  let found: DeskIncident | undefined;
  let outcome: Outcome;
  let modals: Record<string, unknown>[];

  beforeEach(() => {
    done = [];
    modals = [];
    outcome = { ok: true };
    found = {
      incident: incidentOf(),
      runs: [runOf({ state: 'proposed', approvalsNeeded: 2, requestedBy: 'responder' })],
      lastChange: { what: 'scaled out', by: 'slack:T0/U2' },
    };
  });

  const note = (what: string) => {
    done.push(what);
    return Promise.resolve(outcome);
  };
  const desk: ClickDesk = {
    people,
    find: async (publicId) => (publicId === 'inc-k3v9' ? found : undefined),
    acknowledge: (incident, subject) => note(`acknowledge ${incident.id} ${subject}`),
    approve: (runId, subject) => note(`approve ${runId} ${subject}`),
    deny: (runId, subject) => note(`deny ${runId} ${subject}`),
    request: ({ action, params, reason }) => note(`request ${action} ${JSON.stringify(params)} ${reason}`),
    escalate: (incident) => note(`escalate ${incident.id}`),
    noise: (incident) => note(`noise ${incident.id}`),
    control: (command) => note(`control ${JSON.stringify(command)}`),
    status: async () => 'all quiet',
    modalHelp: async () => ({ says: 'Add 1 node, $0.25/h', services: ['meeting', 'chat'] }),
    openModal: async (_trigger, view) => void modals.push(view),
  };

  it('acknowledges, escalates and marks noise', async () => {
    for (const kind of ['acknowledge', 'escalate', 'noise']) await handleClick(press(kind), desk);

    assert.deepEqual(done, ['acknowledge 7 slack:T0/U1', 'escalate 7', 'noise 7']);
  });

  it('approves a proposal, and says how many more it needs', async () => {
    const answer = await handleClick(press('approve', 'inc-k3v9:4:21'), desk);

    assert.deepEqual(done, ['approve 21 slack:T0/U1']);
    assert.equal(answer.words, 'Approved. It waits for 1 more.');
  });

  it('approves by the run even when the incident moved on, since what it would do did not', async () => {
    await handleClick(press('approve', 'inc-k3v9:1:21'), desk);

    assert.deepEqual(done, ['approve 21 slack:T0/U1']);
  });

  it('does nothing for a stranger, and says so', async () => {
    const answer = await handleClick(press('acknowledge', 'inc-k3v9:4', 'U9'), desk);

    assert.deepEqual([answer.refusal, done], ['stranger', []]);
    assert.match(answer.words ?? '', /does not know you \(`slack:T0\/U9`\)/);
  });

  it('does nothing for a person without the role, and names the role', async () => {
    const answer = await handleClick(press('approve', 'inc-k3v9:4:21', 'U3'), desk);

    assert.deepEqual([answer.refusal, done], ['role', []]);
    assert.equal(answer.words, 'Not done: this needs the role `approve`; you have `view`.');
  });

  it('lets everyone who may look call for help and look for the cause, also by an older button', async () => {
    await handleClick(press('escalate', 'inc-k3v9:1', 'U3'), desk);
    await handleClick(press('troubleshoot', 'inc-k3v9:1', 'U3'), desk);

    assert.deepEqual(done, ['escalate 7', 'request troubleshoot {} by button']);
  });

  it('does not let the person who asked approve, under whatever name they asked', async () => {
    found = {
      incident: incidentOf(),
      runs: [runOf({ state: 'proposed', requestedBy: 'console:ana', approvalsNeeded: 1 })],
      lastChange: undefined,
    };

    const answer = await handleClick(press('approve', 'inc-k3v9:4:21'), desk);

    assert.deepEqual([answer.refusal, done], ['own-request', []]);
  });

  it('lets the person who broke the glass approve what they asked for, and nobody else what they did', async () => {
    const runs = [runOf({ state: 'proposed', requestedBy: 'console:ana', approvalsNeeded: 2 })];
    found = { incident: incidentOf(), runs, lastChange: undefined, breakGlassBy: 'console:ana' };
    await handleClick(press('approve', 'inc-k3v9:4:21'), desk);
    found = { incident: incidentOf(), runs, lastChange: undefined, breakGlassBy: 'slack:T0/U2' };

    const other = await handleClick(press('approve', 'inc-k3v9:4:21'), desk);

    assert.deepEqual([done, other.refusal], [['approve 21 slack:T0/U1'], 'own-request']);
  });

  it('does not count one person twice', async () => {
    found = {
      incident: incidentOf(),
      runs: [runOf({ state: 'proposed', approvals: ['console:ana'], approvalsNeeded: 2 })],
      lastChange: undefined,
    };

    const first = await handleClick(press('approve', 'inc-k3v9:4:21'), desk);
    const second = await handleClick(press('approve', 'inc-k3v9:4:21', 'U2'), desk);

    assert.equal(first.refusal, 'same-person');
    assert.deepEqual(done, ['approve 21 slack:T0/U2']);
    assert.match(second.words ?? '', /^Approved\. Every guard is asked once more/);
  });

  it('lets the person who asked take it back', async () => {
    found = {
      incident: incidentOf(),
      runs: [runOf({ state: 'proposed', requestedBy: 'slack:T0/U1', approvalsNeeded: 1 })],
      lastChange: undefined,
    };

    assert.equal((await handleClick(press('deny', 'inc-k3v9:4:21'), desk)).words, 'Denied.');
  });

  it('does nothing on a button that was used, and says by whom', async () => {
    found = {
      incident: incidentOf({ acknowledgedAtMs: threeAtNight, acknowledgedBy: 'slack:T0/U2' }),
      runs: [runOf({ state: 'verifying', approvals: ['slack:T0/U2'] })],
      lastChange: undefined,
    };

    const answers = [
      await handleClick(press('approve', 'inc-k3v9:4:21'), desk),
      await handleClick(press('acknowledge'), desk),
    ];

    assert.deepEqual(done, []);
    assert.deepEqual(
      answers.map(({ words }) => words),
      ['Already decided: done; its effect is being checked, approved by <@U2>.', 'Already acknowledged by <@U2>.'],
    );
  });

  it('does nothing on an older message than the incident, and says who was first', async () => {
    const answer = await handleClick(press('scale', 'inc-k3v9:3'), desk);

    assert.equal(answer.refusal, 'stale');
    assert.match(answer.words ?? '', /already done by <@U2>: scaled out/);
    assert.deepEqual([done, modals], [[], []]);
  });

  it('does nothing for an incident that is over or unknown, or a run of another', async () => {
    const unknown = await handleClick(press('noise', 'inc-other:4'), desk);
    const run = await handleClick(press('approve', 'inc-k3v9:4:99'), desk);
    found = { incident: incidentOf({ closedAtMs: 1 }), runs: [], lastChange: undefined };
    const over = await handleClick(press('noise'), desk);

    assert.deepEqual([unknown.refusal, run.refusal, over.refusal], ['unknown-incident', 'unknown-run', 'closed']);
    assert.deepEqual(done, []);
  });

  it('opens a form that says what it would do and cost, and does nothing yet', async () => {
    const answer = await handleClick(press('scale'), desk);

    assert.deepEqual([answer.words, done], [undefined, []]);
    assert.equal(modals[0]?.['callback_id'], 'gomeet-scale');
    assert.match(JSON.stringify(modals[0]), /Add 1 node, \$0\.25\/h/);
  });

  it('asks for the action of a form that was filled in, and passes on what the guards said', async () => {
    outcome = { ok: false, says: 'The month has no money left for it. (`budget`)' };

    const answer = await handleClick(
      clickOf(readInteraction(viewSubmission('scale', { step: '2', reason: 'event' }))),
      desk,
    );

    assert.deepEqual(done, ['request scaleSfu {"step":2} event']);
    assert.deepEqual(
      [answer.refusal, answer.words],
      ['refused', 'Not done: The month has no money left for it. (`budget`)'],
    );
  });

  it('asks for a restart, a silence and an incident by their actions', async () => {
    const forms = [
      viewSubmission('restart', { service: 'chat', reason: 'leaks memory' }),
      viewSubmission('silence', { duration: '2h', reason: 'known' }),
      viewSubmission('openIncident', { sev: '2', reason: 'many hit' }),
    ];

    for (const form of forms) await handleClick(clickOf(readInteraction(form)), desk);

    assert.deepEqual(done, [
      'request restartWorkload {"workload":"chat"} leaks memory',
      'request silenceAlert {"for":"2h"} known',
      'request openIncident {"sev":2} many hit',
    ]);
  });

  it('takes controls from a command, and looses nothing for a person who may only stop', async () => {
    await handleClick(clickOf(readCommand(slashCommand('stop-all bad deploy'))), desk);
    const denied = await handleClick(
      { ...clickOf(readCommand(slashCommand('resume fine again'))), subject: 'slack:T0/U3' },
      desk,
    );
    const status = await handleClick({ ...clickOf(readCommand(slashCommand('status'))), subject: 'slack:T0/U3' }, desk);

    assert.deepEqual(done, ['control {"name":"stop-all","reason":"bad deploy"}']);
    assert.deepEqual([denied.refusal, status.words], ['role', 'all quiet']);
  });

  it('acknowledges by command, once', async () => {
    const command = clickOf(readCommand(slashCommand('ack inc-k3v9')));
    await handleClick(command, desk);
    found = {
      incident: incidentOf({ acknowledgedAtMs: 1, acknowledgedBy: 'slack:T0/U1' }),
      runs: [],
      lastChange: undefined,
    };

    const again = await handleClick(command, desk);

    assert.deepEqual([done.length, again.refusal], [1, 'already-done']);
  });
});
