import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { PortError, UsageError } from '../../kernel/errors.ts';

// The header (who can read it) is the library's. The body is age's STREAM over OpenSSL, since the library's own JavaScript cipher
// takes ten times as long; both ways are tested against the library (docs/adr: age over OpenSSL). https://age-encryption.org/v1
const cipher = 'chacha20-poly1305';
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;
const longestHeaderBytes = 64 * 1024;

/** The recipient (public key) of a key that is a recipient or an identity. Throws a UsageError that does not repeat it. */
export async function recipientOf(key: string): Promise<string> {
  const text = key.trim();
  if (/^age1[a-z0-9]+$/.test(text)) return text;
  try {
    return await identityToRecipient(text);
  } catch {
    throw new UsageError(
      'BACKUP_ENCRYPTION_KEY is neither an age recipient (age1…) nor an age identity (AGE-SECRET-KEY-1…)',
    );
  }
}

/** Encrypts for one recipient as the age format has it. */
export async function ageEncryption(key: string): Promise<Transform> {
  const recipient = await recipientOf(key);
  const { header, nonce, fileKey } = await newHeader(recipient);
  const stream = bodyCipher(fileKey, nonce, (block, sequence) => seal(block, sequence), chunkBytes);
  stream.push(Buffer.concat([header, nonce]));
  return stream;
}

/** Decrypts what was encrypted for this identity. The stream fails with a PortError (`invalid`) for another key, a foreign file, a changed or a shortened one; and with what `atEnd` has against the whole, before its end is known to the reader. */
export function ageDecryption(identity: string, atEnd: () => Error | null = () => null): Transform {
  if (!identity.trim().startsWith('AGE-SECRET-KEY-'))
    throw new UsageError(
      'to read a backup, BACKUP_ENCRYPTION_KEY must be the identity (AGE-SECRET-KEY-1…), not the recipient',
    );
  let head: Buffer = Buffer.alloc(0);
  let body: ((data: Buffer, done: TransformCallback) => void) | undefined;
  let finish: ((done: TransformCallback) => void) | undefined;
  return new Transform({
    writableHighWaterMark: 1024 * 1024,
    readableHighWaterMark: 1024 * 1024,
    transform(data: Buffer, _encoding, done) {
      if (body !== undefined) return body(data, done);
      head = Buffer.concat([head, data]);
      if (head.length >= 22 && !head.subarray(0, 22).toString('latin1').startsWith('age-encryption.org/v1\n'))
        return done(notOurs('it is no age file'));
      const end = headerEnd(head);
      if (end === undefined || head.length < end + nonceBytes)
        return done(head.length > longestHeaderBytes ? notOurs('it is no age file') : null);
      const nonce = head.subarray(end, end + nonceBytes);
      fileKeyOf(identity, head.subarray(0, end)).then((fileKey) => {
        const opened = opener(fileKey, nonce, (out) => void this.push(out));
        body = opened.write;
        finish = opened.end;
        body(head.subarray(end + nonceBytes), done);
      }, done);
    },
    flush(done) {
      if (finish === undefined) return done(notOurs(head.length === 0 ? 'it is empty' : 'it ends within its header'));
      finish((error) => done(error ?? atEnd()));
    },
  });
}

async function newHeader(recipient: string): Promise<{ header: Buffer; nonce: Buffer; fileKey: Uint8Array }> {
  let fileKey: Uint8Array | undefined;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  // It writes nothing into the header: it is how the library hands out the file key.
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const empty = Buffer.from(await encrypter.encrypt(new Uint8Array(0)));
  const end = headerEnd(empty);
  if (fileKey === undefined || end === undefined) throw new Error('the age library made no header');
  return { header: empty.subarray(0, end), nonce: empty.subarray(end, end + nonceBytes), fileKey };
}

async function fileKeyOf(identity: string, header: Buffer): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity.trim());
  } catch {
    throw new UsageError('BACKUP_ENCRYPTION_KEY is no age identity');
  }
  try {
    return await decrypter.decryptHeader(Uint8Array.from(header));
  } catch {
    throw notOurs('it was encrypted for another key, or its header was changed');
  }
}

