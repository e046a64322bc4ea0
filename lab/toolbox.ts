import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../kernel/errors.ts';
import { isExecutable, pathFolders } from '../responders/adapters/backup/programs.ts';
import { type Tool, type ToolSource, tools } from './tools.ts';

/** Where built and fetched tools are kept, outside the tree. */
export const toolCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gomeet', 'bin');

/** Where the go.mod files are that pin what is built. */
export const toolModules = fileURLToPath(new URL('./tools/', import.meta.url));

/** The path of a tool: in the cache, which holds what is pinned, or on PATH; undefined when it is in neither. */
export function findTool(name: string): string | undefined {
  const folders = [toolCache, ...pathFolders()];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** What a cached tool was made from; it lies beside the tool. */
export const Stamp = z.object({ version: z.string(), source: z.string() });
export type Stamp = z.infer<typeof Stamp>;

/** The stamp of a cached tool; undefined when there is none, or none that can be read. */
export function readStamp(name: string, folder: string = toolCache): Stamp | undefined {
  try {
    return Stamp.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The version that go.mod, or the source itself, pins for a tool; undefined where no module is named. */
export function pinnedVersion(tool: Tool, modules: string = toolModules): string | undefined {
  const file = tool.sources.find((candidate) => candidate.kind === 'go-file');
  if (file !== undefined) return file.version;
  const source = tool.sources.find((candidate) => candidate.kind === 'go');
  if (tool.module === undefined || source === undefined) return undefined;
  const path = join(modules, source.folder, 'go.mod');
  if (!existsSync(path)) return undefined;
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find((text) =>
      text
        .replace(/^require\s+/, '')
        .trim()
        .startsWith(`${tool.module} `),
    );
  return line
    ?.trim()
    .replace(/^require\s+/, '')
    .split(/\s+/)[1];
}

/** Whether a cached tool is another than the one pinned now: built from another version, or a distribution's where only the pinned one will do. A tool without a stamp was put there by hand and is taken as it is. */
export function isOutdated(
  tool: Tool,
  {
    pinned = false,
    folder = toolCache,
    modules = toolModules,
  }: { pinned?: boolean; folder?: string; modules?: string } = {},
): boolean {
  const stamp = readStamp(tool.name, folder);
  const wanted = pinnedVersion(tool, modules);
  if (stamp === undefined || wanted === undefined) return false;
  return stamp.source === 'go' ? stamp.version !== wanted : pinned;
}

/** Where a tool is fetched from: the quickest source first, or only the one whose version is pinned. */
export function sourcesOf(tool: Tool, pinned: boolean): readonly ToolSource[] {
  const built = tool.sources.filter(({ kind }) => kind === 'go');
  return pinned && tool.module !== undefined && built.length > 0 ? built : tool.sources;
}

/** The tool of that name; throws a UsageError that lists the names there are. */
export function toolNamed(name: string): Tool {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined)
    throw new UsageError(`no tool ${name}; there are ${tools.map((tool) => tool.name).join(', ')}`);
  return found;
}

/** The one line that says how to get a tool by hand. */
export function installHint(tool: Tool): string {
  return `${tool.name} is missing (${tool.what}): ${tool.sources.map(hint).join(', or ')}`;
}

function hint(source: ToolSource): string {
  switch (source.kind) {
    case 'debian-unpack':
    case 'debian-install':
      return `apt-get install ${source.packageName}`;
    case 'go-file':
    case 'go':
      return `install Go 1.26 and run "npm run gomeet -- lab tools"`;
  }
}
