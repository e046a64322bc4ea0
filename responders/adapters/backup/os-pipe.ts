import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, read } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { PortError } from '../../../kernel/errors.ts';

/** A pipe of the operating system between two children; each end is closed here once its child has it. */
export interface OsPipe {
  readonly readFd: number;
  readonly writeFd: number;
  /** Closes what this process still holds. */
  close(end: 'read' | 'write'): void;
}

/** Makes one by way of a name that is gone at once: Node joins children by sockets, which take a third more of the processor for a dump's small writes. */
export async function osPipe(): Promise<OsPipe> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-pipe-'));
  try {
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    // Each end waits for the other to be opened, unless one does not want to wait; it is opened again as one that does when it reads.
    const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = openSync(path, constants.O_WRONLY);
    const readFd = openSync(path, constants.O_RDONLY);
    closeSync(first);
    const open = new Map([
      ['read', readFd],
      ['write', writeFd],
    ]);
    return {
      readFd,
      writeFd,
      close(end) {
        const fd = open.get(end);
        open.delete(end);
        if (fd !== undefined) closeSync(fd);
      },
    };
  } catch (cause) {
    throw new PortError('backup', 'unavailable', 'no pipe could be made between two programs', { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const readInto = promisify(read);
const slabBytes = 1024 * 1024;

/** What comes out of the pipe, in pieces of a mebibyte: a socket brings some 20 KB at a time, each in a buffer of 64, and to collect those takes as long as to encrypt them. Destroyed, also unread, it lets go of the pipe, or who writes into it would wait for ever. */
export function readPipe(pipe: OsPipe): Readable {
  let reading = false;
  const slab = async (): Promise<Buffer> => {
    const whole = Buffer.allocUnsafeSlow(slabBytes);
    for (let filled = 0; ; ) {
      const { bytesRead } = await readInto(pipe.readFd, whole, filled, slabBytes - filled, null);
      filled += bytesRead;
      if (bytesRead === 0 || filled === slabBytes) return whole.subarray(0, filled);
    }
  };
  const stream = new Readable({
    highWaterMark: slabBytes,
    async read() {
      reading = true;
      try {
        const piece = await slab();
        reading = false;
        if (stream.destroyed) pipe.close('read');
        else stream.push(piece.length === 0 ? null : piece);
      } catch (error) {
        reading = false;
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    },
    destroy(error, done) {
      // A number that is being read from must not be given to another file meanwhile.
      if (!reading) pipe.close('read');
      done(error);
    },
  });
  return stream;
}
