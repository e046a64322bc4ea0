import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html } from 'hono/html';
import { mrkdwn, textOf } from '../../../../responders/console/pages/mrkdwn.ts';
import { mrkdwn as escaped } from '../../../../responders/tell/escape.ts';

const shown = async (text: string) => String(await html`${mrkdwn(text)}`);

test('bold, code, links, lists of lines and dates are shown as Slack shows them', async () => {
  assert.equal(await shown('*Done:* `sfu-1`\nnext'), '<strong>Done:</strong> <code>sfu-1</code><br>next');
  assert.equal(
    await shown('<https://example.test/a?b=1&amp;c=2|the runbook>'),
    '<a href="https://example.test/a?b=1&amp;c=2" rel="noreferrer">the runbook</a>',
  );
  assert.match(
    await shown('<!date^1763733787^{date_short_pretty} {time_secs}|then>'),
    />21 Nov 2025 14:03:07 UTC<\/time>$/,
  );
});

test("Slack's escapes become the characters, and those are escaped for HTML", async () => {
  assert.equal(await shown('a &lt;b&gt; &amp;amp; c'), 'a &lt;b&gt; &amp;amp; c');
});

test('no link leads to a script, to data or to a file', async () => {
  for (const target of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.test',
    ' javascript:alert(1)',
  ]) {
    assert.ok(!(await shown(`<${target}|click>`)).includes('<a '), target);
  }
});

test('a date that is none is shown as it was written', async () => {
  assert.equal(await shown('<!date^soon^{time}|later>'), 'later');
});

test('what is inside code is not markup', async () => {
  assert.equal(await shown('`*a* <https://x.test|y>`'), '<code>*a* &lt;https://x.test|y&gt;</code>');
});

test('stars inside words and arithmetic stay stars', async () => {
  assert.equal(await shown('2*3*4 and a_b_c'), '2*3*4 and a_b_c');
});

test('whatever is written, no tag comes out that the renderer does not know', async () => {
  const nasty = fc
    .array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          '<',
          '>',
          '|',
          '*',
          '_',
          '`',
          '&lt;',
          '<!date^',
          '^',
          '<script>',
          '"',
          "'",
          'javascript:',
          '\n',
          '```',
        ),
      ),
      { maxLength: 24 },
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(nasty, async (text) => {
      const tags = (await shown(text)).match(/<[^>]*>/g) ?? [];
      for (const tag of tags)
        assert.match(tag, /^<\/?(strong|em|s|code|pre|br|a|time|span)( (href|rel|class|datetime|title)="[^"<>]*")*>$/);
    }),
    { numRuns: 300 },
  );
});

test("a label that went through the thread's escape is shown letter for letter", async () => {
  assert.equal(await shown(escaped('<img src=x onerror=alert(1)>')), '&lt;img src=x onerror=alert(1)&gt;');
});

test('as bare words, markup is gone and entities are characters', () => {
  assert.equal(
    textOf('Not done: needs `approve`, *really*; see <https://x.test|the page> &amp; ask'),
    'Not done: needs approve, really; see the page & ask',
  );
});
