import type { Inventory, Parts } from './domain.ts';
import { absentAs, type Caller, notYet, readPages } from './source-calls.ts';
import type { DotsClient } from './source-client.ts';
import * as shapes from './source-shapes.ts';

/** Images of a repository that are told of, the newest: as many as some months of releases, and a bound on the series. */
const mostImages = 200;

/** Reads the registry and what of it no tag names any more. */
export function registryReaders(call: Caller, path: DotsClient['v2']['registry']) {
  return {
    async registry(): Promise<Parts['registry']> {
      const subscription = await absentAs(undefined, () =>
        call('registry_subscription', shapes.Subscription, () => path.subscription.get()),
      );
      if (subscription === undefined) return undefined;
      const used = await absentAs(undefined, () => call('registry', shapes.RegistryUsage, () => path.get()));
      return { ...subscription, name: used?.name, storageUsedBytes: used?.storageUsedBytes };
    },
    async repositories({ registry }: Inventory['parts']): Promise<Parts['repositories'] | typeof notYet> {
      if (registry === undefined) return notYet;
      const name = registry.value?.name;
      if (name === undefined) return [];
      const inside = path.byRegistry_name(name);
      const all = await readPages(call, 'repositories', shapes.Repositories, inside.repositoriesV2);
      const found: Parts['repositories'][number][] = [];
      for (const repository of all) {
        const { digests } = inside.repositories.byRepository_name(repository.name);
        // A repository may be deleted between the two calls.
        const manifests = await absentAs([], () => readPages(call, 'digests', shapes.Manifests, digests));
        const untagged = manifests.filter(({ tags }) => tags.length === 0);
        const images = manifests.flatMap(({ tags, digest, pushedAtMs }) =>
          tags.length === 0 || pushedAtMs === undefined ? [] : [{ tags, digest, pushedAtMs }],
        );
        found.push({
          name: repository.name,
          untagged: untagged.length,
          untaggedBytes: untagged.reduce((sum, { bytes }) => sum + bytes, 0),
          images: images.sort((one, other) => other.pushedAtMs - one.pushedAtMs).slice(0, mostImages),
        });
      }
      return found;
    },
  };
}
