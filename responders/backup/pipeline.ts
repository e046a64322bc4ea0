import { createHash } from 'node:crypto';
import { PassThrough, type Readable, Transform } from 'node:stream';
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

/** Counts and hashes what passes through. */
function meter(progress?: Progress): Meter {
  const hash = createHash('sha256');
  const seen = { bytes: 0 };
  const stream = new Transform({
    highWaterMark,
    transform(data: Buffer, _encoding, done) {
      hash.update(data);
      seen.bytes += data.length;
      progress?.(seen.bytes);
      done(null, data);
    },
  });
  return { stream, seen, sha256: () => hash.digest('hex') };
}

/** Gathers pieces into large ones: a pipe brings 64 KiB at a time, and each piece that zstd or the cipher gets is a turn through a pool of threads. */
function gather(): Transform {
  let held: Buffer[] = [];
  let bytes = 0;
  return new Transform({
    highWaterMark,
    transform(data: Buffer, _encoding, done) {
      held.push(data);
      bytes += data.length;
      if (bytes < highWaterMark) return done();
      const all = Buffer.concat(held, bytes);
      held = [];
      bytes = 0;
      done(null, all);
    },
    flush(done) {
      if (bytes > 0) this.push(Buffer.concat(held, bytes));
      done();
    },
  });
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
  const [plain, stored] = [meter(at.progress), meter()];
  const encryption = await ageEncryption(at.key);
  const dump = await source.dump(at.signal);
  const up = new PassThrough({ highWaterMark });
  const key = `${at.folder}${source.component}${source.ending}.zst.age`;
  const stop = new AbortController();
  const signal = AbortSignal.any([at.signal, stop.signal]);
  const compress = createZstdCompress({
    chunkSize: highWaterMark,
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  let cause: unknown;
  const first = (error: unknown): never => {
    cause ??= error;
    stop.abort();
    throw error;
  };
  const results = await Promise.allSettled([
    pipeline(dump.stream, gather(), plain.stream, compress, encryption, stored.stream, up, { signal }).catch(first),
    at.store.put(key, up, signal).catch(first),
  ]);
  if (results.some(({ status }) => status === 'rejected')) throw cause;
  const { recoveryPointMs, counts, notes } = await dump.facts();
  return {
    component: source.component,
    key,
    plainBytes: plain.seen.bytes,
    plainSha256: plain.sha256(),
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
  return await throughPlain(part, from, (dump, signal) => target.restore(dump, part, signal));
}

async function throughPlain<T>(
  part: Part,
  from: {
    readonly store: ObjectStore;
    readonly identity: string;
    readonly signal: AbortSignal;
    readonly progress?: Progress;
  },
  use: (dump: Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [stored, plain] = [meter(), meter(from.progress)];
  const decryption = ageDecryption(from.identity);
  const down = await from.store.get(part.key, from.signal);
  // What is not yet known to be whole is held back by the consumer: `check` fails its stream before it ends.
  const check = new Transform({
    highWaterMark,
    transform: (data: Buffer, _encoding, done) => done(null, data),
    flush: (done) => done(mismatch(part, stored, plain)),
  });
  const stop = new AbortController();
  const signal = AbortSignal.any([from.signal, stop.signal]);
  let cause: unknown;
  const first = (error: unknown): never => {
    cause ??= error;
    stop.abort();
    throw error;
  };
  const [, used] = await Promise.allSettled([
    pipeline(down, stored.stream, decryption, createZstdDecompress({ chunkSize: highWaterMark }), plain.stream, check, {
      signal,
      end: true,
    }).catch(first),
    use(check, signal).catch(first),
  ]);
  if (cause !== undefined) throw readable(cause);
  if (used.status === 'rejected') throw used.reason;
  return used.value;
}

function mismatch(part: Part, stored: Meter, plain: Meter): PortError | null {
  const differs = (what: string) =>
    new PortError('backup', 'invalid', `${part.key} is not what its manifest says: ${what}`);
  if (stored.seen.bytes !== part.storedBytes)
    return differs(`${stored.seen.bytes} bytes stored instead of ${part.storedBytes}`);
  if (stored.sha256() !== part.storedSha256) return differs('another checksum of what is stored');
  if (plain.seen.bytes !== part.plainBytes || plain.sha256() !== part.plainSha256)
    return differs('another checksum of the dump');
  return null;
}

/** zlib's own words say nothing about a backup. */
function readable(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ZSTD'))
    return new PortError('backup', 'invalid', `the backup cannot be read: ${error.message}`, { cause: error });
  return error;
}
