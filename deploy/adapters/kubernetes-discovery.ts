import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import type { Ref } from '../kube/object.ts';
import type { WireCall } from './kubernetes-request.ts';

const Resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Where objects of a kind are found. */
export interface Place {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Finds the path of a kind by asking the API server, and asks again for one that was not there before. */
export function createDiscovery(send: (call: WireCall) => Promise<unknown>) {
  const known = new Map<string, ReadonlyMap<string, Place>>();

  async function find({ apiVersion, kind }: Pick<Ref, 'apiVersion' | 'kind'>): Promise<Place | undefined> {
    const cached = known.get(apiVersion)?.get(kind);
    if (cached !== undefined) return cached;
    try {
      const { resources } = Resources.parse(await send({ method: 'GET', path: rootOf(apiVersion) }));
      const places = resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind: of, namespaced }) => [of, { plural: name, namespaced }] as const);
      known.set(apiVersion, new Map(places));
    } catch (error) {
      if (!(error instanceof PortError && error.code === 'not-found')) throw error;
    }
    return known.get(apiVersion)?.get(kind);
  }

  /** The path of one object, or of all of its kind; undefined where nobody serves the kind. */
  async function pathOf(
    ref: Pick<Ref, 'apiVersion' | 'kind' | 'namespace'>,
    name?: string,
  ): Promise<string | undefined> {
    const place = await find(ref);
    if (place === undefined) return undefined;
    const within =
      place.namespaced && ref.namespace !== undefined ? `/namespaces/${encodeURIComponent(ref.namespace)}` : '';
    return `${rootOf(ref.apiVersion)}${within}/${place.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
  }

  return { find, pathOf };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
