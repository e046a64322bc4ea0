import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/** A reporter's last words: what failed and why, what was skipped and why, the slowest, and the count. */
export default async function* summary(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failed: string[] = [];
  const skipped: string[] = [];
  const msByFile = new Map<string, number>();
  let passed = 0;
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, file, details, skip, nesting } = event.data;
    // The time of a test that holds others is theirs as well.
    if (nesting === 0 && file !== undefined) msByFile.set(file, (msByFile.get(file) ?? 0) + details.duration_ms);
    if (details.type === 'suite') continue;
    if (event.type === 'test:fail') {
      // At once as well: a run that is cut off has named it.
      yield `\n✗ ${name} (${relative(process.cwd(), file ?? '')})\n`;
      failed.push(`✗ ${name}\n  ${file ?? ''}\n  ${reason(event.data.details.error)}`);
    } else if (skip !== undefined) skipped.push(`· ${name}: ${typeof skip === 'string' ? skip : 'skipped'}`);
    else passed += 1;
  }
  const slowest = [...msByFile]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([file, ms]) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${relative(process.cwd(), file)}`);
  const label = process.env['TEST_LABEL'] === undefined ? '' : `${process.env['TEST_LABEL']}: `;
  yield `\nslowest files:\n${slowest.join('\n')}\n`;
  yield `\n${[...skipped, ...failed].join('\n')}\n${label}${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`;
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
