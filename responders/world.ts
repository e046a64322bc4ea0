import type { Clock } from '../kernel/clock.ts';
import { PortError } from '../kernel/errors.ts';
import type { World, WorldPart } from './act/define.ts';
import type { Cloud, Cluster, FleetSource } from './ports.ts';

/** The platform as last seen, kept up to date in the background so that no decision waits for a peer. */
export interface WorldCache {
  current(): World;
  /** Reads these parts now; a peer that fails leaves the last reading, whose age goes on rising. */
  refresh(parts: readonly WorldPart[]): Promise<void>;
  /** Polls until `signal` aborts. */
  poll(intervals: { worldMs: number; cloudMs: number }, signal: AbortSignal): Promise<void>;
}

/** What the cache tells its owner. */
interface Listener {
  failed(part: WorldPart, error: PortError): void;
  /** A part has a reading again after it had none. */
  recovered(part: WorldPart): void;
}

/** Caches readings of the cluster, the fleet and the cloud. */
export function createWorldCache(
  sources: { cluster: Cluster; fleet: FleetSource; cloud: Cloud },
  clock: Clock,
  listener: Listener,
): WorldCache {
  let world: World = {};
  const failing = new Set<WorldPart>(['cluster', 'fleet', 'cloud']);
  const read: { readonly [Part in WorldPart]: () => Promise<NonNullable<World[Part]>['value']> } = {
    cluster: () => sources.cluster.read(),
    fleet: () => sources.fleet.read(),
    cloud: () => sources.cloud.read(),
  };

  async function refreshOne(part: WorldPart): Promise<void> {
    try {
      // The moment before the question: what the peer says may be older than its answer, never newer.
      const observedAtMs = clock.now();
      const value = await read[part]();
      world = { ...world, [part]: { value, observedAtMs } };
      if (failing.delete(part)) listener.recovered(part);
    } catch (error) {
      failing.add(part);
      listener.failed(
        part,
        error instanceof PortError ? error : new PortError(part, 'invalid', 'unexpected failure', { cause: error }),
      );
    }
  }

  // Many runs may want a new reading at once; one is enough for all.
  const underWay = new Map<WorldPart, Promise<void>>();
  function refreshShared(part: WorldPart): Promise<void> {
    const shared = underWay.get(part) ?? refreshOne(part).finally(() => underWay.delete(part));
    underWay.set(part, shared);
    return shared;
  }

  async function pollOne(part: WorldPart, everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await refreshShared(part);
      await clock.sleep(everyMs, signal);
    }
  }

  return {
    current: () => world,
    refresh: async (parts) => void (await Promise.all(parts.map(refreshShared))),
    poll: async ({ worldMs, cloudMs }, signal) =>
      void (await Promise.all([
        pollOne('cluster', worldMs, signal),
        pollOne('fleet', worldMs, signal),
        pollOne('cloud', cloudMs, signal),
      ])),
  };
}
