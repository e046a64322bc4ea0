import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCommand } from '../../../responders/interact/command.ts';
import { type ModalKind, modalKinds, readModal, renderModal } from '../../../responders/interact/modals.ts';

const context = { button: { publicId: 'inc-k3v9', version: 4, runId: undefined }, channel: 'C0ALERTS1' };

function errorsOf(kind: ModalKind, fields: Readonly<Record<string, string>>): readonly string[] {
  const read = readModal(
    kind,
    Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, { [id]: { value } }])),
  );
  return 'errors' in read ? Object.keys(read.errors) : [];
}

describe('a form', () => {
  it("stays within Slack's limits for modals, whatever it is given to say", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...modalKinds),
        fc.string({ maxLength: 5_000 }),
        fc.array(fc.string({ minLength: 1, maxLength: 200 }), { maxLength: 150 }),
        (kind, says, services) => {
          const view = renderModal(kind, context, { says, services });
          const { title, submit, close, blocks } = view as Record<string, { text: string }> & {
            blocks: { text?: { text: string }; element?: { options?: unknown[] } }[];
          };
          for (const label of [title, submit, close]) assert.ok((label?.text.length ?? 0) <= 24);
          assert.ok(String(view['private_metadata']).length <= 3_000);
          for (const block of blocks) {
            assert.ok((block.text?.text.length ?? 0) <= 3_000);
            assert.ok((block.element?.options?.length ?? 1) <= 100);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('takes what is within bounds', () => {
    assert.deepEqual(errorsOf('scale', { step: '5', reason: 'event' }), []);
    assert.deepEqual(errorsOf('silence', { duration: '1d', reason: 'known' }), []);
    assert.deepEqual(errorsOf('freeze', { duration: '7d', reason: 'holidays' }), []);
  });

  it('names the inputs that are wrong', () => {
    assert.deepEqual(errorsOf('scale', { step: '0', reason: 'event' }), ['step']);
    assert.deepEqual(errorsOf('scale', { step: '1.5', reason: 'event' }), ['step']);
    assert.deepEqual(errorsOf('scale', { step: '1e9', reason: 'x' }), ['reason', 'step']);
    assert.deepEqual(errorsOf('silence', { duration: '25h', reason: 'known' }), ['duration']);
    assert.deepEqual(errorsOf('silence', { duration: '0s', reason: 'known' }), ['duration']);
    assert.deepEqual(errorsOf('silence', { duration: 'forever', reason: 'known' }), ['duration']);
    assert.deepEqual(errorsOf('restart', { service: '../etc', reason: 'why not' }), ['service']);
    assert.deepEqual(errorsOf('openIncident', { sev: '5', reason: 'why not' }), ['sev']);
    assert.deepEqual(errorsOf('openIncident', {}), ['reason', 'sev']);
  });
});

describe('a slash command', () => {
  it('is read in each of its forms', () => {
    assert.deepEqual(parseCommand('live-event 3h town hall'), { name: 'live-event', for: '3h', reason: 'town hall' });
    assert.deepEqual(parseCommand('mode SfuSaturated suggest'), {
      name: 'mode',
      alertname: 'SfuSaturated',
      mode: 'suggest',
    });
    assert.deepEqual(parseCommand(' STATUS '), { name: 'status' });
    assert.deepEqual(parseCommand('ack inc-1'), { name: 'ack', publicId: 'inc-1' });
    assert.deepEqual(parseCommand('resume all good'), { name: 'resume', reason: 'all good' });
  });

  it('is not guessed at when something is missing or too much', () => {
    for (const text of [
      '',
      'freeze',
      'freeze 2h',
      'freeze 8d holidays',
      'freeze 0s x',
      'mode SfuSaturated',
      'mode SfuSaturated always',
      'mode ; auto',
      'stop-all',
      'resume',
      'ack',
      'ack <@U1>',
      'restart chat',
    ])
      assert.equal(typeof parseCommand(text), 'string', text);
  });
});
