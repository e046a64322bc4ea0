import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Stored } from '../../../responders/backup/inventory.ts';
import { backupId, begunAtMs } from '../../../responders/backup/manifest.ts';
import { defaultKeep, expired } from '../../../responders/backup/retention.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-11-24T02:00:00Z');

function nightly(nights: number, more: (night: number) => Partial<Stored> = () => ({})): Stored[] {
  return Array.from({ length: nights }, (_none, night) => {
    const at = nowMs - night * dayMs;
    return {
      id: backupId(at),
      begunAtMs: at,
      objects: [],
      finished: true,
      verified: false,
      bytes: 1,
      touchedAtMs: at,
      ...more(night),
    };
  }).toReversed();
}

describe('retention', () => {
  it('keeps thirty nights, then one a week, then one a month, then nothing', () => {
    const gone = new Set(expired(nightly(500), defaultKeep, nowMs).map(({ backup }) => backup.id));
    const kept = nightly(500)
      .filter(({ id }) => !gone.has(id))
      .map((one) => Math.round((nowMs - one.begunAtMs) / dayMs));
    assert.ok(
      [0, 1, 15, 29, 30].every((night) => kept.includes(night)),
      kept.join(),
    );
    const weeks = kept.filter((night) => night > 30 && night <= 84);
    assert.ok(weeks.length >= 7 && weeks.length <= 12, weeks.join());
    const months = kept.filter((night) => night > 84);
    assert.ok(months.length >= 8 && months.length <= 11 && Math.max(...months) <= 360, months.join());
  });

  it('never takes the last ones there are, however old, nor the newest that was proved', () => {
    const old = nightly(10).map((one, at) => ({ ...one, begunAtMs: one.begunAtMs - 900 * dayMs, verified: at === 2 }));
    const gone = expired(old, defaultKeep, nowMs).map(({ backup }) => backup.id);
    assert.equal(gone.length, 6);
    assert.ok(!gone.includes(old[2]?.id ?? ''));
    assert.ok(!gone.includes(old[9]?.id ?? ''));
  });

  it('takes an unfinished one a day after its last sign of life, and not before', () => {
    const torn = nightly(3, (night) => ({ finished: false, touchedAtMs: nowMs - night * dayMs - 1 }));
    assert.deepEqual(
      expired(torn, defaultKeep, nowMs).map(({ why }) => why),
      ['never finished', 'never finished'],
    );
    assert.deepEqual(
      expired(
        nightly(1, () => ({ finished: false })),
        defaultKeep,
        nowMs,
      ),
      [],
    );
  });

  it('counts an unfinished one for none of the days', () => {
    const mixed = [
      ...nightly(40),
      ...nightly(40, () => ({ finished: false })).map((one) => ({ ...one, id: `${one.id}x` })),
    ];
    const gone = expired(mixed, defaultKeep, nowMs).filter(({ why }) => why === 'too old');
    assert.deepEqual(
      gone.map(({ backup }) => backup.id),
      expired(nightly(40), defaultKeep, nowMs).map(({ backup }) => backup.id),
    );
  });

  it('knows from its name when a backup was begun', () => {
    assert.equal(backupId(nowMs), 'backup-20261124-020000');
    assert.equal(begunAtMs('backup-20261124-020000'), nowMs);
  });
});
