import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { KubeObject, ObjectFile, Ref } from '../kube/object.ts';
import { fieldOf } from '../kube/object.ts';
import { phases } from '../phases/define.ts';
import type { Run } from './run.ts';

/** Label of the ConfigMaps that keep runs. */
export const recordLabel = 'gomeet.dev/record';
/** What such a ConfigMap may hold: an object's limit is 1 MiB, and base64 takes a third. */
const maxBytes = 700_000;

const RefShape: z.ZodType<Ref> = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  })
  .transform(({ namespace, ...ref }) => ({ ...ref, ...(namespace === undefined ? {} : { namespace }) }));
const Whole = z.custom<KubeObject>((value) => typeof fieldOf(value, 'metadata', 'name') === 'string');
const RunShape = z.object({
  id: z.string(),
  environment: z.string(),
  digest: z.string(),
  state: z.enum(['running', 'failed', 'done', 'rolled-back']),
  startedAt: z.string(),
  endedAt: z
    .string()
    .optional()
    .transform((value) => value),
  over: z.array(z.enum(phases.map(({ name }) => name))),
  touched: z.array(RefShape),
  inventory: z.array(RefShape),
  snapshot: z.object({
    takenAt: z.string(),
    objects: z.array(z.object({ ref: RefShape, was: z.union([z.literal('absent'), Whole]) })),
  }),
});

/** A run as a ConfigMap: what people look for in the open, all of it packed. Throws a RangeError where it would not fit into one. */
export function toRecord(run: Run, namespace: string): KubeObject {
  const packed = gzipSync(JSON.stringify(run), { level: 9 });
  if (packed.length > maxBytes)
    throw new RangeError(`the snapshot takes ${packed.length} bytes packed, a ConfigMap holds ${maxBytes}`);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: recordName(run.id), namespace, labels: { [recordLabel]: 'deploy' } },
    data: {
      environment: run.environment,
      state: run.state,
      startedAt: run.startedAt,
      over: run.over.join(' '),
      digest: run.digest,
    },
    binaryData: { run: packed.toString('base64') },
  };
}

/** The run in a ConfigMap; undefined for one that is not whole. */
export function fromRecord(object: KubeObject): Run | undefined {
  const packed = fieldOf(object, 'binaryData', 'run');
  if (typeof packed !== 'string') return undefined;
  try {
    const parsed = RunShape.safeParse(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Name of the ConfigMap that keeps a run. */
export function recordName(id: string): string {
  return `gomeet-deploy-${id}`;
}

/** The digest of what is declared; the order of files and objects counts. */
export function digestOf(files: readonly ObjectFile[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}