/** Where the header ends: after the line with its MAC. */
function headerEnd(data: Buffer): number | undefined {
  const at = data.indexOf('\n--- ');
  const end = at < 0 ? -1 : data.indexOf('\n', at + 1);
  return end < 0 ? undefined : end + 1;
}

/** A block in the pieces in which it came. */
type Block = readonly Buffer[];

interface Sequence {
  readonly key: KeyObject;
  readonly nonce: Buffer;
  readonly last: boolean;
}

function bodyCipher(
  fileKey: Uint8Array,
  nonce: Buffer,
  work: (block: Block, sequence: Sequence) => readonly Buffer[],
  size: number,
): Transform {
  const blocks = createBlocks(fileKey, nonce, size);
  return new Transform({
    writableHighWaterMark: 1024 * 1024,
    readableHighWaterMark: 1024 * 1024,
    transform(data: Buffer, _encoding, done) {
      for (const [block, sequence] of blocks.take(data)) for (const out of work(block, sequence)) this.push(out);
      done();
    },
    flush(done) {
      for (const out of work(...blocks.rest())) this.push(out);
      done();
    },
  });
}

function opener(fileKey: Uint8Array, nonce: Buffer, push: (out: Buffer) => void) {
  const blocks = createBlocks(fileKey, nonce, chunkBytes + tagBytes);
  const attempt = (done: TransformCallback, work: () => void): void => {
    try {
      work();
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    write: (data: Buffer, done: TransformCallback) =>
      attempt(done, () => {
        for (const [block, sequence] of blocks.take(data)) for (const out of open(block, sequence)) push(out);
      }),
    end: (done: TransformCallback) =>
      attempt(done, () => {
        for (const out of open(...blocks.rest())) push(out);
      }),
  };
}

/** Cuts what comes in into blocks, each with its place in the sequence. A full block is held back until more follows: the last one is marked. Nothing is copied: to collect copies cost more than to encrypt. */
function createBlocks(fileKey: Uint8Array, nonce: Buffer, size: number) {
  const key = createSecretKey(new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32)));
  let held: Buffer[] = [];
  let bytes = 0;
  let count = 0n;
  const next = (last: boolean): readonly [Block, Sequence] => {
    const counter = Buffer.alloc(12);
    counter.writeBigUInt64BE(count, 3);
    counter[11] = last ? 1 : 0;
    count += 1n;
    const block = held;
    held = [];
    bytes = 0;
    return [block, { key, nonce: counter, last }];
  };
  return {
    take(data: Buffer): readonly (readonly [Block, Sequence])[] {
      const full: (readonly [Block, Sequence])[] = [];
      for (let at = 0; at < data.length; ) {
        if (bytes === size) full.push(next(false));
        const piece = data.subarray(at, at + size - bytes);
        held.push(piece);
        bytes += piece.length;
        at += piece.length;
      }
      return full;
    },
    rest: () => next(true),
  };
}

function seal(block: Block, { key, nonce }: Sequence): readonly Buffer[] {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  const out = block.map((piece) => sealing.update(piece));
  sealing.final();
  return [...out, sealing.getAuthTag()];
}

/** Nothing leaves before the block's tag has been found right. */
function open(block: Block, { key, nonce, last }: Sequence): readonly Buffer[] {
  const bytes = block.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes < tagBytes) throw notOurs('it was cut short');
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  const out: Buffer[] = [];
  const tag: Buffer[] = [];
  let left = bytes - tagBytes;
  for (const piece of block) {
    if (left > 0) out.push(opening.update(piece.subarray(0, left)));
    if (piece.length > left) tag.push(piece.subarray(Math.max(0, left)));
    left -= piece.length;
  }
  opening.setAuthTag(Buffer.concat(tag));
  try {
    opening.final();
    return out;
  } catch {
    throw notOurs(last ? 'it was cut short or changed' : 'it was changed');
  }
}

function notOurs(why: string): PortError {
  return new PortError('backup', 'invalid', `the backup cannot be read: ${why}`);
}
