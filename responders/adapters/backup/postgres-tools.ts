import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { PortError, UsageError } from '../../../kernel/errors.ts';
import { hideSecrets } from '../../../kernel/secrets.ts';
import type { OsPipe } from './os-pipe.ts';
import { isExecutable, pathFolders } from './programs.ts';

/** PostgreSQL's own client programs of one major version. */
export interface PostgresTools {
  readonly major: number;
  readonly dump: string;
  readonly restore: string;
}

const peer = 'postgresql';
/** Where Debian and the PostgreSQL packages put each major's programs. */
const versionedFolders = (major: number): readonly string[] => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
];

/** Finds pg_dump and pg_restore of the server's major: an older pg_dump refuses a newer server, and a newer one writes what an older server cannot take back. Throws a UsageError that says how to get them. */
export async function findPostgresTools(major: number): Promise<PostgresTools> {
  const others: string[] = [];
  for (const folder of [...versionedFolders(major), ...pathFolders()]) {
    const [dump, restore] = [join(folder, 'pg_dump'), join(folder, 'pg_restore')];
    if (!isExecutable(dump) || !isExecutable(restore)) continue;
    const found = await majorOf(dump);
    if (found === major) return { major, dump, restore };
    others.push(`${dump} is ${found ?? 'of no version that it would tell'}`);
  }
  throw new UsageError(
    `pg_dump ${major} is missing, and the server is PostgreSQL ${major}: apt-get install postgresql-client-${major}${others.length > 0 ? ` (${others.join(', ')})` : ''}`,
  );
}

async function majorOf(program: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 });
    return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? Number.NaN) || undefined;
  } catch {
    return undefined;
  }
}

/** The connection as libpq reads it from the environment, so that no password stands in an argument list. */
export function connectionEnv(url: string): Readonly<Record<string, string>> {
  const at = new URL(url);
  const env: Record<string, string> = {
    PGHOST: decodeURIComponent(at.hostname.replace(/^\[|\]$/g, '')),
    PGPORT: at.port || '5432',
    PGUSER: decodeURIComponent(at.username),
    PGPASSWORD: decodeURIComponent(at.password),
    PGDATABASE: decodeURIComponent(at.pathname.slice(1)),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'gomeet-backup',
  };
  const mode = at.searchParams.get('sslmode');
  if (mode !== null) env['PGSSLMODE'] = mode;
  const root = at.searchParams.get('sslrootcert');
  if (root !== null) env['PGSSLROOTCERT'] = root;
  return env;
}

/** Starts pg_dump in the custom format, not compressed: what comes after it compresses better, and beside it. `into` leads to another program. */
export function startDump(
  tools: PostgresTools,
  url: string,
  { snapshot, into }: { readonly snapshot: string; readonly into?: OsPipe | undefined },
  signal: AbortSignal,
): { readonly stdout: Readable | undefined; readonly ended: Promise<void> } {
  const args = ['--format=custom', '--compress=0', '--no-owner', '--no-privileges', `--snapshot=${snapshot}`];
  const child = run(tools.dump, args, { url, signal, stdin: 'ignore', stdout: into?.writeFd ?? 'pipe' });
  into?.close('write');
  const { stdout } = child;
  const ended = endOf(child, tools.dump);
  ended.catch((error: unknown) => stdout?.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stdout: stdout ?? undefined, ended };
}

/** Starts pg_restore, which reads from its standard input, that of `from` or ours; one transaction, ended by the first error. */
export function startRestore(
  tools: PostgresTools,
  url: string,
  from: OsPipe | undefined,
  signal: AbortSignal,
): { readonly stdin: Writable | undefined; readonly ended: Promise<void> } {
  const { PGDATABASE = '' } = connectionEnv(url);
  const args = [
    '--format=custom',
    '--no-owner',
    '--no-privileges',
    '--exit-on-error',
    '--single-transaction',
    `--dbname=${PGDATABASE}`,
  ];
  const child = run(tools.restore, args, { url, signal, stdin: from?.readFd ?? 'pipe', stdout: 'ignore' });
  from?.close('read');
  // The reason is the exit, not the broken pipe that follows from it.
  child.stdin?.on('error', () => undefined);
  return { stdin: child.stdin ?? undefined, ended: endOf(child, tools.restore) };
}

function run(
  program: string,
  args: readonly string[],
  how: {
    readonly url: string;
    readonly signal: AbortSignal;
    readonly stdin: 'pipe' | 'ignore' | number;
    readonly stdout: 'pipe' | 'ignore' | number;
  },
): ChildProcess {
  return spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', ...connectionEnv(how.url) },
    stdio: [how.stdin, how.stdout, 'pipe'],
    signal: how.signal,
  });
}

function endOf(child: ChildProcess, program: string): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  return new Promise<void>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new PortError(peer, 'unavailable', `${program} could not be run or was ended`, { cause })),
    );
    child.once('close', (code, by) => {
      if (code === 0) return resolve();
      const lines = said.trim().split('\n');
      // What follows an error, its context and a hint, says less.
      const line = lines.findLast((one) => /error:/i.test(one)) ?? lines.at(-1) ?? '';
      reject(
        new PortError(
          peer,
          codeOf(said),
          `${program.split('/').at(-1)} ended with ${code ?? by}: ${hideSecrets(line).slice(0, 300)}`,
        ),
      );
    });
  });
}

function codeOf(said: string): 'unreachable' | 'unauthorized' | 'unavailable' | 'invalid' {
  if (/authentication failed/.test(said)) return 'unauthorized';
  if (/connection to server|terminat|closed the connection/.test(said)) return 'unreachable';
  if (/No space left|could not extend/.test(said)) return 'unavailable';
  return 'invalid';
}
