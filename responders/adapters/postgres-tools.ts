import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { PortError, UsageError } from '../../kernel/errors.ts';
import { hideSecrets } from '../../kernel/secrets.ts';

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
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const others: string[] = [];
  for (const folder of [...versionedFolders(major), ...path]) {
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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

/** A child process whose failure is the failure of its stream. */
interface Running {
  readonly stdout: Readable;
  readonly stdin: NodeJS.WritableStream;
  readonly ended: Promise<void>;
}

/** Starts pg_dump in the custom format, not compressed: what comes after it compresses better, and beside it. */
export function startDump(tools: PostgresTools, url: string, snapshot: string, signal: AbortSignal): Running {
  return run(
    tools.dump,
    ['--format=custom', '--compress=0', '--no-owner', '--no-privileges', `--snapshot=${snapshot}`],
    url,
    signal,
  );
}

/** Starts pg_restore, which reads from its standard input; one transaction, ended by the first error. */
export function startRestore(tools: PostgresTools, url: string, signal: AbortSignal): Running {
  const { PGDATABASE = '' } = connectionEnv(url);
  return run(
    tools.restore,
    [
      '--format=custom',
      '--no-owner',
      '--no-privileges',
      '--exit-on-error',
      '--single-transaction',
      `--dbname=${PGDATABASE}`,
    ],
    url,
    signal,
  );
}

function run(program: string, args: readonly string[], url: string, signal: AbortSignal): Running {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', ...connectionEnv(url) },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  // The reason is the exit, not the broken pipe that follows from it.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve, reject) => {
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
  ended.catch((error: unknown) => child.stdout.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stdout: child.stdout, stdin: child.stdin, ended };
}

function codeOf(said: string): 'unreachable' | 'unauthorized' | 'unavailable' | 'invalid' {
  if (/authentication failed/.test(said)) return 'unauthorized';
  if (/connection to server|terminat|closed the connection/.test(said)) return 'unreachable';
  if (/No space left|could not extend/.test(said)) return 'unavailable';
  return 'invalid';
}
