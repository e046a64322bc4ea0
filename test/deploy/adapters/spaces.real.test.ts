import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createBuckets } from '../../../deploy/adapters/spaces.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { skipWithout } from '../../support/skip-without.ts';

describe('buckets on a real S3', { skip: skipWithout('versitygw') }, () => {
  let s3: S3Peer;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  it('are listed, and made once', async () => {
    const buckets = await createBuckets(s3);
    assert.deepEqual(await buckets.list(), ['gomeet-backups']);

    await buckets.create('gomeet-recordings');

    assert.deepEqual((await buckets.list()).toSorted(), ['gomeet-backups', 'gomeet-recordings']);
    await assert.rejects(buckets.create('gomeet-recordings'), { name: 'PortError' });
  });

  it('say that a key is wrong, without the key', async () => {
    const buckets = await createBuckets({ ...s3, secretAccessKey: 'not-the-right-one' });

    await assert.rejects(
      buckets.list(),
      (error: Error) => error.name === 'PortError' && !/not-the-right-one|lab-access/.test(error.message),
    );
  });
});
