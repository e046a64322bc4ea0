import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { generateX25519Identity } from 'age-encryption';
import { systemClock } from '../../../kernel/clock.ts';
import { endPeer } from '../../../lab/peers/process.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { countingTarget, folderTarget } from '../../../responders/adapters/backup/folder.ts';
import { createBackup } from '../../../responders/backup/create.ts';
import type { BackupSource, ObjectStore } from '../../../responders/backup/define.ts';
import { findBackup, inventory } from '../../../responders/backup/inventory.ts';
import { backupFolder, type Manifest } from '../../../responders/backup/manifest.ts';
import { nameOfLine } from '../../../responders/backup/names.ts';
import { restoreBackup } from '../../../responders/backup/restore.ts';
import { deleteBackups } from '../../../responders/backup/retention.ts';
import { verifyBackup } from '../../../responders/backup/verify.ts';
import { backUp, bucketOf, endless, identity, logs } from './stage.ts';

let s3: S3Peer;
let store: ObjectStore;

before(async () => {
  s3 = await startS3();
  store = await bucketOf(s3);
});
after(async () => await s3?.stop());
beforeEach(async () => {
  await rm(join(s3.folder, s3.bucket, 'backups'), { recursive: true, force: true });
});

const restore = (manifest: Manifest, key = identity, target = countingTarget('logs', nameOfLine.logs)) =>
  restoreBackup({
    store,
    manifest,
    identity: key,
    targets: [target],
    overProduction: false,
    dryRun: false,
    now: () => Date.now(),
    signal: new AbortController().signal,
  });

async function says(manifest: Manifest, key = identity): Promise<string> {
  const [result] = await restore(manifest, key);
  assert.equal(result?.ok, false);
  return result?.says ?? '';
}

/** Changes an object where it lies, past the S3 server. */
function change(key: string, how: (content: Buffer) => Buffer): void {
  const path = join(s3.folder, s3.bucket, key);
  writeFileSync(path, how(readFileSync(path)));
}

describe('a backup that is not what it should be', () => {
  it('is whole as it was made', async () => {
    const { manifest } = await backUp(store, [logs(50_000)]);
    assert.ok((await restore(manifest))[0]?.ok);
    assert.deepEqual(
      Object.values(manifest.parts[0]?.counts ?? {}).reduce((a, b) => a + b),
      50_000,
    );
  });

  it('is refused when a byte was changed, when it was cut, when it is another, and when the key is another', async () => {
    const { manifest } = await backUp(store, [logs(20_000)]);
    const key = manifest.parts[0]?.key ?? '';
    const whole = readFileSync(join(s3.folder, s3.bucket, key));
    assert.match(await says(manifest, await generateX25519Identity()), /another key/);
    change(key, (content) => content.with(content.length >> 1, 0) as Buffer);
    assert.match(await says(manifest), /it was changed/);
    change(key, () => whole.subarray(0, whole.length - 1_000));
    assert.match(await says(manifest), /cut short|broke off|cannot be reached/);
    change(key, () => Buffer.alloc(0));
    assert.match(await says(manifest), /empty/);
    change(key, () => Buffer.from('PK\u0003\u0004 something else'.repeat(100)));
    assert.match(await says(manifest), /no age file/);
    const other = await backUp(store, [logs(20_001)], { clock: { ...systemClock, now: () => Date.now() + 120_000 } });
    change(key, () => readFileSync(join(s3.folder, s3.bucket, other.manifest.parts[0]?.key ?? '')));
    assert.match(await says(manifest), /not what its manifest says/);
  });

  it('is refused when its manifest was changed or is foreign', async () => {
    const { manifest } = await backUp(store, [logs(10)]);
    const key = `${backupFolder(manifest.id)}manifest.json`;
    change(key, (content) => Buffer.from(content.toString().replace('"pod-1":', '"pod-9":')));
    await assert.rejects(findBackup(store, 'latest'), /its checksum does not fit/);
    change(key, () => Buffer.from('<html>'));
    await assert.rejects(findBackup(store, 'latest'), /not one of ours/);
  });

  it('is told by its name, and the nearest is offered', async () => {
    await assert.rejects(findBackup(store, 'latest'), /no finished backup/);
    const { manifest } = await backUp(store, [logs(10)]);
    await assert.rejects(findBackup(store, 'backup-20200101-000000'), new RegExp(`the newest is ${manifest.id}`));
    assert.equal((await findBackup(store, `backups/2026/01/01/${manifest.id}.tar.gz`)).id, manifest.id);
  });
});

