import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { components, type ObjectStore } from './define.ts';

/** Everything of ours in the bucket stands below this. */
export const backupsPrefix = 'backups/';

const Part = z.object({
  component: z.enum(components),
  key: z.string(),
  /** Of the dump as it was made, in bytes and SHA-256; no SHA-256 where it never came by here (docs/adr: age over OpenSSL), and no bytes where what packed it did not tell them. */
  plainBytes: z.number().int().optional(),
  plainSha256: z.string().optional(),
  /** Of the object as it lies in the bucket. */
  storedBytes: z.number().int(),
  storedSha256: z.string(),
  recoveryPointMs: z.number(),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  counts: z.record(z.string(), z.number()),
  notes: z.record(z.string(), z.string()),
});
/** One component of a backup as the manifest has it. */
export type Part = z.infer<typeof Part>;

const Body = z.object({
  format: z.literal('gomeet-backup'),
  version: z.literal(1),
  id: z.string(),
  namespace: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  /** age recipient for whose identity it was encrypted. */
  recipient: z.string(),
  parts: z.array(Part),
  /** What should have been in it and could not be had, and why. */
  missing: z.array(z.object({ component: z.enum(components), reason: z.string() })),
});
/** What a backup holds; written last, so that a backup without one is not finished. */
export type Manifest = z.infer<typeof Body>;

const Signed = z.object({ sha256: z.string(), manifest: z.unknown() });

/** `backups/2026/11/24/backup-20261124-020000/`, as the original script laid them out. */
export function backupFolder(id: string): string {
  const [, year, month, day] = /^backup-(\d{4})(\d\d)(\d\d)-\d{6}$/.exec(id) ?? [];
  if (year === undefined) throw new PortError('backup', 'not-found', `${JSON.stringify(id)} is no name of a backup`);
  return `${backupsPrefix}${year}/${month}/${day}/${id}/`;
}

/** The name of a backup begun at that moment, UTC. */
export function backupId(nowMs: number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().split('T');
  return `backup-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

/** When the backup of that name was begun, in milliseconds since the epoch. */
export function begunAtMs(id: string): number {
  const [, year, month, day, hour, minute, second] = /^backup-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(id) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Key of the manifest of a backup. */
export const manifestKey = (id: string): string => `${backupFolder(id)}manifest.json`;

/** Key of the note that a component is done, by which a run that broke off is taken up again. */
export const noteKey = (id: string, component: string): string => `${backupFolder(id)}${component}.done.json`;

/** JSON with its own checksum beside it. */
export function sealed(value: Manifest | Part): string {
  const body = JSON.stringify(value);
  return `{"sha256":"${createHash('sha256').update(body).digest('hex')}","manifest":${body}}\n`;
}

/** Reads the manifest of a backup. Throws a PortError: `not-found` when the backup is unknown or unfinished, `invalid` when the manifest was changed or is of another kind. */
export async function readManifest(store: ObjectStore, id: string): Promise<Manifest> {
  return unsealed(await readText(store, manifestKey(id)), Body, `the manifest of ${id}`);
}

/** Reads the note that a component is done; undefined when there is none that can be trusted. */
export async function readNote(store: ObjectStore, id: string, component: string): Promise<Part | undefined> {
  try {
    return unsealed(await readText(store, noteKey(id, component)), Part, 'the note');
  } catch (error) {
    if (error instanceof PortError && (error.code === 'not-found' || error.code === 'invalid')) return undefined;
    throw error;
  }
}

function unsealed<T>(content: string, schema: z.ZodType<T>, what: string): T {
  const refuse = (why: string) => new PortError('backup', 'invalid', `${what} ${why}`);
  let outer: z.infer<typeof Signed>;
  try {
    outer = Signed.parse(JSON.parse(content));
  } catch {
    throw refuse('is not one of ours');
  }
  // JSON.stringify keeps the order of keys that it was parsed with.
  if (createHash('sha256').update(JSON.stringify(outer.manifest)).digest('hex') !== outer.sha256)
    throw refuse('was changed: its checksum does not fit');
  const parsed = schema.safeParse(outer.manifest);
  if (!parsed.success)
    throw refuse(`cannot be understood: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

async function readText(store: ObjectStore, key: string): Promise<string> {
  return await text(await store.get(key));
}
