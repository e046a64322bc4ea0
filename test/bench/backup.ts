import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { startPostgres } from '../../lab/peers/postgres.ts';
import { startS3 } from '../../lab/peers/s3.ts';
import { findTool } from '../../lab/toolbox.ts';
import { postgresSource, postgresTarget } from '../../responders/adapters/backup/postgres.ts';
import { createSpaces } from '../../responders/adapters/backup/spaces.ts';
import type { Part } from '../../responders/backup/manifest.ts';
import { restoreComponent, storeComponent } from '../../responders/backup/pipeline.ts';
import { type Figure, figure, median } from './figures.ts';

const tools = ['pg_dump', 'versitygw', 'age', 'zstd', 'curl'];
const binaries = '/usr/lib/postgresql/15/bin';
const shell = 'set -euo pipefail; ';

/** Backup and restore of a database to and from an S3 server, against the same pipeline of native tools; MB/s of the dump as pg_dump writes it.
 *  The same means: it leaves behind what ours does, the object and the SHA-256 that its manifest holds. Beside it stand one that makes no checksum, and so could not tell a changed object, and one that counts the rows as ours does. */
export async function benchBackup({
  say,
  runs,
}: {
  say(line: string): void;
  runs: number;
}): Promise<readonly Figure[]> {
  const missing = tools.filter((name) => findTool(name) === undefined);
  if (missing.length > 0) {
    say(`backup: left out, ${missing.join(', ')} not installed`);
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-bench-backup-'));
  const [postgres, s3] = [await startPostgres({ fast: true }), await startS3()];
  try {
    await fill(postgres.url, postgres.at('gomeet'));
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    await writeFile(join(folder, 'identity'), `${identity}\n`, { mode: 0o600 });
    const store = await createSpaces(s3);
    const signal = new AbortController().signal;
    const seen = {
      backup: [] as number[],
      restore: [] as number[],
      nativeBackup: [] as number[],
      nativeRestore: [] as number[],
      bareBackup: [] as number[],
      countedBackup: [] as number[],
    };
    const url = `${s3.endpoint}/${s3.bucket}/native.age`;
    const curl = `${findTool('curl')} -sSf -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 aws:amz:${s3.region}:s3 --user "$S3_USER"`;
    const env = {
      S3_USER: `${s3.accessKeyId}:${s3.secretAccessKey}`,
      PGHOST: '127.0.0.1',
      PGPORT: String(postgres.port),
      PGUSER: 'gomeet',
    };
    let part: Part | undefined;
    const pairs = Math.max(5, runs);
    for (let run = 0; run < pairs; run += 1) {
      const timed = async (work: () => Promise<unknown>): Promise<number> => {
        const startedMs = performance.now();
        await work();
        return (performance.now() - startedMs) / 1_000;
      };
      const sealed = `${binaries}/pg_dump -Fc -Z0 gomeet | ${findTool('zstd')} -q -3 | ${findTool('age')} -r ${recipient}`;
      const summed = `${sealed} | tee ${folder}/native.age | sha256sum > ${folder}/native.sha256`;
      const sent = `${curl} -T ${folder}/native.age ${url}`;
      const counted = `${binaries}/psql -qAtc 'select count(*) from events' gomeet > ${folder}/rows & ${summed}; wait $!`;
      seen.bareBackup.push(await timed(() => sh(`${shell}${sealed} > ${folder}/native.age; ${sent}`, env)));
      seen.nativeBackup.push(await timed(() => sh(`${shell}${summed}; ${sent}`, env)));
      seen.countedBackup.push(await timed(() => sh(`${shell}${counted}; ${sent}`, env)));
      seen.backup.push(
        await timed(async () => {
          part = await storeComponent(postgresSource(postgres.at('gomeet')), {
            store,
            folder: 'bench/',
            key: identity,
            now: Date.now,
            signal,
          });
        }),
      );
      seen.nativeRestore.push(
        await timed(() =>
          sh(
            `${shell}${binaries}/dropdb --if-exists native; ${binaries}/createdb native; ${curl} ${url} | ${findTool('age')} -d -i ${folder}/identity | ${findTool('zstd')} -dq | ${binaries}/pg_restore -1 -e -d native`,
            env,
          ),
        ),
      );
      const target = postgresTarget({
        url: postgres.url,
        database: 'ours',
        productionUrl: undefined,
        scratch: true,
        now: Date.now,
      });
      seen.restore.push(
        await timed(async () => {
          if (part !== undefined) await restoreComponent(part, target, { store, identity, signal });
        }),
      );
      say(`backup: run ${run + 1} of ${pairs}, ${((part?.plainBytes ?? 0) / 1e6).toFixed(0)} MB`);
    }
    const rate = (seconds: readonly number[]): number => (part?.plainBytes ?? 0) / 1e6 / median(seconds);
    // Each pair ran side by side: the middle of their ratios, not the ratio of two middles.
    const against = (name: string, ours: readonly number[], native: readonly number[], bound: boolean): Figure => {
      const limit = rate(ours) / median(ours.map((seconds, pair) => (native[pair] ?? Number.NaN) / seconds));
      return figure(name, rate(ours), 'MB/s', {
        limit,
        ...(bound ? { direction: 'at least', must: 0.9 * limit } : {}),
      });
    };
    return [
      against('backup: PostgreSQL to S3, with its checksum', seen.backup, seen.nativeBackup, true),
      against('… beside native tools that count the rows too', seen.backup, seen.countedBackup, false),
      against('… beside native tools that make no checksum', seen.backup, seen.bareBackup, false),
      against('backup: restore from S3', seen.restore, seen.nativeRestore, true),
    ];
  } finally {
    await Promise.all([postgres.stop(), s3.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

/** Rows as a product has them: names, times, JSON, hashes. */
async function fill(serverUrl: string, url: string): Promise<void> {
  for (const [at, text] of [
    [serverUrl, 'create database gomeet'],
    [
      url,
      `create table events as select n as id, now() - n * interval '1 second' as at, 'user-' || n % 5000 as who,
         jsonb_build_object('room', 'standup-' || n % 700, 'ms', n % 977, 'ok', n % 13 > 0) as facts,
         md5(n::text) || md5((n * 7)::text) as hash from generate_series(1, 1500000) n`,
    ],
  ] as const) {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    await client.query(text);
    await client.end();
  }
}

function sh(script: string, env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the native pipeline failed: ${said.slice(-300)}`)),
    );
  });
}
