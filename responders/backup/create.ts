import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import { recipientOf } from './age.ts';
import type { BackupSource, Component, ObjectStore } from './define.ts';
import { inventory } from './inventory.ts';
import {
  backupFolder,
  backupId,
  type Manifest,
  manifestKey,
  noteKey,
  type Part,
  readManifest,
  readNote,
  sealed,
} from './manifest.ts';
import { storeComponent } from './pipeline.ts';

/** A run that broke off is taken up again for so long; afterwards what it holds is too old to stand beside new dumps. */
const resumeWithinMs = 6 * 3_600_000;
/** A run that has said nothing for so long has died. */
const silentForMs = 90_000;
const beatEveryMs = 20_000;

/** What making a backup needs. */
export interface CreateOptions {
  readonly store: ObjectStore;
  readonly sources: readonly BackupSource[];
  /** Components that were wanted and cannot be dumped, with the reason: they stand in the manifest. */
  readonly unavailable?: readonly { component: Component; reason: string }[];
  readonly key: string;
  readonly namespace: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  say(line: string): void;
  progress?(component: Component, bytes: number): void;
}

/** Makes a backup, or ends one that broke off in the last hours. A component that fails does not take the others with it: it stands in the manifest as missing. Throws a PortError (`conflict`) while another run is under way. */
export async function createBackup(options: CreateOptions): Promise<Manifest> {
  const { store, clock, signal } = options;
  const recipient = await recipientOf(options.key);
  const id = await takeUp(options);
  const folder = backupFolder(id);
  const beat = await startBeat(store, `${folder}running.json`, clock);
  try {
    const parts: Part[] = [];
    const missing = [...(options.unavailable ?? [])];
    for (const source of options.sources) {
      signal.throwIfAborted();
      const { component } = source;
      const done = await readNote(store, id, component);
      if (done !== undefined) {
        options.say(`${component}: done by the run that broke off`);
        parts.push(done);
        continue;
      }
      try {
        const part = await storeComponent(source, {
          store,
          folder,
          key: recipient,
          now: () => clock.now(),
          signal,
          progress: (bytes) => options.progress?.(component, bytes),
        });
        await put(store, noteKey(id, component), sealed(part));
        options.say(
          `${component}: ${part.plainBytes === undefined ? '' : `${part.plainBytes} bytes, `}${part.storedBytes} stored`,
        );
        parts.push(part);
      } catch (error) {
        signal.throwIfAborted();
        options.say(`${component}: failed, ${errorText(error)}`);
        missing.push({ component, reason: errorText(error) });
      }
    }
    if (parts.length === 0)
      throw new PortError(
        'backup',
        'unavailable',
        `nothing could be backed up: ${missing.map(({ component, reason }) => `${component}: ${reason}`).join('; ')}`,
      );
    const manifest: Manifest = {
      format: 'gomeet-backup',
      version: 1,
      id,
      namespace: options.namespace,
      startedAtMs: Math.min(...parts.map(({ startedAtMs }) => startedAtMs)),
      endedAtMs: clock.now(),
      recipient,
      parts,
      missing,
    };
    await put(store, manifestKey(id), sealed(manifest));
    await store.delete(parts.map(({ component }) => noteKey(id, component)));
    return manifest;
  } finally {
    await beat.stop();
  }
}

/** What makes another backup unneeded: a whole one begun since, or one that is being made. Undefined when it is needed. */
export async function alreadyMade(store: ObjectStore, sinceMs: number, nowMs: number): Promise<string | undefined> {
  for (const { id, begunAtMs, finished } of (await inventory(store)).toReversed()) {
    if (nowMs - begunAtMs > resumeWithinMs && begunAtMs < sinceMs) return undefined;
    if (finished && begunAtMs >= sinceMs && (await readManifest(store, id)).missing.length === 0)
      return `${id} is whole`;
    const by = finished ? undefined : await whoRuns(store, id, nowMs);
    if (by !== undefined) return `${id} is being made by ${by}`;
  }
  return undefined;
}

/** Writes a small object. */
export async function put(store: ObjectStore, key: string, content: string): Promise<void> {
  await store.put(key, Readable.from([Buffer.from(content)]));
}

/** The run to take up again, or a new name. */
async function takeUp({ store, clock, say }: CreateOptions): Promise<string> {
  const nowMs = clock.now();
  const open = (await inventory(store)).filter(
    ({ finished, begunAtMs }) => !finished && nowMs - begunAtMs < resumeWithinMs,
  );
  for (const one of open) {
    const by = await whoRuns(store, one.id, nowMs);
    if (by !== undefined)
      throw new PortError(
        'backup',
        'conflict',
        `${one.id} is being made by ${by}; when that has died it can be taken up in ${silentForMs / 1_000} s`,
      );
  }
  const last = open.at(-1);
  if (last === undefined) return backupId(nowMs);
  const left = await store.abortUnfinished(backupFolder(last.id));
  say(`${last.id} broke off${left > 0 ? ` in the middle of ${left} uploads` : ''}: going on with it`);
  return last.id;
}

const Beat = z.object({ token: z.string(), by: z.string(), atMs: z.number() });

async function whoRuns(store: ObjectStore, id: string, nowMs: number): Promise<string | undefined> {
  const beat = await readBeat(store, `${backupFolder(id)}running.json`);
  return beat !== undefined && nowMs - beat.atMs < silentForMs ? beat.by : undefined;
}

async function readBeat(store: ObjectStore, key: string): Promise<z.infer<typeof Beat> | undefined> {
  try {
    return Beat.parse(JSON.parse(await text(await store.get(key))));
  } catch (error) {
    if (error instanceof PortError && error.code !== 'not-found') throw error;
    return undefined;
  }
}

/** Says every so often that this run lives, so that no second one begins beside it. */
async function startBeat(store: ObjectStore, key: string, clock: Clock): Promise<{ stop(): Promise<void> }> {
  const token = randomUUID();
  const say = () => put(store, key, JSON.stringify({ token, by: `${hostname()}/${process.pid}`, atMs: clock.now() }));
  await say();
  if ((await readBeat(store, key))?.token !== token)
    throw new PortError('backup', 'conflict', 'another run began at the same moment');
  const timer = setInterval(() => void say().catch(() => undefined), beatEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      await store.delete([key]).catch(() => undefined);
    },
  };
}
