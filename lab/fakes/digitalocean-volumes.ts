import { z } from 'zod';
import type { FakeEstate } from './digitalocean-estate.ts';

const Volume = z.object({ id: z.string(), size_gigabytes: z.number(), droplet_ids: z.array(z.number()) });
const Snapshot = z.object({ id: z.string(), resource_id: z.string() });
const NewSnapshot = z.object({ name: z.string().min(1) });

/** What a route answers. */
interface Answer {
  readonly status: number;
  readonly body: object | undefined;
}

/** Deletes and snapshots volumes as the API does: one that a Droplet holds is a conflict. Undefined for every other route. */
export function volumeRoute(
  method: string,
  path: string,
  body: unknown,
  estate: FakeEstate,
): Answer | { readonly snapshots: readonly object[] } | undefined {
  const [, id = '', snapshots] = /^\/v2\/volumes\/([^/]+)(\/snapshots)?$/.exec(path) ?? [];
  if (id === '') return undefined;
  const at = estate.volumes.findIndex((volume) => Volume.parse(volume).id === id);
  const volume = at === -1 ? undefined : Volume.parse(estate.volumes[at]);
  if (volume === undefined) return failed(404, 'not_found', 'The resource you were accessing could not be found.');
  if (method === 'GET' && snapshots !== undefined)
    return { snapshots: estate.snapshots.filter((one) => Snapshot.safeParse(one).data?.resource_id === id) };
  if (method === 'POST' && snapshots !== undefined) {
    const wanted = NewSnapshot.safeParse(body);
    if (!wanted.success) return failed(422, 'unprocessable_entity', 'name is required');
    const snapshot = {
      id: `snapshot-${estate.snapshots.length + 1}`,
      name: wanted.data.name,
      regions: ['fra1'],
      created_at: new Date().toISOString(),
      resource_id: id,
      resource_type: 'volume',
      min_disk_size: volume.size_gigabytes,
      size_gigabytes: volume.size_gigabytes,
      tags: [],
    };
    estate.snapshots.push(snapshot);
    return { status: 201, body: { snapshot } };
  }
  if (method !== 'DELETE' || snapshots !== undefined) return undefined;
  if (volume.droplet_ids.length > 0)
    return failed(409, 'conflict', 'volume is currently attached to a Droplet; detach it first');
  estate.volumes.splice(at, 1);
  return { status: 204, body: undefined };
}

function failed(status: number, id: string, message: string): Answer {
  return { status, body: { id, message } };
}
