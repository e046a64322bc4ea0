import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError, type PortErrorCode } from '../../kernel/errors.ts';
import { createReadRetry } from '../../kernel/retry.ts';

describe('createReadRetry', () => {
  const retried = createReadRetry({ attempts: 3, firstWaitMs: 1, maxWaitMs: 200 });

  /** How often a read is tried that fails `failures` times with this error. */
  async function tries(error: Error, failures = 99): Promise<{ count: number; result: unknown }> {
    let count = 0;
    const result = await retried(async () => {
      count += 1;
      if (count <= failures) throw error;
      return 'read';
    }).catch((thrown: unknown) => thrown);
    return { count, result };
  }

  for (const code of ['unavailable', 'throttled', 'unreachable'] as const) {
    it(`reads again after ${code}, and gives up with that error`, async () => {
      const error = new PortError('peer', code, 'x');

      assert.deepEqual(await tries(error, 2), { count: 3, result: 'read' });
      assert.deepEqual(await tries(error), { count: 3, result: error });
    });
  }

  const final: readonly PortErrorCode[] = [
    'timeout',
    'unauthorized',
    'forbidden',
    'not-found',
    'conflict',
    'invalid',
    'unsupported',
  ];
  for (const code of final) {
    it(`reads once when the answer is ${code}`, async () => {
      assert.equal((await tries(new PortError('peer', code, 'x'))).count, 1);
    });
  }

  it('reads once when something else is wrong, such as a mistake of ours', async () => {
    assert.equal((await tries(new TypeError('x'))).count, 1);
  });

  it('waits as long as the peer asks', async () => {
    const startedAt = performance.now();

    await tries(new PortError('peer', 'throttled', 'x', { retryAfterMs: 100 }), 1);

    assert.ok(performance.now() - startedAt >= 95);
  });

  it('does not wait longer than it may, and reads once', async () => {
    assert.equal((await tries(new PortError('peer', 'throttled', 'x', { retryAfterMs: 201 }))).count, 1);
  });
});
