import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'yaml';
import { environmentLabel } from '../../deploy/kube/own.ts';
import { loadConfig, required } from '../../kernel/config.ts';
import { humanMs } from '../../kernel/duration.ts';
import { PortError, UsageError } from '../../kernel/errors.ts';
import { ageEncryption } from '../../responders/backup/age.ts';
import { environmentNamed } from '../../responders/declared.ts';
import type { Objects } from '../../responders/ports.ts';
import { type Origin, type PlannedKey, secretKeys, valuesFor } from '../../responders/secrets/keys.ts';
import { keysThere, overwriteGiven, secretObjects, writeMissing, writtenAtMs } from '../../responders/secrets/write.ts';
import { printedTable } from '../common/printed.ts';
import { cluster } from './backup-parts.ts';
import { said } from './backup-run.ts';

/** Options of `gomeet secrets setup`. */
export interface SetupFlags {
  readonly namespace?: string;
  readonly sealed?: string;
  readonly partial?: true;
  readonly overwriteGiven?: true;
  readonly dryRun?: true;
}

/** `gomeet secrets setup`. */
export async function setup(flags: SetupFlags): Promise<void> {
  await said(async () => {
    const config = loadConfig(process.env);
    const planned = valuesFor(secretKeys(), process.env, environmentNamed(config.GOMEET_ENVIRONMENT).settings);
    const by = {
      runId: `secrets-setup-${Date.now()}`,
      nowMs: Date.now(),
      ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
    };
    if (flags.sealed !== undefined) {
      refuseLacking(planned, flags);
      if (flags.dryRun) {
        for (const { secret, key, lacks } of planned)
          console.log(lacks === undefined ? `would seal ${secret}/${key}` : `lacks ${secret}/${key}: ${lacks}`);
        return;
      }
      await seal(planned, required(config, 'BACKUP_ENCRYPTION_KEY'), flags.sealed, by);
      console.log(
        `${planned.filter(({ value }) => value !== undefined).length} keys in ${flags.sealed}; apply with: age -d -i IDENTITY ${flags.sealed} | kubectl apply -f -`,
      );
      return;
    }
    const objects = cluster(config, flags.namespace);
    await refuseAnother(objects, flags.namespace ?? config.KUBE_NAMESPACE, config.GOMEET_ENVIRONMENT);
    const there = new Map<string, ReadonlySet<string>>();
    for (const name of new Set(planned.map(({ secret }) => secret)))
      there.set(name, (await keysThere(objects, name)) ?? new Set());
    const missing = planned.filter(({ secret, key }) => there.get(secret)?.has(key) !== true);
    refuseLacking(missing, flags);
    if (flags.dryRun) {
      for (const { secret, key, origin, lacks } of missing)
        console.log(
          `${lacks === undefined ? 'would write' : 'lacks'} ${secret}/${key}${lacks === undefined ? (origin.kind === 'random' ? ', made here' : '') : `: ${lacks}`}`,
        );
      console.log(`${planned.length - missing.length} of ${planned.length} keys are there already`);
      return;
    }
    const written = await writeMissing(objects, missing, by);
    const again = flags.overwriteGiven ? await overwriteGiven(objects, planned, by) : [];
    for (const key of [...written, ...again]) console.log(`wrote ${key}`);
    console.log(
      `${written.length + again.length} keys written, ${planned.length - written.length - again.length} left as they were`,
    );
    if (again.length > 0) console.log('What reads them still has the old values: gomeet restart --all');
  });
}

function refuseLacking(keys: readonly PlannedKey[], { partial, dryRun }: SetupFlags): void {
  const lacking = keys.filter(({ lacks }) => lacks !== undefined);
  if (lacking.length > 0 && !partial && !dryRun)
    throw new UsageError(
      `${lacking.length} keys have to be given first, in the environment (--partial goes on without them):\n  ${lacking.map(({ secret, key, lacks }) => `${secret}/${key}: ${lacks}`).join('\n  ')}`,
    );
}

/** Encrypted on the way: the plain text is never on a disk. */
async function seal(
  planned: readonly PlannedKey[],
  key: string,
  path: string,
  by: { runId: string; nowMs: number; namespace?: string },
): Promise<void> {
  const text = secretObjects(planned, by)
    .map((object) => stringify(object))
    .join('---\n');
  await pipeline(
    Readable.from([Buffer.from(text)]),
    await ageEncryption(key),
    createWriteStream(`${path}.partial`, { mode: 0o600 }),
  );
  await rename(`${path}.partial`, path);
}

/** Settings of one environment do not go into the cluster of another; a namespace that says nothing is believed. */
async function refuseAnother(objects: Objects, name: string, environment: string): Promise<void> {
  const namespace = await objects.get({ apiVersion: 'v1', kind: 'Namespace', name });
  const theirs = namespace?.metadata.labels?.[environmentLabel];
  if (theirs !== undefined && theirs !== environment)
    throw new UsageError(
      `the connected cluster is ${theirs}, and the settings are those of ${environment}: set GOMEET_ENVIRONMENT=${theirs}, or connect to ${environment}`,
    );
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'random':
      return 'made here';
    case 'part':
      return `part of ${origin.of}`;
    case 'setting':
      return "the environment's settings";
    case 'given':
      return 'given';
  }
}

/** `gomeet secrets list`. */
export async function list({ json }: { json?: true }): Promise<void> {
  await said(async () => {
    const keys = secretKeys();
    const ages = await writtenAtMs(cluster(loadConfig(process.env)), [
      ...new Set(keys.map(({ secret }) => secret)),
    ]).catch((error: unknown) => {
      if (!(error instanceof PortError)) throw error;
      console.error(`gomeet: ages are not known: ${error.message}`);
      return new Map<string, number>();
    });
    const rows = keys.map(({ secret, key, origin, readers }) => ({
      secret,
      key,
      origin: originText(origin),
      readers,
      writtenAtMs: ages.get(`${secret}/${key}`),
    }));
    if (json) return console.log(JSON.stringify(rows, undefined, 2));
    console.log(
      printedTable(
        'Keys that workloads read',
        ['secret', 'key', 'comes from', 'age', 'read by'],
        rows.map((row) => [
          row.secret,
          row.key,
          row.origin,
          row.writtenAtMs === undefined ? 'not there' : humanMs(Date.now() - row.writtenAtMs),
          row.readers.join(', '),
        ]),
      ),
    );
  });
}
