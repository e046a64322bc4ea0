import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText, UsageError } from '../kernel/errors.ts';
import {
  findTool,
  installHint,
  isOutdated,
  pinnedVersion,
  type Stamp,
  sourcesOf,
  toolCache,
  toolModules,
  toolNamed,
} from './toolbox.ts';
import type { Tool, ToolSource } from './tools.ts';

/** How a tool is fetched: where progress goes, and who agrees to a package being installed. */
export interface FetchOptions {
  say(line: string): void;
  agree(question: string): Promise<boolean>;
  /** Only the version pinned in go.mod will do, where one is pinned: for tests. Otherwise the quickest source serves. */
  readonly pinned?: boolean;
  /** Ends what is being fetched or built, and all of it. */
  readonly signal?: AbortSignal;
}

/** The path of a tool, which is fetched or built first when it is neither in the cache nor on PATH. Throws a UsageError of one line when no source works. */
export async function ensureTool(name: string, options: FetchOptions): Promise<string> {
  const tool = toolNamed(name);
  const path = findTool(name);
  const { pinned = false } = options;
  if (path !== undefined && !isOutdated(tool, { pinned })) return path;
  const failures: string[] = [];
  for (const source of sourcesOf(tool, pinned)) {
    const begun = Date.now();
    try {
      await fetchFrom(tool, source, options);
      const found = findTool(name);
      if (found === undefined) throw new Error('it is still not there');
      options.say(`${name}: ready after ${seconds(begun)}`);
      return found;
    } catch (error) {
      if (options.signal?.aborted) throw new UsageError(`${name}: interrupted`);
      failures.push(`${source.kind}: ${errorText(error)}`);
    }
  }
  throw new UsageError(`${installHint(tool)} [tried: ${failures.join('; ')}]`);
}

async function fetchFrom(tool: Tool, source: ToolSource, options: FetchOptions): Promise<void> {
  await mkdir(toolCache, { recursive: true });
  switch (source.kind) {
    case 'debian-unpack':
      return await inFolder((folder) => unpack(tool, source, folder, options));
    case 'debian-install':
      return await install(tool, source.packageName, options);
    case 'go':
      return await build(tool, source, options);
    case 'go-file':
      return await take(tool, source, options);
  }
}

async function unpack(
  tool: Tool,
  source: ToolSource & { kind: 'debian-unpack' },
  folder: string,
  { say, signal }: FetchOptions,
): Promise<void> {
  requireOnPath('apt-get');
  say(`${tool.name}: fetching the Debian package ${source.packageName}`);
  await aptGet(['download', source.packageName], { cwd: folder, signal });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get brought no package');
  await run('dpkg', ['-x', archive, folder], { cwd: folder });
  // The file is called NAME_VERSION_ARCH.deb.
  const version = decodeURIComponent(archive.split('_')[1] ?? 'unknown');
  await keep(tool, join(folder, source.path), { version, source: 'debian' });
}

async function install(tool: Tool, packageName: string, { say, agree, signal }: FetchOptions): Promise<void> {
  requireOnPath('apt-get');
  if (process.getuid?.() !== 0) throw new Error('root is needed for it');
  if (!(await agree(`Install the Debian package ${packageName} (${tool.what})?`))) throw new Error('not agreed to');
  say(`${tool.name}: installing the Debian package ${packageName}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await aptGet(['install', '-y', '--no-install-recommends', packageName], { env, signal });
}

/** Runs apt-get; a new machine has no package lists, or old ones, so they are fetched when it fails. */
async function aptGet(args: readonly string[], options: RunOptions): Promise<void> {
  try {
    await run('apt-get', args, options);
  } catch (error) {
    if (process.getuid?.() !== 0 || options.signal?.aborted) throw error;
    await run('apt-get', ['update'], { signal: options.signal });
    await run('apt-get', args, options);
  }
}

async function build(tool: Tool, source: ToolSource & { kind: 'go' }, { say, signal }: FetchOptions): Promise<void> {
  requireOnPath('go');
  const begun = Date.now();
  say(
    `${tool.name}: building ${source.command} ${pinnedVersion(tool) ?? ''}, about ${source.minutes} min on two cores`,
  );
  const target = join(toolCache, `.${tool.name}.${process.pid}`);
  let packages = 0;
  const progress = setInterval(() => say(`${tool.name}: ${packages} packages built, ${seconds(begun)}`), 10_000);
  try {
    const args = ['build', '-v', '-trimpath', '-ldflags', '-s -w', '-o', target, source.command];
    await run('go', args, { cwd: join(toolModules, source.folder), signal, each: () => (packages += 1) });
    await settle(tool, target, { version: pinnedVersion(tool) ?? 'pinned', source: 'go' });
  } finally {
    clearInterval(progress);
    await rm(target, { force: true });
  }
}

/** Takes one file out of a module; outside any module's folder, so that no go.mod is asked or changed. */
async function take(
  tool: Tool,
  { module, version, path }: ToolSource & { kind: 'go-file' },
  { say, signal }: FetchOptions,
): Promise<void> {
  requireOnPath('go');
  say(`${tool.name}: fetching ${module} ${version}`);
  await inFolder(async (folder) => {
    const lines: string[] = [];
    const args = ['mod', 'download', '-json', `${module}@${version}`];
    await run('go', args, { cwd: folder, signal, each: (line) => lines.push(line) });
    // Go says on the way what it downloads, so the answer is not the whole output.
    const dir = /^\s*"Dir": "(.+)",?$/m.exec(lines.join('\n'))?.[1];
    if (dir === undefined) throw new Error('go says no folder of the module');
    await keep(tool, join(dir, path), { version, source: 'go' });
  });
}

async function keep(tool: Tool, from: string, stamp: Stamp): Promise<void> {
  const target = join(toolCache, `.${tool.name}.${process.pid}`);
  await copyFile(from, target);
  await chmod(target, 0o755);
  await settle(tool, target, stamp);
}

/** A rename: whoever looks meanwhile finds the old tool or the new one, never half of one. */
async function settle(tool: Tool, target: string, stamp: Stamp): Promise<void> {
  await rename(target, join(toolCache, tool.name));
  await writeFile(join(toolCache, `${tool.name}.json`), `${JSON.stringify(stamp)}\n`);
}

function requireOnPath(command: string): void {
  if (findTool(command) === undefined) throw new Error(`there is no ${command}`);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-tool-'));
  // apt's own user `_apt` writes into it when apt runs as root.
  await chmod(folder, 0o777);
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of its output. */
  each?(line: string): void;
}

/** Runs a command to its end; throws with the last line of what it said when it fails. */
async function run(command: string, args: readonly string[], { cwd, env, signal, each }: RunOptions): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    signal,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n').filter((text) => text.trim() !== '')) {
        last = line.trim();
        each?.(line);
      }
    });
  }
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''}: ${last.slice(0, 200) || `exit code ${code}`}`);
}

function seconds(begun: number): string {
  return `${((Date.now() - begun) / 1_000).toFixed(1)} s`;
}