describe('making one', () => {
  it('goes on with one that broke off, keeps what was done, and leaves no parts of uploads behind', async () => {
    const stop = new AbortController();
    const halting: BackupSource = {
      ...logs(0, undefined, 'valkey'),
      async dump() {
        setTimeout(() => stop.abort(new Error('killed')), 50);
        return { stream: Readable.from(endless()), facts: async () => ({ recoveryPointMs: 0, counts: {}, notes: {} }) };
      },
    };
    await assert.rejects(
      createBackup({
        store,
        sources: [logs(100), halting],
        key: identity,
        namespace: 'gomeet',
        clock: systemClock,
        signal: stop.signal,
        say: () => undefined,
      }),
      /killed|abort/i,
    );
    const [torn] = await inventory(store);
    assert.equal(torn?.finished, false);
    const { manifest, said } = await backUp(store, [logs(100), logs(5, undefined, 'valkey')]);
    assert.equal(manifest.id, torn?.id);
    assert.match(said.join('\n'), /logs: done by the run that broke off/);
    assert.deepEqual(
      manifest.parts.map(({ component }) => component),
      ['logs', 'valkey'],
    );
    assert.equal(await store.abortUnfinished('backups/'), 0);
  });

  it('refuses to begin beside one that is under way', async () => {
    let release = (): void => undefined;
    const waiting: BackupSource = {
      ...logs(1),
      async dump(signal) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return await logs(1).dump(signal);
      },
    };
    const first = backUp(store, [waiting]);
    while ((await inventory(store)).length === 0) await systemClock.sleep(10);
    await assert.rejects(backUp(store, [logs(1)]), /is being made by/);
    release();
    await first;
  });

  it('says what is missing, and keeps the rest', async () => {
    const { manifest } = await backUp(store, [logs(1_000, 500), logs(5, undefined, 'valkey')]);
    assert.deepEqual(manifest.missing, [{ component: 'logs', reason: 'the peer went away' }]);
    await assert.rejects(restore(manifest), /has no logs: when it was made, the peer went away/);
    const checked = await verifyBackup({
      store,
      manifest,
      identity,
      targets: [countingTarget('valkey', nameOfLine.valkey)],
      now: () => Date.now(),
      signal: new AbortController().signal,
    });
    assert.equal(checked.ok, false);
    assert.equal((await inventory(store))[0]?.verified, false);
  });

  it('fails when nothing could be had, and finishes nothing', async () => {
    await assert.rejects(backUp(store, [logs(10, 5)]), /nothing could be backed up: logs: the peer went away/);
    assert.ok((await inventory(store)).every(({ finished }) => !finished));
  });

  it('is marked as proved by a restore, and by nothing less', async () => {
    const { manifest } = await backUp(store, [logs(100)]);
    assert.equal((await inventory(store))[0]?.verified, false);
    const checked = await verifyBackup({
      store,
      manifest,
      identity,
      targets: [countingTarget('logs', nameOfLine.logs)],
      now: () => Date.now(),
      signal: new AbortController().signal,
    });
    assert.ok(checked.ok);
    assert.equal((await inventory(store))[0]?.verified, true);
    const all = await inventory(store);
    await deleteBackups(
      store,
      all.map((backup) => ({ backup, why: 'too old' as const })),
    );
    assert.deepEqual(await inventory(store), []);
  });
});

describe('the bucket in trouble', () => {
  it('says that keys are wrong, that the bucket is missing, that the server is away; never the secret', async () => {
    for (const [wrong, expected] of [
      [{ secretAccessKey: 'hunter2hunter2' }, /forbidden|unauthorized/],
      [{ bucket: 'elsewhere' }, /not-found|bucket/],
      [{ endpoint: 'http://127.0.0.1:1' }, /cannot be reached|no answer/],
    ] as const)
      await assert.rejects(inventory(await bucketOf({ ...s3, ...wrong })), (error: Error) => {
        assert.match(error.message, expected);
        return !error.message.includes('hunter2');
      });
  });

  it('that is full is said, and what was there before is untouched', async () => {
    await backUp(store, [logs(50)]);
    const before = await inventory(store);
    const full = createServer((request, response) => {
      request.resume().once('end', () => {
        // It still lists, and takes nothing.
        const lists = request.method === 'GET';
        response.writeHead(lists ? 200 : 507, { 'content-type': 'application/xml' });
        response.end(lists ? '<ListBucketResult></ListBucketResult>' : '');
      });
    });
    await new Promise<void>((resolve) => full.listen(0, '127.0.0.1', resolve));
    const { port } = full.address() as AddressInfo;
    const other = await bucketOf({ ...s3, endpoint: `http://127.0.0.1:${port}` });
    try {
      await assert.rejects(backUp(other, [logs(50)]), { code: 'unavailable', message: /HTTP 507/ });
    } finally {
      full.closeAllConnections();
      full.close();
    }
    assert.deepEqual(await inventory(store), before);
  });

  it('is left for the disk of a laptop that is full: said, and no half file is taken for a whole one', async () => {
    const { manifest } = await backUp(store, [logs(2_000)]);
    const folder = await mkdtemp(join(tmpdir(), 'gomeet-full-'));
    try {
      symlinkSync('/dev/full', join(folder, 'logs.ndjson.partial'));
      const target = folderTarget('logs', folder, nameOfLine.logs);
      const [refused] = await restore(manifest, identity, target);
      assert.equal(refused?.ok, false);
      assert.match(refused?.says ?? '', /the disk of .+ is full/);
      assert.ok(!readdirSync(folder).includes('logs.ndjson'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that goes away in the middle of an upload and comes back loses nothing', async () => {
    const own = await startS3();
    const bucket = await bucketOf(own);
    const dying: BackupSource = {
      ...logs(0),
      dump: async () => ({
        stream: Readable.from(endless(() => own.signal('SIGKILL'))),
        facts: async () => ({ recoveryPointMs: 0, counts: {}, notes: {} }),
      }),
    };
    await assert.rejects(backUp(bucket, [logs(10, undefined, 'valkey'), dying]), /spaces|unreachable|timeout/);
    const back = await startS3({ folder: own.folder, port: Number(new URL(own.endpoint).port) });
    const { manifest, said } = await backUp(bucket, [logs(10, undefined, 'valkey'), logs(10)], {
      clock: { ...systemClock, now: () => Date.now() + 120_000 },
    });
    assert.match(said.join('\n'), /valkey: done by the run that broke off/);
    assert.equal(manifest.missing.length, 0);
    assert.ok(readdirSync(join(own.folder, own.bucket)).length > 0);
    await endPeer(back, []);
    await own.stop();
  });

  it('reads back what it was given', async () => {
    await store.put('backups/x', Readable.from([Buffer.from('ünï')]));
    assert.equal(await text(await store.get('backups/x')), 'ünï');
    await assert.rejects(store.get('backups/y'), /no such object/);
  });
});
