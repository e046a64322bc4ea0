import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { runBackup } from '../../../responders/act/run-backup.ts';
import type { KubeObject } from '../../../responders/ports.ts';
import { schedules } from '../../../responders/reconcile/schedules.ts';
import { actRig } from '../../support/act-ports.ts';
import { playProcedure } from '../../support/play-procedure.ts';

const cronJob: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'backup', uid: 'the-uid' },
  spec: {
    schedule: '0 2 * * *',
    jobTemplate: { spec: { backoffLimit: 2, template: { spec: { containers: [{ name: 'backup', image: 'i' }] } } } },
  },
};

/** A cluster whose Jobs end as told, a look later. */
function cluster(ends: 'Complete' | 'Failed' | 'never', start: readonly KubeObject[] = [cronJob]) {
  const objects = memoryObjects(start);
  let looks = 0;
  return {
    ...objects,
    jobs: () => objects.all().filter(({ kind }) => kind === 'Job'),
    async get(ref: Parameters<typeof objects.get>[0]) {
      const found = await objects.get(ref);
      looks += ref.kind === 'Job' ? 1 : 0;
      if (found?.kind !== 'Job' || ends === 'never' || looks < 2) return found;
      return { ...found, status: { conditions: [{ type: ends, status: 'True', message: 'it said so' }] } };
    },
  };
}

describe('A backup that the responder starts', () => {
  it('is the CronJob’s own Job, belongs to it, and is followed to its end', async () => {
    const objects = cluster('Complete');
    const { verdict, steps } = await playProcedure(runBackup, {}, actRig({ objects }).ports);
    assert.equal(verdict, 'verified', JSON.stringify(steps));
    const [job] = objects.jobs();
    assert.deepEqual(job?.['spec'], {
      backoffLimit: 2,
      template: { spec: { containers: [{ name: 'backup', image: 'i' }] } },
    });
    assert.equal(job?.metadata.ownerReferences?.[0]?.['uid'], 'the-uid');
  });

  for (const killAt of [0, 1, 2])
    it(`makes one Job when it is killed in stride ${killAt} and asked again`, async () => {
      const objects = cluster('Complete');
      const { verdict } = await playProcedure(runBackup, {}, actRig({ objects }).ports, { killAt });
      assert.equal(verdict, 'verified');
      assert.equal(objects.jobs().length, 1);
    });

  it('is no success when the Job failed, ended nowhere in its time, or has vanished', async () => {
    const failed = await playProcedure(runBackup, {}, actRig({ objects: cluster('Failed') }).ports);
    assert.equal(failed.verdict, 'not-improved');
    assert.match(failed.saw, /it said so: kubectl logs job\/backup-run-/);

    const late = await playProcedure(runBackup, {}, actRig({ objects: cluster('never') }).ports, {
      late: (saw) => saw.includes('under way'),
    });
    assert.equal(late.verdict, 'not-improved');
    assert.match(late.saw, /under way, and the time for it is up/);
  });

  it('says what to do where no CronJob is', async () => {
    const objects = cluster('Complete', []);
    const { verdict, saw } = await playProcedure(runBackup, {}, actRig({ objects }).ports);
    assert.equal(verdict, 'not-improved');
    assert.match(saw, /gomeet deploy makes it/);
    assert.deepEqual(objects.jobs(), []);
  });

  it('begins before the CronJob does, which makes it when no responder runs', () => {
    assert.equal(schedules.find(({ action }) => action === 'runBackup')?.pattern, '30 1 * * *');
  });
});
