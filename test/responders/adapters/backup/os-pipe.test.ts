import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { osPipe, readPipe } from '../../../../responders/adapters/backup/os-pipe.ts';

/** A child that writes so many mebibytes into a pipe, and what is read from it. */
async function writing(mebibytes: number) {
  const pipe = await osPipe();
  const write = `for (let n = 0; n < ${mebibytes}; n += 1) require('node:fs').writeFileSync(1, Buffer.alloc(2 ** 20))`;
  const child = spawn(process.execPath, ['-e', write], { stdio: ['ignore', pipe.writeFd, 'ignore'] });
  pipe.close('write');
  return { ended: once(child, 'exit'), stream: readPipe(pipe) };
}

test('everything that is written comes out, and then the end', async () => {
  const { ended, stream } = await writing(5);
  let bytes = 0;
  for await (const piece of stream) bytes += piece.length;
  assert.equal(bytes, 5 * 2 ** 20);
  assert.deepEqual(await ended, [0, null]);
});

test('who writes is let go when nobody reads any more: unread, and in the middle', async () => {
  const unread = await writing(50);
  unread.stream.destroy();
  assert.deepEqual(await unread.ended, [1, null], 'the pipe broke');

  const half = await writing(50);
  await once(half.stream, 'readable');
  half.stream.destroy();
  assert.deepEqual(await half.ended, [1, null], 'the pipe broke');
});
