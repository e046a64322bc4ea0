import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import type { KubeObject, Objects } from '../ports.ts';
import type { PlannedKey } from './keys.ts';

/** Annotation with the moment a key was written last, by which its age is known; the value itself is never read for it. */
const writtenAt = (key: string): string => `gomeet.dev/written-at.${key}`;
/** Annotation with the step that wrote a key last: a second try of it writes nothing. */
const writtenBy = (key: string): string => `gomeet.dev/written-by.${key}`;

const Secret = z.looseObject({ data: z.record(z.string(), z.string()).optional() });

/** Names of the keys that a secret holds; undefined when there is no such secret. */
export async function keysThere(objects: Objects, name: string): Promise<ReadonlySet<string> | undefined> {
  const object = await objects.get({ apiVersion: 'v1', kind: 'Secret', name });
  return object === undefined ? undefined : new Set(Object.keys(Secret.parse(object).data ?? {}));
}

/** The Secret objects for these keys, values and all; whoever holds them must not let them out. */
export function secretObjects(
  keys: readonly PlannedKey[],
  by: { runId: string; nowMs: number; namespace?: string },
): readonly KubeObject[] {
  return [...Map.groupBy(keys, ({ secret }) => secret)].map(([name, own]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name, ...(by.namespace === undefined ? {} : { namespace: by.namespace }), annotations: marks(own, by) },
    data: encoded(own),
  }));
}

/** Makes or completes the secrets: keys that are there keep their values. Returns the keys written. Throws a PortError. */
export async function writeMissing(
  objects: Objects,
  keys: readonly PlannedKey[],
  by: { runId: string; nowMs: number; namespace?: string },
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [name, own] of Map.groupBy(keys, ({ secret }) => secret)) {
    const ref = { apiVersion: 'v1', kind: 'Secret', name, namespace: by.namespace };
    const there = await objects.get(ref);
    const has = there === undefined ? {} : (Secret.parse(there).data ?? {});
    const missing = own.filter(({ key, value }) => value !== undefined && (has[key] ?? '') === '');
    if (missing.length === 0) continue;
    if (there === undefined)
      for (const object of secretObjects(missing, by)) await objects.apply(object, { runId: by.runId });
    else
      await objects.patch(
        ref,
        { metadata: { annotations: marks(missing, by) }, data: encoded(missing) },
        { runId: by.runId, resourceVersion: there.metadata.resourceVersion },
      );
    written.push(...missing.map(({ key }) => `${name}/${key}`));
  }
  return written;
}

/** Takes given values in although the keys are there: for a token that changed, or another database. Returns the keys written. */
export async function overwriteGiven(
  objects: Objects,
  keys: readonly PlannedKey[],
  by: { runId: string; nowMs: number; namespace?: string },
): Promise<readonly string[]> {
  const given = keys.filter(({ origin, value }) => origin.kind !== 'random' && value !== undefined);
  const written: string[] = [];
  for (const [name, own] of Map.groupBy(given, ({ secret }) => secret)) {
    const ref = { apiVersion: 'v1', kind: 'Secret', name, namespace: by.namespace };
    const there = await objects.get(ref);
    if (there === undefined) continue;
    const data = Secret.parse(there).data ?? {};
    const differing = own.filter(({ key, value }) => data[key] !== Buffer.from(value ?? '').toString('base64'));
    if (differing.length === 0) continue;
    await objects.patch(
      ref,
      { metadata: { annotations: marks(differing, by) }, data: encoded(differing) },
      { runId: by.runId, resourceVersion: there.metadata.resourceVersion },
    );
    written.push(...differing.map(({ key }) => `${name}/${key}`));
  }
  return written;
}

/** Writes new values over old ones, once a step: a second try finds its mark and writes nothing. Returns whether it wrote. */
export async function overwrite(
  objects: Objects,
  secret: string,
  values: () => Promise<readonly { key: string; value: string }[]>,
  by: { stepId: string; runId: string; nowMs: number; keys: readonly string[] },
): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Secret', name: secret };
  const there = await objects.get(ref);
  if (there === undefined)
    throw new PortError('kubernetes', 'not-found', `there is no Secret ${secret}: gomeet secrets setup makes it`);
  const annotations = there.metadata.annotations ?? {};
  if (by.keys.every((key) => annotations[writtenBy(key)] === by.stepId)) return false;
  const fresh = await values();
  const own = Object.fromEntries(
    fresh.flatMap(({ key }) => [
      [writtenAt(key), new Date(by.nowMs).toISOString()],
      [writtenBy(key), by.stepId],
    ]),
  );
  await objects.patch(
    ref,
    { metadata: { annotations: own }, data: encoded(fresh) },
    { runId: by.runId, resourceVersion: there.metadata.resourceVersion },
  );
  return true;
}

/** When each key was written last, in milliseconds since the epoch, by `secret/KEY`; from annotations, and from the secret's own birth where nobody wrote one. */
export async function writtenAtMs(objects: Objects, secrets: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ages = new Map<string, number>();
  for (const name of secrets) {
    const object = await objects.get({ apiVersion: 'v1', kind: 'Secret', name });
    if (object === undefined) continue;
    const { annotations = {}, creationTimestamp } = object.metadata;
    for (const key of Object.keys(Secret.parse(object).data ?? {})) {
      const atMs = Date.parse(annotations[writtenAt(key)] ?? creationTimestamp ?? '');
      if (!Number.isNaN(atMs)) ages.set(`${name}/${key}`, atMs);
    }
  }
  return ages;
}

function marks(keys: readonly { key: string }[], by: { runId: string; nowMs: number }): Record<string, string> {
  return Object.fromEntries(keys.map(({ key }) => [writtenAt(key), new Date(by.nowMs).toISOString()]));
}

function encoded(keys: readonly { key: string; value: string | undefined }[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap(({ key, value }) => (value === undefined ? [] : [[key, Buffer.from(value).toString('base64')]])),
  );
}
