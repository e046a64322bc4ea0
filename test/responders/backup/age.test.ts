import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { ageDecryption, ageEncryption, recipientOf } from '../../../responders/backup/age.ts';

const chunk = 64 * 1024;
const sizes = [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 777];
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

async function encrypt(data: Buffer, key = recipient): Promise<Buffer> {
  return await buffer(Readable.from(pieces(data)).pipe(await ageEncryption(key)));
}

async function decrypt(data: Buffer, key = identity): Promise<Buffer> {
  const stream = ageDecryption(key);
  Readable.from(pieces(data)).pipe(stream);
  return await buffer(stream);
}

function* pieces(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += 50_001) yield data.subarray(at, at + 50_001);
}

describe('age over OpenSSL', () => {
  for (const size of sizes) {
    it(`is read by the age library at ${size} bytes, and reads what that wrote`, async () => {
      const plain = randomBytes(size);
      const theirs = new Decrypter();
      theirs.addIdentity(identity);
      assert.ok(plain.equals(Buffer.from(await theirs.decrypt(Uint8Array.from(await encrypt(plain))))));
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      assert.ok(plain.equals(await decrypt(Buffer.from(await encrypter.encrypt(Uint8Array.from(plain))))));
    });
  }

  it('takes a post-quantum key too, and an identity where only its recipient is needed', async () => {
    const hybrid = await generateHybridIdentity();
    const plain = randomBytes(100_000);
    assert.ok(plain.equals(await decrypt(await encrypt(plain, hybrid), hybrid)));
    assert.equal(await recipientOf(identity), recipient);
  });

  it('refuses another key, a foreign file, an empty one and a recipient where the identity is needed', async () => {
    const sealed = await encrypt(randomBytes(1_000));
    await assert.rejects(decrypt(sealed, await generateX25519Identity()), /another key/);
    await assert.rejects(decrypt(randomBytes(200_000)), /no age file/);
    await assert.rejects(decrypt(Buffer.alloc(0)), /empty/);
    assert.throws(() => ageDecryption(recipient), /must be the identity/);
  });

  it('refuses a key that is none without repeating it', async () => {
    await assert.rejects(recipientOf('hunter2hunter2'), (error: Error) => !error.message.includes('hunter2'));
    await assert.rejects(
      decrypt(await encrypt(randomBytes(10)), 'AGE-SECRET-KEY-1QQQQ'),
      (error: Error) => !error.message.includes('QQQQ'),
    );
  });

  it('refuses a file that was cut at any place or changed in any', async () => {
    const plain = randomBytes(2 * chunk + 500);
    const sealed = await encrypt(plain);
    const body = sealed.indexOf('\n--- ') + 5;
    for (const at of [10, body, body + 60, body + 70 + chunk, sealed.length - 16 - 500, sealed.length - 1])
      await assert.rejects(decrypt(sealed.subarray(0, at)), /cannot be read/, `cut at ${at}`);
    for (const at of [0, 60, body + 10, body + 80, body + 100 + chunk, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await assert.rejects(decrypt(changed), /cannot be read/, `changed at ${at}`);
    }
    await assert.rejects(decrypt(Buffer.concat([sealed, Buffer.from('x')])), /cannot be read/);
  });
});
