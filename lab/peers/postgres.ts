import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../kernel/errors.ts';
import { findTool } from '../toolbox.ts';
import { freeTcpPort } from './ports.ts';

/** A real PostgreSQL 15 on loopback, with its own pg_dump beside it; what it holds is thrown away with it. */
export interface PostgresPeer {
  readonly url: string;
  readonly port: number;
  /** URL of another database on it. */
  at(database: string): string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const binaries = '/usr/lib/postgresql/15/bin';

/** Starts Debian's PostgreSQL 15, as the user `postgres` where we are root, which the server refuses to be. */
export async function startPostgres(
  options: {
    readonly fast?: boolean;
    /** None of its files may grow beyond this, which to it is a full disk; at least the 16 MiB of a piece of its log. */
    readonly fileLimitBytes?: number;
  } = {},
): Promise<PostgresPeer> {
  if (findTool('pg_dump') === undefined)
    throw new UsageError('PostgreSQL 15 is missing: apt-get install postgresql-15');
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-postgres-'));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    await chmod(folder, 0o700);
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), -1);
  }
  const port = await freeTcpPort();
  const data = join(folder, 'data');
  const asOwner = (program: string, args: readonly string[], under: readonly string[] = []) => {
    const own = asRoot ? ['runuser', '-u', 'postgres', '--'] : [];
    return run('env', [...under, ...own, join(binaries, program), ...args], { cwd: '/', timeout: 180_000 });
  };
  await asOwner('initdb', ['-D', data, '-U', 'gomeet', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...(options.fast === true ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  const limit = options.fileLimitBytes === undefined ? [] : ['prlimit', `--fsize=${options.fileLimitBytes}`];
  const started = ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings.map((one) => `-c ${one}`).join(' ')];
  await asOwner('pg_ctl', [...started, 'start'], limit);
  const stopNow = () =>
    void execFile(
      asRoot ? 'runuser' : join(binaries, 'pg_ctl'),
      asRoot
        ? ['-u', 'postgres', '--', join(binaries, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop']
        : ['-D', data, '-m', 'immediate', 'stop'],
    ).unref();
  process.once('exit', stopNow);
  const at = (database: string) => `postgresql://gomeet:lab-only@127.0.0.1:${port}/${database}`;
  return {
    url: at('postgres'),
    port,
    at,
    async stop() {
      process.removeListener('exit', stopNow);
      await asOwner('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
