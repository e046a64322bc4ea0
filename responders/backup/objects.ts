import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import type { KubeObject, Objects } from '../ports.ts';
import type { BackupSource, RestoreTarget } from './define.ts';
import { backedUpKinds, forTest, isOwn, portable } from './kinds.ts';
import { lineDump, parseLine, readLines } from './lines.ts';

const Line: z.ZodType<KubeObject> = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
}) as z.ZodType<KubeObject>;

/** The objects of a namespace as something to back up; of an object's kinds, see kinds.ts. */
export function kubernetesSource(objects: Objects, now: () => number): BackupSource {
  return {
    component: 'kubernetes',
    ending: '.ndjson',
    async dump(signal) {
      // The first answer shows that the cluster is there at all: a kind that it does not know is an empty list.
      await objects.list({ apiVersion: 'v1', kind: 'ServiceAccount' });
      return lineDump(
        everything(objects, signal),
        { line: (object) => JSON.stringify(object), counted: ({ kind }) => kind },
        { recoveryPointMs: now(), notes: { kinds: String(backedUpKinds.length) } },
      );
    },
  };
}

async function* everything(objects: Objects, signal: AbortSignal): AsyncGenerator<KubeObject> {
  for (const of of backedUpKinds) {
    signal.throwIfAborted();
    for (const object of await objects.list(of)) if (isOwn(object)) yield portable(object);
  }
}

/** Applies the objects of a dump into a namespace. A second try finds what the first has made and makes it the same. */
export function kubernetesTarget(
  objects: Objects,
  options: { namespace: string; production: boolean; runId: string; test?: boolean },
): RestoreTarget {
  const { namespace, runId } = options;
  return {
    component: 'kubernetes',
    name: namespace,
    production: options.production,
    async plan() {
      const there = await objects.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      if (there === undefined)
        throw new PortError(
          'kubernetes',
          'not-found',
          `there is no namespace ${namespace}; make it first, so that nothing lands where nobody looks`,
        );
      return `apply the objects into the namespace ${namespace}${options.test === true ? ', one replica each, without what acts' : ''}`;
    },
    async restore(dump, _expected, signal) {
      const counts: Record<string, number> = {};
      const refused: string[] = [];
      let [applied, left] = [0, 0];
      for await (const line of readLines(dump)) {
        signal.throwIfAborted();
        const parsed = Line.safeParse(parseLine(line));
        if (!parsed.success) throw new PortError('backup', 'invalid', 'a line of the dump is no object of Kubernetes');
        const { kind, metadata } = parsed.data;
        counts[kind] = (counts[kind] ?? 0) + 1;
        const object = options.test === true ? forTest(parsed.data) : parsed.data;
        if (object === undefined) {
          left += 1;
          continue;
        }
        try {
          await objects.apply({ ...object, metadata: { ...object.metadata, namespace } }, { runId, force: true });
          applied += 1;
        } catch (error) {
          if (!(error instanceof PortError) || error.retryable || error.code === 'forbidden') throw error;
          refused.push(`${kind}/${metadata.name}: ${error.message}`);
        }
      }
      if (refused.length > 0)
        throw new PortError(
          'kubernetes',
          'invalid',
          `${refused.length} objects were refused: ${refused.slice(0, 3).join('; ')}`,
        );
      return {
        counts,
        says: `${applied} objects applied in ${namespace}${left > 0 ? `, ${left} left out of a test` : ''}`,
      };
    },
  };
}
