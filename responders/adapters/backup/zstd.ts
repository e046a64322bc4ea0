import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { PortError } from '../../../kernel/errors.ts';
import { type OsPipe, osPipe, readPipe } from './os-pipe.ts';
import { findProgram } from './programs.ts';

/** The program that packs and unpacks beside us, so that a dump of gigabytes never enters JavaScript; false where it is not installed, and then it does. */
export type Zstd = string | false;

/** The one on PATH. */
export const findZstd = (): Zstd => findProgram('zstd') ?? false;

/** A zstd under way. */
export interface Zipping {
  /** How many bytes the dump has, unpacked; undefined when this zstd puts it in other words. Rejects with a PortError when zstd failed. */
  readonly plainBytes: Promise<number | undefined>;
}

/** Packs what comes out of `from`. The frame ends with a checksum of the dump. */
export async function startPacking(
  program: string,
  from: OsPipe,
  signal: AbortSignal,
): Promise<Zipping & { readonly output: Readable }> {
  const to = await osPipe();
  const args = ['-3', '--check', '-vv', '-c'];
  const child = spawn(program, args, { env, stdio: [from.readFd, to.writeFd, 'pipe'], signal });
  from.close('read');
  to.close('write');
  return { output: readPipe(to), plainBytes: ended(child) };
}

/** Unpacks what is written to `input` into `into`. */
export function startUnpacking(
  program: string,
  into: OsPipe,
  signal: AbortSignal,
): Zipping & { readonly input: Writable } {
  const child = spawn(program, ['-dc', '-vv'], { env, stdio: ['pipe', into.writeFd, 'pipe'], signal });
  into.close('write');
  const { stdin } = child;
  if (stdin === null) throw new Error('zstd was started without pipes');
  // The reason is the exit, not the broken pipe that follows from it.
  stdin.on('error', () => undefined);
  return { input: stdin, plainBytes: ended(child) };
}

const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };

function ended(child: ChildProcess): Promise<number | undefined> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2_000);
  });
  const bytes = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new PortError('backup', 'unavailable', 'zstd could not be run or was ended', { cause })),
    );
    child.once('close', (code, by) => {
      if (code === 0) return resolve(bytesSaid(said));
      const line = said.trim().split('\n').at(-1) ?? '';
      reject(new PortError('backup', 'invalid', `zstd ended with ${code ?? by}: ${line.slice(0, 200)}`));
    });
  });
  bytes.catch(() => undefined);
  return bytes;
}

/** «60000000 B => 45008910 B» when it packed, «60000000 bytes» when it unpacked. Words of a program may change, so nothing rests on them: what is whole is told by the frame's checksum, by age and by the rows. */
function bytesSaid(said: string): number | undefined {
  const [, packed, unpacked] = /:\s+[\d.]+%\s+\(\s*(\d+) B =>|: (\d+) bytes/.exec(said) ?? [];
  const count = packed ?? unpacked;
  return count === undefined ? undefined : Number(count);
}
