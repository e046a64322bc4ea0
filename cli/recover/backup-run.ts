import { systemClock } from '../../kernel/clock.ts';
import { loadConfig, required } from '../../kernel/config.ts';
import { duration, humanMs, toMs } from '../../kernel/duration.ts';
import { PortError, UsageError } from '../../kernel/errors.ts';
import { alreadyMade, createBackup } from '../../responders/backup/create.ts';
import { type Component, components } from '../../responders/backup/define.ts';
import { findBackup, inventory } from '../../responders/backup/inventory.ts';
import { type Restored, restoreBackup } from '../../responders/backup/restore.ts';
import { defaultKeep, deleteBackups, expired } from '../../responders/backup/retention.ts';
import { verifyBackup } from '../../responders/backup/verify.ts';
import { backupBucket } from '../../responders/declared.ts';
import { bucket, scratchTargets, sources, targets } from './backup-parts.ts';

interface Flags {
  readonly only?: readonly Component[];
  readonly json?: true;
  readonly dryRun?: true;
}

/** `gomeet backup create`. */
export async function create({
  only = components,
  json,
  unlessNewer,
}: Flags & { unlessNewer?: string }): Promise<void> {
  const unlessNewerMs = unlessNewer === undefined ? undefined : toMs(duration(unlessNewer));
  await said(async (signal) => {
    const config = loadConfig(process.env);
    const store = await bucket(config);
    const there =
      unlessNewerMs === undefined ? undefined : await alreadyMade(store, Date.now() - unlessNewerMs, Date.now());
    if (there !== undefined) return console.log(json ? JSON.stringify({ there }) : `nothing to do: ${there}`);
    const progress = progressLine();
    const manifest = await createBackup({
      store,
      ...sources(config, only),
      key: required(config, 'BACKUP_ENCRYPTION_KEY'),
      namespace: config.KUBE_NAMESPACE,
      clock: systemClock,
      signal,
      say: (line) => console.error(line),
      progress,
    });
    if (json) console.log(JSON.stringify(manifest, undefined, 2));
    else {
      for (const { component, plainBytes, storedBytes, startedAtMs, endedAtMs } of manifest.parts)
        console.log(
          `✓ ${component.padEnd(12)} ${(plainBytes === undefined ? '' : size(plainBytes)).padStart(9)} → ${size(storedBytes).padStart(9)} in ${humanMs(endedAtMs - startedAtMs)}`,
        );
      for (const { component, reason } of manifest.missing) console.log(`✗ ${component.padEnd(12)} ${reason}`);
      console.log(`${manifest.id} is in ${backupBucket(config)}`);
    }
    if (manifest.missing.length > 0) process.exitCode = 1;
  });
}

/** `gomeet backup list`. */
export async function list({ json }: Flags): Promise<void> {
  await said(async () => {
    const store = await bucket(loadConfig(process.env));
    const all = (await inventory(store)).toReversed();
    if (json)
      return console.log(
        JSON.stringify(
          all.map(({ id, begunAtMs, bytes, finished, verified }) => ({ id, begunAtMs, bytes, finished, verified })),
          undefined,
          2,
        ),
      );
    if (all.length === 0) return console.log('There is no backup.');
    for (const { id, begunAtMs, bytes, finished, verified } of all)
      console.log(
        `${id}  ${humanMs(Date.now() - begunAtMs).padStart(10)} old  ${size(bytes).padStart(9)}  ${finished ? (verified ? 'proved by a restore' : 'not proved') : 'not finished'}`,
      );
  });
}

/** `gomeet backup verify`. */
export async function verify(name: string, { json }: Flags): Promise<void> {
  await said(async (signal) => {
    const config = loadConfig(process.env);
    const store = await bucket(config);
    const manifest = await findBackup(store, name);
    const result = await verifyBackup({
      store,
      manifest,
      identity: required(config, 'BACKUP_ENCRYPTION_KEY'),
      targets: scratchTargets(config, manifest.id),
      now: () => Date.now(),
      signal,
    });
    if (json) console.log(JSON.stringify(result, undefined, 2));
    else {
      printRestored(result.parts);
      console.log(
        `${result.id} ${result.ok ? 'is whole' : 'is NOT whole'}: restored in ${humanMs(result.recoveryTimeMs)}, as of ${humanMs(result.recoveryPointAgeMs)} ago`,
      );
    }
    if (!result.ok) process.exitCode = 1;
  });
}

