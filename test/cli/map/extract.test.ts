import assert from 'node:assert/strict';
import { it } from 'node:test';
import { extractItems } from '../../../cli/map/extract.ts';

const page = [
  '# 🚀 Runbook',
  '',
  'Words, `code` and # no heading.',
  '',
  '## Check',
  '',
  '```bash',
  '# a title',
  'gomeet health check',
  '',
  "kubectl patch x -p '{",
  '  "a": 1',
  "}'",
  'curl -X POST \\',
  '  --data x',
  'kubectl apply -f - <<EOF',
  'kind: A',
  '# not a title here',
  'EOF',
  'last',
  '```',
  '',
  '   ```yaml',
  '   kind: Thing',
  '   ```',
].join('\n');

it('takes out every heading, every command as one line, and other blocks by what they are', () => {
  assert.deepEqual(
    extractItems(page).map(({ kind, under, text }) => [kind, under, text]),
    [
      ['heading', 'Runbook', 'Runbook'],
      ['heading', 'Check', 'Check'],
      ['command', 'Check', 'gomeet health check'],
      ['command', 'Check', `kubectl patch x -p '{ "a": 1 }'`],
      ['command', 'Check', 'curl -X POST --data x'],
      ['command', 'Check', 'kubectl apply -f - <<EOF kind: A # not a title here EOF'],
      ['command', 'Check', 'last'],
      ['block', 'Check', 'yaml Thing'],
    ],
  );
});
