import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import { refusalReasons } from '../../../responders/decide/reasons.ts';
import type { ChatMessage } from '../../../responders/ports.ts';
import { Block, blockLimits } from '../../../responders/tell/blocks.ts';
import { renderSummary } from '../../../responders/tell/reply.ts';
import { renderIncident, renderReply } from '../../../responders/tell/thread.ts';
import { entryOf, episodeOf, incidentOf, runOf, viewOf } from '../../support/incident-view.ts';
import { journalKinds } from '../../support/journal-kinds.ts';

const attacks = [
  '<!channel>',
  '<!here|x>',
  '<@U123>',
  '<!subteam^S1>',
  '<https://evil.example|click>',
  '```',
  '*bold*',
  '&lt;!channel&gt;',
  '\u202e',
  '</script>',
  'password=hunter22',
];
const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(fc.constantFrom(...attacks), fc.string({ maxLength: 30 }), fc.constantFrom(...attacks))
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('<', '&', '`', 'x', '_a'), fc.integer({ min: 1, max: 5_000 }))
    .map(([unit, times]) => unit.repeat(times)),
);
const hostileView = fc.record({
  title: hostile,
  labels: fc.dictionary(hostile, hostile, { maxKeys: 4 }),
  service: hostile,
  node: hostile,
  alertnames: fc.array(fc.oneof(hostile, fc.constantFrom('constructor', '__proto__', 'SfuSaturated')), {
    minLength: 1,
    maxLength: 60,
  }),
  says: hostile,
  reason: hostile,
  approver: hostile,
  runs: fc.integer({ min: 0, max: 60 }),
  state: fc.constantFrom('proposed', 'intended', 'verified', 'failed'),
  refusal: fc.constantFrom(undefined, ...refusalReasons),
  url: hostile,
  closed: fc.boolean(),
});

function viewFrom(input: typeof hostileView extends fc.Arbitrary<infer T> ? T : never) {
  return viewOf({
    incident: incidentOf({
      title: input.title,
      commander: input.approver,
      declaredAtMs: 1,
      closedAtMs: input.closed ? Date.now() : undefined,
    }),
    episodes: input.alertnames.map((alertname, index) =>
      episodeOf({
        id: String(index),
        alertname,
        refusal: input.refusal,
        labels: { ...input.labels, service: input.service, node: input.node },
        annotations: { description: input.says, runbook_url: input.url },
      }),
    ),
    runs: Array.from({ length: input.runs }, (_, index) =>
      runOf({
        id: String(index),
        state: input.state,
        says: input.says,
        reason: input.reason,
        approvals: [input.approver],
        approvalsNeeded: 2,
      }),
    ),
    links: { console: 'https://console.example.com/incidents/inc-k3v9', dashboard: input.url },
    offers: [{ action: 'scaleSfu', says: input.says, costPerHour: usd(1) }],
  });
}

function assertFits(message: ChatMessage): void {
  for (const block of message.blocks) Block.parse(block);
  assert.ok(message.blocks.length <= blockLimits.blocks, `${message.blocks.length} blocks`);
  assert.ok(
    JSON.stringify(message.blocks).length <= blockLimits.message,
    `${JSON.stringify(message.blocks).length} characters`,
  );
  assert.ok(message.text.length <= blockLimits.notification);
}

/** Every `<...>` that Slack would read as markup must be one that we write ourselves. */
function assertNoForeignMarkup(message: ChatMessage): void {
  const texts = [message.text, ...message.blocks.flatMap((block) => mrkdwnTexts(Block.parse(block)))];
  for (const text of texts) {
    for (const [found] of text.matchAll(/<[^>]*>?/g)) {
      assert.match(
        found,
        /^<(!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[^<>]*|https?:\/\/[^<>|\s]+\|[^<>|]*|@[UW][A-Z0-9]+)>$/,
        found,
      );
    }
    assert.equal(text.includes('hunter22'), false);
    assert.equal(/\u202e/.test(text), false);
  }
}

function mrkdwnTexts(block: Block): string[] {
  if (block.type === 'section') return [block.text.text, ...(block.fields ?? []).map((field) => field.text)];
  return block.type === 'context' ? block.elements.map((element) => element.text) : [];
}

describe('messages made from hostile input', () => {
  it('stay within the limits of Block Kit, whatever labels, titles and numbers of runs say', () => {
    fc.assert(
      fc.property(hostileView, (input) => assertFits(renderIncident(viewFrom(input)))),
      { numRuns: 150 },
    );
  });

  it('never carry a mention, a channel call, a foreign link or a secret', () => {
    fc.assert(
      fc.property(hostileView, (input) => assertNoForeignMarkup(renderIncident(viewFrom(input)))),
      { numRuns: 150 },
    );
  });

  it('stay within the limits as replies and summaries too', () => {
    const input = fc.record({
      kind: fc.constantFrom(...journalKinds),
      text: hostile,
      subject: hostile,
      reason: hostile,
    });
    fc.assert(
      fc.property(input, ({ kind, text, subject, reason }) => {
        const entry = entryOf(5, {
          kind,
          text,
          subject,
          detail: {
            reason,
            logLines: [text, subject],
            events: [{ atMs: 1, reason, message: text, object: subject }],
            rollouts: [],
          },
        });
        const messages = [renderReply(entry, viewOf()), renderSummary([entry, entry], viewOf())];
        for (const message of messages) {
          if (message === undefined) continue;
          assertFits(message);
          assertNoForeignMarkup(message);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keep the buttons and point to the console when something had to be cut', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      runOf({ id: String(index), state: 'proposed', says: '&'.repeat(3_000) }),
    );
    const message = renderIncident(
      viewOf({
        runs: many,
        episodes: Array.from({ length: 9 }, (_, index) =>
          episodeOf({ alertname: `A${index}`, annotations: { description: '<'.repeat(5_000) } }),
        ),
      }),
    );

    assertFits(message);
    assert.equal(message.blocks.at(-1)?.type, 'actions');
    assert.match(JSON.stringify(message.blocks), /The rest is in/);
  });
});
