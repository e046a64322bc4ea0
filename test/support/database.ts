import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { type EmbeddedStore, startEmbeddedStore } from '../../responders/store/embedded.ts';

let own: Promise<{ store: EmbeddedStore; folder: string }> | undefined;

// Registered at the top, so that it runs after every test's own clean-up.
after(async () => {
  const started = await own;
  if (started === undefined) return;
  await started.store.stop();
  await rm(started.folder, { recursive: true, force: true });
});

/** The URL of a new, empty database: on the server of the whole run (TEST_POSTGRES_URL), else on one that this file starts and stops. */
export async function testDatabase(): Promise<string> {
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const shared = process.env['TEST_POSTGRES_URL'];
  if (shared === undefined) {
    own ??= startOwn();
    return await (await own).store.createDatabase(name);
  }
  const client = new pg.Client(shared);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return shared.replace(/\/[^/]*$/, `/${name}`);
}

async function startOwn(): Promise<{ store: EmbeddedStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
  return { store: await startEmbeddedStore(join(folder, 'pg')), folder };
}
