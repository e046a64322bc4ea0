import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { readWarnings } from '../../../responders/act/cluster-warnings.ts';

const nowMs = Date.parse('2026-11-24T12:00:00Z');
const event = (name: string, minutesAgo: number, type: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  type,
  reason: 'BackOff',
  message: 'back-off restarting',
  involvedObject: { kind: 'Pod', name: 'auth-1' },
  lastTimestamp: new Date(nowMs - minutesAgo * 60_000).toISOString(),
  ...more,
});

describe('Warnings of the cluster', () => {
  it('are those of six hours, newest first, and say how far back the cluster remembers', async () => {
    const found = await readWarnings(
      memoryObjects([
        event('old', 361, 'Warning'),
        event('first', 300, 'Warning'),
        event('last', 5, 'Warning', { lastTimestamp: null, eventTime: '2026-11-24T11:58:00.000000Z' }),
        event('later', -10, 'Warning'),
        event('normal', 400, 'Normal'),
      ]),
      nowMs,
    );
    assert.deepEqual(
      found.rows.map(([at]) => at),
      ['2026-11-24 11:58:00', '2026-11-24 07:00:00'],
    );
    assert.equal(found.reasons.get('BackOff'), 2);
    assert.equal(found.oldestMs, nowMs - 400 * 60_000);
  });

  it('are none where the cluster has no event', async () => {
    assert.deepEqual((await readWarnings(memoryObjects(), nowMs)).rows, []);
    assert.equal((await readWarnings(memoryObjects(), nowMs)).oldestMs, undefined);
  });
});
