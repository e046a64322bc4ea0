import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { PortError } from '../../kernel/errors.ts';
import type { Dump, DumpFacts, RestoreOutcome } from './define.ts';

const highWaterMark = 1024 * 1024;
/** Lines are written in bundles of about so many characters. */
const bundleChars = 256 * 1024;

/** A dump of lines, made while they are read: `counted` says under which name a line counts. */
export function lineDump<T>(
  items: AsyncIterable<T>,
  write: { line(item: T): string; counted(item: T): string },
  facts: { recoveryPointMs: number; notes: Readonly<Record<string, string>> },
): Dump {
  const stream = new PassThrough({ highWaterMark });
  const counts: Record<string, number> = {};
  async function pump(): Promise<void> {
    let bundle = '';
    for await (const item of items) {
      const name = write.counted(item);
      counts[name] = (counts[name] ?? 0) + 1;
      bundle += `${write.line(item)}\n`;
      if (bundle.length < bundleChars) continue;
      await push(stream, bundle);
      bundle = '';
    }
    if (bundle !== '') await push(stream, bundle);
    stream.end();
  }
  pump().catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stream, facts: async (): Promise<DumpFacts> => ({ ...facts, counts }) };
}

async function push(stream: PassThrough, text: string): Promise<void> {
  if (stream.destroyed) throw stream.errored ?? new Error('nobody reads any more');
  if (stream.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      stream.off('drain', done).off('close', closed);
      resolve();
    };
    const closed = () => {
      stream.off('drain', done);
      reject(stream.errored ?? new Error('nobody reads any more'));
    };
    stream.once('drain', done).once('close', closed);
  });
}

/** Reads a dump of lines again. */
export async function* readLines(dump: Readable): AsyncGenerator<string> {
  // readline does not tell of its stream's errors.
  let failure: Error | undefined;
  const reader = createInterface({ input: dump, crlfDelay: Number.POSITIVE_INFINITY });
  dump.once('error', (error) => {
    failure = error;
    reader.close();
  });
  for await (const line of reader) {
    if (failure !== undefined) throw failure;
    yield line;
  }
  if (failure !== undefined) throw failure;
}

/** Parses one line of a dump as JSON. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new PortError('backup', 'invalid', 'a line of the dump is not JSON');
  }
}

/** Counts the lines of a dump without restoring it. */
export async function countLines(dump: Readable, nameOf: (line: string) => string): Promise<RestoreOutcome> {
  const counts: Record<string, number> = {};
  for await (const line of readLines(dump)) {
    const name = nameOf(line);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { counts, says: `${total} read and counted` };
}
