import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { loadEmbeddedPostgres, stopAtExit } from './embedded-exit.ts';

/** A PostgreSQL of our own for laptop, demo and tests. */
export interface EmbeddedStore {
  readonly url: string;
  /** Makes one more empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const user = 'gomeet';
const password = 'embedded-loopback-only';

/** Starts PostgreSQL on loopback with its data in `folder`, or adopts the one that a killed process left running there. */
export async function startEmbeddedStore(folder: string): Promise<EmbeddedStore> {
  await mkdir(dirname(folder), { recursive: true });
  const running = runningPort(folder);
  const port = running ?? (await freePort());
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await openToOthers(dirname(folder));
  const EmbeddedPostgres = loadEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user,
    password,
    port,
    persistent: true,
    createPostgresUser: asRoot,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  });
  if (!existsSync(join(folder, 'PG_VERSION'))) await server.initialise();
  if (running === undefined) await server.start();
  const released = stopAtExit(() => interrupt(folder));
  const at = (name: string) => `postgresql://${user}:${password}@127.0.0.1:${port}/${name}`;
  return {
    url: at('postgres'),
    async createDatabase(name) {
      await server.createDatabase(name);
      return at(name);
    },
    async stop() {
      released();
      await (running === undefined ? server.stop() : stopAdopted(folder));
    },
  };
}

/** The port of a server that still runs on this folder: postmaster.pid holds pid and port on lines 1 and 4. */
function runningPort(folder: string): number | undefined {
  const lines = pidFile(folder);
  if (lines === undefined) return undefined;
  try {
    process.kill(Number(lines[0]), 0);
    return Number(lines[3]);
  } catch {
    return undefined;
  }
}

function pidFile(folder: string): string[] | undefined {
  const path = join(folder, 'postmaster.pid');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : undefined;
}

/** SIGINT is PostgreSQL's fast shutdown. One that has ended already is left alone. */
function interrupt(folder: string): void {
  const pid = Number(pidFile(folder)?.[0]);
  if (!Number.isInteger(pid)) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It ended by itself.
  }
}

async function stopAdopted(folder: string): Promise<void> {
  interrupt(folder);
  while (pidFile(folder) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** As root the server runs as the user `postgres`, who must be able to walk to its data. */
async function openToOthers(folder: string): Promise<void> {
  await chmod(folder, 0o755);
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
