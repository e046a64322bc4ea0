import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError, UsageError } from '../../../kernel/errors.ts';
import { restoreOverProduction } from '../../../responders/act/restore-backup.ts';
import type { Backups } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { playProcedure } from '../../support/play-procedure.ts';

function bucket(): Backups & { restored: string[] } {
  let newest = 'backup-1';
  const restored: string[] = [];
  return {
    restored,
    look: async () => ({ finished: [] }),
    async find(name) {
      if (name === 'nothing') throw new PortError('backup', 'not-found', 'there is no finished backup nothing');
      const id = newest;
      // Another backup is finished while this one is being restored.
      newest = 'backup-2';
      return { id, components: ['postgresql', 'valkey'] };
    },
    async restoreOver({ id, component, stamp }) {
      restored.push(`${component} of ${id} ${stamp.replace(/^.*\//, 'step ')}`);
      return { ok: true, says: `${component} restored` };
    },
  };
}
const play = (backups: Backups, params: object, more: { killAt?: number } = {}) =>
  playProcedure(restoreOverProduction, params, actRig({ backups }).ports, more);

describe('A restore over production', () => {
  it('takes one and the same backup for every component, and needs two people', async () => {
    const backups = bucket();
    const { verdict } = await play(backups, { backup: 'latest', components: ['postgresql', 'valkey'] });
    assert.equal(verdict, 'verified');
    assert.deepEqual(backups.restored, ['postgresql of backup-1 step 1', 'valkey of backup-1 step 2']);
    assert.ok(restoreOverProduction.destructive);
  });

  it('gives a try after a kill the same stamp, by which the first one is known', async () => {
    const backups = bucket();
    await play(backups, { backup: 'backup-1', components: ['postgresql'] }, { killAt: 1 });
    assert.equal(new Set(backups.restored).size, 1);
  });

  it('begins nothing when the backup is not there, lacks a component, or a setting is missing', async () => {
    const backups = bucket();
    assert.match((await play(backups, { backup: 'nothing', components: ['valkey'] })).saw, /no finished backup/);
    assert.match((await play(backups, { backup: 'latest', components: ['kubernetes'] })).saw, /has no kubernetes/);
    assert.deepEqual(backups.restored, []);
    const unset: Backups = {
      ...backups,
      restoreOver: async () => {
        throw new UsageError('SPACES_ENDPOINT is not set');
      },
    };
    assert.match((await play(unset, { backup: 'latest', components: ['valkey'] })).saw, /SPACES_ENDPOINT is not set/);
  });

  it('stops when one component did not come out as it was backed up', async () => {
    const backups = bucket();
    const broken: Backups = {
      ...backups,
      restoreOver: async () => ({ ok: false, says: 'public.users 3 instead of 5' }),
    };
    const { verdict, saw } = await play(broken, { backup: 'latest', components: ['postgresql', 'valkey'] });
    assert.notEqual(verdict, 'verified');
    assert.match(saw, /3 instead of 5/);
  });
});
