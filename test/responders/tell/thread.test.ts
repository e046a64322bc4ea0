import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import type { ChatMessage } from '../../../responders/ports.ts';
import { Block } from '../../../responders/tell/blocks.ts';
import { renderIncident } from '../../../responders/tell/thread.ts';
import { stateColors } from '../../../responders/tell/view.ts';
import { assertGolden } from '../../support/golden.ts';
import { entryOf, episodeOf, incidentOf, runOf, threeAtNight, viewOf } from '../../support/incident-view.ts';

function blocksOf(message: ChatMessage): Block[] {
  return message.blocks.map((block) => Block.parse(block));
}

function textOf(message: ChatMessage): string {
  return blocksOf(message)
    .map((block) =>
      block.type === 'section'
        ? block.text.text
        : block.type === 'context'
          ? block.elements.map((one) => one.text).join(' ')
          : block.type === 'header'
            ? block.text.text
            : '',
    )
    .join('\n');
}

function buttonsOf(message: ChatMessage): string[] {
  return blocksOf(message).flatMap((block) =>
    block.type === 'actions' ? block.elements.map((one) => one.action_id) : [],
  );
}

describe('the parent message', () => {
  it('reads as reviewed while the responder acts on its own', () => {
    const view = viewOf({
      runs: [runOf()],
      offers: [{ action: 'scaleSfu', says: 'Add 1 more SFU node (5 to 6)', costPerHour: usd(0.25) }],
    });

    assertGolden('slack/acting.json', renderIncident(view));
  });

  it('reads as reviewed while it waits for two people and refuses more', () => {
    const drain = runOf({
      id: '22',
      action: 'drainSfu',
      state: 'proposed',
      says: 'Drain SFU sfu-3: 3 rooms, 412 participants move when their meetings end',
      requestedBy: 'slack:T0/U1',
      approvals: ['slack:T0/U2'],
      approvalsNeeded: 2,
      intendedAtMs: undefined,
      actedAtMs: undefined,
    });
    const view = viewOf({
      incident: incidentOf({
        acknowledgedAtMs: threeAtNight + 60_000,
        acknowledgedBy: 'slack:T0/U1',
        sev: 2,
        commander: 'slack:T0/U1',
        declaredAtMs: threeAtNight + 70_000,
      }),
      runs: [runOf({ state: 'not-improved', reason: 'load stayed above 0.8' }), drain],
      episodes: [
        episodeOf({ refusal: 'needs-approval' }),
        episodeOf({ id: '12', alertname: 'SfuHeadroomLow', refusal: 'budget' }),
      ],
    });

    assertGolden('slack/waiting.json', renderIncident(view));
  });

  it('reads as reviewed when it is over', () => {
    const view = viewOf({
      incident: incidentOf({
        closedAtMs: threeAtNight + 540_000,
        acknowledgedAtMs: threeAtNight + 60_000,
        acknowledgedBy: 'console:ana',
      }),
      episodes: [episodeOf({ resolvedAtMs: threeAtNight + 400_000, closedAtMs: threeAtNight + 540_000 })],
      runs: [runOf({ state: 'verified', finishedAtMs: threeAtNight + 90_000 })],
      impairedParticipantMinutes: 812.4,
    });

    assertGolden('slack/over.json', renderIncident(view));
  });

  it('says what is wrong, for whom and what is being done in its first two blocks', () => {
    const [header, lead] = blocksOf(renderIncident(viewOf({ runs: [runOf({ state: 'intended' })] })));

    assert.equal(header?.type === 'header' && header.text.text, 'Firing, critical: SFU node sfu-3 is saturated');
    assert.match(
      lead?.type === 'section' ? lead.text.text : '',
      /^\*For:\* 3 rooms, 412 participants on service `livekit-sfu`.*\nBeing done now: Add 1 SFU node/,
    );
  });

  it('says with the refusal word why nothing is being done', () => {
    const text = textOf(renderIncident(viewOf({ episodes: [episodeOf({ refusal: 'budget' })] })));

    assert.match(text, /\*Nothing is being done:\* The month has no money left for it\. \(`budget`\)/);
  });

  it('says in shadow mode what it would have done', () => {
    const view = viewOf({
      episodes: [episodeOf({ refusal: 'shadow' })],
      journal: [entryOf(3, { kind: 'would-act', text: 'add 1 SFU node' })],
    });

    assert.match(textOf(renderIncident(view)), /`shadow`\) It would: add 1 SFU node/);
  });

  it('does not claim that anybody is affected when no source could say', () => {
    const { affected: _, ...view } = viewOf();

    assert.match(textOf(renderIncident(view)), /rooms and participants not known/);
  });

  it('says that an alert without a runbook is left to a person', () => {
    const view = viewOf({ episodes: [episodeOf({ alertname: 'constructor' })], alerts: {} });

    assert.match(textOf(renderIncident(view)), /this alert has no runbook\. A person has to look/);
  });

  it('offers no buttons and points to the console when clicks cannot come back', () => {
    const message = renderIncident(viewOf({ interactive: false, runs: [runOf({ state: 'proposed' })] }));

    assert.deepEqual(buttonsOf(message), []);
    assert.match(textOf(message), /<https:\/\/console\.example\.com\/incidents\/inc-k3v9\|Act in the console>/);
  });

  it('offers no buttons when the incident is over', () => {
    assert.deepEqual(
      buttonsOf(
        renderIncident(
          viewOf({ incident: incidentOf({ closedAtMs: threeAtNight + 1 }), runs: [runOf({ state: 'proposed' })] }),
        ),
      ),
      [],
    );
  });

  it('puts a stamp in the place of a button once it was used', () => {
    const proposal = runOf({ state: 'proposed', approvalsNeeded: 1 });
    const before = renderIncident(viewOf({ runs: [proposal] }));
    const after = renderIncident(
      viewOf({
        runs: [{ ...proposal, state: 'intended', approvals: ['slack:T0/U2'] }],
        incident: incidentOf({ acknowledgedAtMs: threeAtNight, acknowledgedBy: 'slack:T0/U2' }),
      }),
    );

    assert.deepEqual(buttonsOf(before).slice(0, 3), ['approve', 'deny', 'acknowledge']);
    assert.equal(
      buttonsOf(after).some((kind) => ['approve', 'deny', 'acknowledge'].includes(kind)),
      false,
    );
    assert.match(textOf(after), /asked by the responder; approved by <@U2>/);
    assert.match(textOf(after), /Acknowledged by <@U2>/);
  });

  it('carries an opaque id, the version and the run in a button, and what it touches in its confirmation', () => {
    const message = renderIncident(viewOf({ runs: [runOf({ state: 'proposed', approvalsNeeded: 1 })] }));
    const approve = blocksOf(message).flatMap((block) => (block.type === 'actions' ? block.elements : []))[0];

    assert.equal(approve?.value, 'inc-k3v9:4:21');
    assert.match(approve?.confirm?.text.text ?? '', /no meeting is touched, \$0\.25\/h more/);
  });

  it('shows the price on the button that costs money', () => {
    const view = viewOf({ offers: [{ action: 'scaleSfu', says: 'Add 1', costPerHour: usd(0.25) }] });
    const labels = blocksOf(renderIncident(view)).flatMap((block) =>
      block.type === 'actions' ? block.elements.map((one) => one.text.text) : [],
    );

    assert.ok(labels.includes('Scale SFU (+$0.25/h)…'));
  });

  it('does not offer to scale where no runbook and no offer speaks of it', () => {
    assert.equal(buttonsOf(renderIncident(viewOf({ alerts: {} }))).includes('scale'), false);
  });

  it('has the colour of its state', () => {
    const acknowledged = incidentOf({ acknowledgedAtMs: threeAtNight, acknowledgedBy: 'console:ana' });

    assert.equal(renderIncident(viewOf()).color, stateColors.firing);
    assert.equal(renderIncident(viewOf({ incident: acknowledged })).color, stateColors.acknowledged);
    assert.equal(renderIncident(viewOf({ episodes: [episodeOf({ silenced: true })] })).color, stateColors.silenced);
    assert.equal(renderIncident(viewOf({ incident: incidentOf({ closedAtMs: 1 }) })).color, stateColors.resolved);
  });
});

it('an incident whose alerts all stopped firing says so, and is not yet called resolved', () => {
  const view = viewOf({ episodes: [episodeOf({ resolvedAtMs: 1_000, closedAtMs: undefined })] });

  const { text, color } = renderIncident(view);

  assert.match(text, /^No longer firing/);
  assert.notEqual(color, '#2eb886');
});
