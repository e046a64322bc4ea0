import { PortError } from '../../kernel/errors.ts';
import type { KubeObject, ObjectRef, Objects } from '../../responders/ports.ts';

/** Objects in memory, with resource versions, conflicts and merge patches as the API server has them; for tests of procedures. */
export interface MemoryObjects extends Objects {
  /** What was written, in order: `patch Deployment/auth-service`. */
  readonly writes: readonly string[];
  put(object: Omit<KubeObject, 'metadata'> & { readonly metadata: KubeObject['metadata'] }): void;
  all(): readonly KubeObject[];
}

const runId = 'gomeet.dev/run-id';

/** Starts with these objects, each in `namespace` unless it says its own. */
export function memoryObjects(start: readonly KubeObject[] = [], namespace = 'gomeet'): MemoryObjects {
  const objects = new Map<string, KubeObject>();
  const writes: string[] = [];
  let version = 0;
  const keyOf = (kind: string, name: string, where: string | undefined) => `${kind}/${where ?? namespace}/${name}`;
  const keyOfRef = ({ kind, name, namespace: where }: ObjectRef) => keyOf(kind, name, where);
  function put(object: KubeObject): KubeObject {
    version += 1;
    const metadata = {
      uid: `uid-${version}`,
      creationTimestamp: new Date(0).toISOString(),
      namespace,
      ...object.metadata,
      resourceVersion: String(version),
    };
    const kept = { ...object, metadata };
    objects.set(keyOf(object.kind, object.metadata.name, object.metadata.namespace), kept);
    return kept;
  }
  for (const object of start) put(object);
  const stamp = (object: KubeObject, id: string): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [runId]: id } },
  });
  return {
    writes,
    put,
    all: () => [...objects.values()],
    get: async (ref) => structuredClone(objects.get(keyOfRef(ref))),
    async list({ kind, namespace: where, labelSelector }) {
      const wanted = labelSelector?.split(',').map((pair) => pair.split('='));
      return [...objects.entries()]
        .filter(([key]) => key.startsWith(`${kind}/`) && (where === undefined || key.startsWith(`${kind}/${where}/`)))
        .map(([, object]) => structuredClone(object))
        .filter(({ metadata }) => wanted?.every(([name, value]) => metadata.labels?.[name ?? ''] === value) ?? true);
    },
    async apply(object, by) {
      writes.push(`apply ${object.kind}/${object.metadata.name}`);
      const old = objects.get(keyOf(object.kind, object.metadata.name, object.metadata.namespace));
      return structuredClone(put(stamp(old === undefined ? object : asObject(merged(old, object)), by.runId)));
    },
    async patch(ref, patch, by) {
      const old = objects.get(keyOfRef(ref));
      if (old === undefined) throw new PortError('kubernetes', 'not-found', `${ref.kind} "${ref.name}" not found`);
      if (by.resourceVersion !== undefined && by.resourceVersion !== old.metadata.resourceVersion)
        throw new PortError('kubernetes', 'conflict', `${ref.kind} "${ref.name}" has been modified`);
      writes.push(`patch ${ref.kind}/${ref.name}`);
      return structuredClone(put(stamp(asObject(merged(old, patch)), by.runId)));
    },
    async remove(ref, options) {
      const old = objects.get(keyOfRef(ref));
      if (old === undefined) return;
      if (options?.uid !== undefined && options.uid !== old.metadata.uid)
        throw new PortError('kubernetes', 'conflict', `the UID of ${ref.kind} "${ref.name}" is another`);
      writes.push(`remove ${ref.kind}/${ref.name}`);
      objects.delete(keyOfRef(ref));
    },
  };
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const out = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) out.delete(key);
    else if (value !== undefined) out.set(key, merged(out.get(key), value));
  }
  return Object.fromEntries(out);
}

function asObject(value: unknown): KubeObject {
  return JSON.parse(JSON.stringify(value));
}
