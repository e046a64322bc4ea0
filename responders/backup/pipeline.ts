import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { PortError } from '../../kernel/errors.ts';
import { ageDecryption, ageEncryption } from './age.ts';
import type { BackupSource, ObjectStore, RestoreOutcome, RestoreTarget } from './define.ts';
import type { Part } from './manifest.ts';

/** Large pieces: what goes through here is gigabytes, and every piece costs a turn of the event loop. */
const highWaterMark = 2 * 1024 * 1024;

/** Tells how many bytes of a component have gone through. */
export type Progress = (bytes: number) => void;

interface Meter {
  readonly stream: Transform;
  readonly seen: { bytes: number };
  sha256(): string;
}

/** Counts and hashes what passes through. What comes in small pieces leaves in large ones when told to `gather`; `atEnd` may refuse the whole before its end is known to the reader. */
function meter({
  progress,
  gather = false,
  atEnd,
}: {
  readonly progress?: Progress | undefined;
  readonly gather?: boolean;
  readonly atEnd?: () => Error | null;
} = {}): Meter {
  const hash = createHash('sha256');
  const seen = { bytes: 0 };
  let held: Buffer[] = [];
  let heldBytes = 0;
  const count = (data: Buffer): Buffer => {
    hash.update(data);
    seen.bytes += data.length;
    progress?.(seen.bytes);
    return data;
  };
  const stream = new Transform({
    highWaterMark,
    transform(data: Buffer, _encoding, done) {
      if (!gather) return done(null, count(data));
      // A pipe brings some 10 KiB at a time, and each piece that zstd gets is a turn through a pool of threads.
      held.push(data);
      heldBytes += data.length;
      if (heldBytes < highWaterMark) return done();
      const all = Buffer.concat(held, heldBytes);
      held = [];
      heldBytes = 0;
      done(null, count(all));
    },
    flush(done) {
      if (heldBytes > 0) this.push(count(Buffer.concat(held, heldBytes)));
      done(atEnd?.() ?? null);
    },
  });
  let sum: string | undefined;
  return { stream, seen, sha256: () => (sum ??= hash.digest('hex')) };
}

/** Dumps one component, compressed and encrypted, into the store; everything streams, nothing touches a disk. Throws what broke it first. */
export async function storeComponent(
  source: BackupSource,
  at: {
    readonly store: ObjectStore;
    readonly folder: string;
    readonly key: string;
    readonly now: () => number;
    readonly signal: AbortSignal;
    readonly progress?: Progress;
  },
): Promise<Part> {
  const startedAtMs = at.now();
  const encryption = await ageEncryption(at.key);
  const dump = await source.dump(at.signal);
  const packed = dump.packed === true;
  const plain = meter({ progress: at.progress, gather: true });
  const stored = meter({ progress: packed ? at.progress : undefined });
  const key = `${at.folder}${source.component}${source.ending}.zst.age`;
  const stop = new AbortController();
  const signal = AbortSignal.any([at.signal, stop.signal]);
  const packing = packed
    ? []
    : [
        plain.stream,
        createZstdCompress({
          chunkSize: highWaterMark,
          params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
        }),
      ];
  let cause: unknown;
  const first = (error: unknown): never => {
    cause ??= error;
    stop.abort();
    throw error;
  };
  const results = await Promise.allSettled([
    pipeline([dump.stream, ...packing, encryption, stored.stream], { signal }).catch(first),
    at.store.put(key, stored.stream, signal).catch(first),
  ]);
  if (results.some(({ status }) => status === 'rejected')) throw cause;
  const { recoveryPointMs, counts, notes, plainBytes = packed ? undefined : plain.seen.bytes } = await dump.facts();
  return {
    component: source.component,
    key,
    ...(plainBytes === undefined ? {} : { plainBytes }),
    ...(packed ? {} : { plainSha256: plain.sha256() }),
    storedBytes: stored.seen.bytes,
    storedSha256: stored.sha256(),
    recoveryPointMs,
    startedAtMs,
    endedAtMs: at.now(),
    counts,
    notes,
  };
}

/** Restores one component from the store, checking every checksum on the way. Throws a PortError (`invalid`) when the object is not what the manifest says. */
export async function restoreComponent(
  part: Part,
  target: RestoreTarget,
  from: {
    readonly store: ObjectStore;
    readonly identity: string;
    readonly signal: AbortSignal;
    readonly progress?: Progress;
  },
): Promise<RestoreOutcome> {
  const { restorePacked } = target;
  // What has a checksum of the dump itself is held against it, which only we can do.
  const packed = part.plainSha256 === undefined && restorePacked !== undefined;
  const differs = (what: string) =>
    new PortError('backup', 'invalid', `${part.key} is not what its manifest says: ${what}`);
  // What is not yet known to be whole is held back by the consumer: the stream fails before it ends.
  const stored = meter({ progress: packed ? from.progress : undefined });
  const decryption = ageDecryption(from.identity, () => {
    if (stored.seen.bytes !== part.storedBytes)
      return differs(`${stored.seen.bytes} bytes stored instead of ${part.storedBytes}`);
    return stored.sha256() === part.storedSha256 ? null : differs('another checksum of what is stored');
  });
  const plain: Meter = meter({
    progress: from.progress,
    atEnd: () =>
      plain.seen.bytes === (part.plainBytes ?? plain.seen.bytes) &&
      plain.sha256() === (part.plainSha256 ?? plain.sha256())
        ? null
        : differs('another checksum of the dump'),
  });
  const down = await from.store.get(part.key, from.signal);
  const stop = new AbortController();
  const signal = AbortSignal.any([from.signal, stop.signal]);
  let cause: unknown;
  const first = (error: unknown): never => {
    cause ??= error;
    stop.abort();
    throw error;
  };
  const unpacking = packed ? [] : [createZstdDecompress({ chunkSize: highWaterMark }), plain.stream];
  const [, used] = await Promise.allSettled([
    pipeline([down, stored.stream, decryption, ...unpacking], { signal, end: true }).catch(first),
    (packed ? restorePacked(decryption, part.plainBytes, signal) : target.restore(plain.stream, part, signal)).catch(
      first,
    ),
  ]);
  if (cause !== undefined) throw readable(cause);
  if (used.status === 'rejected') throw used.reason;
  return used.value;
}

/** zlib's own words say nothing about a backup. */
function readable(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ZSTD'))
    return new PortError('backup', 'invalid', `the backup cannot be read: ${error.message}`, { cause: error });
  return error;
}
