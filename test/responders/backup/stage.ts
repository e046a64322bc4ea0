import { generateX25519Identity } from 'age-encryption';
import { systemClock } from '../../../kernel/clock.ts';
import type { S3Peer } from '../../../lab/peers/s3.ts';
import { createSpaces } from '../../../responders/adapters/spaces.ts';
import { type CreateOptions, createBackup } from '../../../responders/backup/create.ts';
import type { BackupSource, ObjectStore } from '../../../responders/backup/define.ts';
import type { Manifest } from '../../../responders/backup/manifest.ts';

/** A key pair of this run. */
export const identity = await generateX25519Identity();

/** The bucket of a real S3 server through the adapter under test. */
export function bucketOf({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Peer): Promise<ObjectStore> {
  return createSpaces({ endpoint, region, bucket, accessKeyId, secretAccessKey });
}

/** Makes a backup with the usual settings. */
export async function backUp(
  store: ObjectStore,
  sources: readonly BackupSource[],
  more: Partial<CreateOptions> = {},
): Promise<{ manifest: Manifest; said: readonly string[] }> {
  const said: string[] = [];
  const manifest = await createBackup({
    store,
    sources,
    key: identity,
    namespace: 'gomeet',
    clock: systemClock,
    signal: new AbortController().signal,
    say: (line) => void said.push(line),
    ...more,
  });
  return { manifest, said };
}
