import { generateX25519Identity } from 'age-encryption';
import { systemClock } from '../../../kernel/clock.ts';
import type { S3Peer } from '../../../lab/peers/s3.ts';
import { createSpaces } from '../../../responders/adapters/backup/spaces.ts';
import { type CreateOptions, createBackup } from '../../../responders/backup/create.ts';
import type { BackupSource, ObjectStore } from '../../../responders/backup/define.ts';
import { lineDump } from '../../../responders/backup/lines.ts';
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

/** Log lines; breaks before the line of that number, if one is named. */
export function logs(lines: number, breakAt?: number, component: 'logs' | 'valkey' = 'logs'): BackupSource {
  async function* all() {
    for (let n = 0; n < lines; n += 1) {
      if (n === breakAt) throw new Error('the peer went away');
      yield component === 'logs' ? { pod: `pod-${n % 3}`, line: `line ${n} ${Math.sin(n)}` } : { k: 'YQ==' };
    }
  }
  return {
    component,
    ending: '.ndjson',
    dump: async () =>
      lineDump(
        all(),
        { line: (line) => JSON.stringify(line), counted: (line) => ('pod' in line ? String(line.pod) : 'keys') },
        { recoveryPointMs: 1_000, notes: {} },
      ),
  };
}

/** More than one part of an upload, as fast as it is read; `tell` is called once much has gone. */
export function* endless(tell?: () => void): Generator<Buffer> {
  let sent = 0;
  while (sent < 4_000) {
    yield Buffer.from(Array.from({ length: 65_536 }, () => Math.floor(Math.random() * 256)));
    sent += 1;
    if (sent === 700) tell?.();
  }
}
