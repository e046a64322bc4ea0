import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { patienceMs } from '../../support/patience.ts';

/** Looks every 100 ms until there is something to see; fails and says what was not seen after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = patienceMs,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    assert.ok(Date.now() < until, `not seen in ${timeoutMs} ms: ${what}`);
    await delay(100);
  }
}
