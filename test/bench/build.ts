import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, figure, median } from './figures.ts';

const gomeet = fileURLToPath(new URL('../../cli/gomeet.mjs', import.meta.url));

/** Everything that `gomeet build` writes, as whole processes; beside it what a process costs that does nothing, and the very first build, before anything was compiled. */
export async function benchBuild({ runs }: { readonly runs: number }): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-build-'));
  const once = async (args: readonly string[], cache?: string): Promise<number> => {
    const startedMs = performance.now();
    const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
    const child = spawn(process.execPath, args, { stdio: 'ignore', env });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
    return (performance.now() - startedMs) / 1_000;
  };
  const build = [gomeet, 'build', '--out', join(folder, 'out')];
  try {
    const first = await once(build, join(folder, 'cache'));
    await once(build);
    const seconds: number[] = [];
    const nothing: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      seconds.push(await once(build));
      nothing.push(await once(['-e', '0']));
    }
    return [
      figure('gomeet build, the whole process', median(seconds), 's', { must: 1.5 }),
      figure('gomeet build, times a process that does nothing', median(seconds) / median(nothing), 'x'),
      figure('gomeet build, before anything was compiled', first, 's'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