/** `gomeet backup restore` and `restore-spaces`. */
export async function restore(
  name: string,
  flags: Flags & {
    target?: string;
    namespace?: string;
    out?: string;
    overProduction?: true;
    local?: true;
    breakGlass?: string;
  },
): Promise<void> {
  if (flags.overProduction) return await restoreOver(name, flags);
  const { target } = flags;
  if (target === undefined)
    throw new UsageError('where to? --target NAME; over production: --over-production, with a second person');
  await said(async (signal) => {
    const config = loadConfig(process.env);
    const store = await bucket(config);
    const manifest = await findBackup(store, name);
    const wanted = flags.only ?? manifest.parts.map(({ component }) => component);
    const result = await restoreBackup({
      store,
      manifest,
      identity: required(config, 'BACKUP_ENCRYPTION_KEY'),
      targets: targets(config, wanted, { target, namespace: flags.namespace, out: flags.out }),
      overProduction: false,
      dryRun: flags.dryRun ?? false,
      now: () => Date.now(),
      signal,
      progress: progressLine(),
    });
    if (flags.json)
      console.log(JSON.stringify({ id: manifest.id, dryRun: flags.dryRun ?? false, parts: result }, undefined, 2));
    else {
      console.log(`${manifest.id}${flags.dryRun ? ', dry run' : ''}`);
      printRestored(result);
    }
    if (result.some(({ ok }) => !ok)) process.exitCode = 1;
  });
}

/** Through the guards, the journal and a second person. */
async function restoreOver(
  backup: string,
  { only, dryRun, json, local, breakGlass }: Flags & { local?: true; breakGlass?: string },
): Promise<void> {
  const able = ['postgresql', 'valkey', 'kubernetes'] as const;
  const wanted = able.filter((component) => only?.includes(component));
  if (only === undefined || wanted.length !== only.length)
    throw new UsageError('over production, name what with --only: postgresql, valkey, kubernetes');
  const { ask } = await import('../common/ask.ts');
  await ask(
    'restoreOverProduction',
    { backup, components: wanted },
    {
      ...(dryRun ? { dryRun } : {}),
      ...(json ? { json } : {}),
      ...(local ? { local } : {}),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    },
  );
}

/** `gomeet backup cleanup`. */
export async function cleanup(flags: Flags & { keepDays: number }): Promise<void> {
  await said(async () => {
    const store = await bucket(loadConfig(process.env));
    const gone = expired(await inventory(store), { ...defaultKeep, days: flags.keepDays }, Date.now());
    if (!flags.dryRun) await deleteBackups(store, gone);
    if (flags.json)
      console.log(
        JSON.stringify(
          gone.map(({ backup, why }) => ({ id: backup.id, why })),
          undefined,
          2,
        ),
      );
    else if (gone.length === 0) console.log('Nothing is past its time.');
    else
      for (const { backup, why } of gone)
        console.log(`${flags.dryRun ? 'would delete' : 'deleted'} ${backup.id}: ${why}`);
  });
}

function printRestored(parts: readonly Restored[]): void {
  for (const { component, target, ok, says, tookMs } of parts)
    console.log(
      `${ok ? '✓' : '✗'} ${component.padEnd(12)} ${target === '' ? '' : `${target}: `}${says}${tookMs > 0 ? `, ${humanMs(tookMs)}` : ''}`,
    );
}

/** Runs a command that a signal breaks off cleanly, and says what broke as a sentence. */
export async function said(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new UsageError('interrupted; run the same command again to go on'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    if (!(error instanceof PortError)) throw error;
    console.error(`gomeet: ${error.message}`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** A line that is written over itself, where somebody watches. */
function progressLine(): (component: Component, bytes: number) => void {
  let last = 0;
  return (component, bytes) => {
    if (!process.stderr.isTTY || Date.now() - last < 200) return;
    last = Date.now();
    process.stderr.write(`\r\u001b[K${component} ${size(bytes)}`);
  };
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
