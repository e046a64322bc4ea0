import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PortError, UsageError } from '../../../kernel/errors.ts';
import type { Component, RestoreTarget } from '../../backup/define.ts';
import { countLines } from '../../backup/lines.ts';

/** Restores a dump of lines as a file into a folder: what has no live system to go back into. */
export function folderTarget(component: Component, folder: string, nameOf: (line: string) => string): RestoreTarget {
  const path = join(folder, `${component}${component === 'metrics' ? '.om' : '.ndjson'}`);
  return {
    component,
    name: folder,
    production: false,
    async plan() {
      const there = await readdir(folder).catch((): string[] => []);
      if (there.includes(basename(path))) throw new UsageError(`${path} is there already`);
      return component === 'metrics'
        ? `write ${path}; then: promtool tsdb create-blocks-from openmetrics ${path} DATA`
        : `write ${path}`;
    },
    async restore(dump, _expected, signal) {
      await mkdir(folder, { recursive: true });
      const partial = `${path}.partial`;
      const copy = new PassThrough({ highWaterMark: 1024 * 1024 });
      const counted = countLines(copy, nameOf);
      counted.catch(() => undefined);
      try {
        await pipeline(
          dump,
          async function* (source) {
            for await (const piece of source) {
              if (!copy.write(piece)) await new Promise((resolve) => copy.once('drain', resolve));
              yield piece;
            }
            copy.end();
          },
          createWriteStream(partial, { mode: 0o600 }),
          { signal },
        );
      } catch (error) {
        copy.destroy(error instanceof Error ? error : new Error(String(error)));
        if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
          throw new PortError('folder', 'unavailable', `the disk of ${folder} is full`);
        throw error;
      }
      const { counts } = await counted;
      await rename(partial, path);
      return { counts, says: `written to ${path}` };
    },
  };
}

/** Reads a dump to its end and counts what is in it, where there is nothing to restore into: what a check does with components that have no scratch system. */
export function countingTarget(component: Component, nameOf: (line: string) => string): RestoreTarget {
  return {
    component,
    name: 'nowhere',
    production: false,
    plan: async () => 'read and count',
    restore: (dump) => countLines(dump, nameOf),
  };
}
