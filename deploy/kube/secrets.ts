import { fieldOf, isMap, type KubeObject } from './object.ts';
import type { Kube } from './port.ts';

/** A key of a secret without which a pod does not start. */
export interface NeededKey {
  readonly namespace: string;
  readonly secret: string;
  /** Undefined where only the secret as a whole is needed. */
  readonly key: string | undefined;
}

/** Every key that the declared objects want of a secret and cannot do without; in other namespaces are add-ons, which make their own. */
export function neededKeys(objects: readonly KubeObject[], namespace: string): readonly NeededKey[] {
  const found = new Map<string, NeededKey>();
  for (const object of objects) {
    const within = object.metadata.namespace ?? namespace;
    if (within !== namespace) continue;
    visit(object['spec'], (name, value) => {
      const needed = neededBy(name, value);
      if (needed !== undefined)
        found.set(`${within}/${needed.secret}/${needed.key ?? ''}`, { namespace: within, ...needed });
    });
  }
  return [...found.values()];
}

function neededBy(field: string, value: unknown): Omit<NeededKey, 'namespace'> | undefined {
  if (!isMap(value) || value['optional'] === true) return undefined;
  const { name, key, secretName } = value;
  if (field === 'secretKeyRef' && typeof name === 'string' && typeof key === 'string') return { secret: name, key };
  if (field === 'secretRef' && typeof name === 'string') return { secret: name, key: undefined };
  if (field === 'secret' && typeof secretName === 'string') return { secret: secretName, key: undefined };
  return undefined;
}

/** The needed keys that have no value in the cluster, by secret; values are looked at for being there and go nowhere. */
export async function missingKeys(kube: Kube, needed: readonly NeededKey[]): Promise<readonly string[]> {
  const bySecret = Map.groupBy(needed, ({ namespace, secret }) => `${namespace}/${secret}`);
  const missing = await Promise.all(
    [...bySecret].map(async ([path, keys]) => {
      const [namespace = '', name = ''] = path.split('/');
      const object = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
      const wanted = keys.flatMap(({ key }) => (key === undefined ? [] : [key]));
      if (object === undefined) return [`${path}${wanted.length === 0 ? '' : ` (${wanted.join(', ')})`}`];
      const empty = wanted.filter((key) => {
        const value = fieldOf(object, 'data', key);
        return typeof value !== 'string' || value === '';
      });
      return empty.length === 0 ? [] : [`${path}: ${empty.join(', ')}`];
    }),
  );
  return missing.flat();
}

function visit(value: unknown, seen: (name: string, value: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, seen);
  else if (isMap(value))
    for (const [name, child] of Object.entries(value)) {
      seen(name, child);
      visit(child, seen);
    }
}
