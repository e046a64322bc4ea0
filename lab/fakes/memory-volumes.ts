import { PortError } from '../../kernel/errors.ts';
import type { BlockVolume, Cloud } from '../../responders/ports.ts';

/** Volumes in memory: a snapshot is finished at the second look. */
export interface MemoryVolumes extends Pick<Cloud, 'volumes' | 'volumeSnapshots' | 'snapshotVolume' | 'deleteVolume'> {
  /** What was asked for, in order: `snapshot v1 as before-delete`, `delete v1`. */
  readonly writes: readonly string[];
  /** Pods move while nobody looks. */
  hold(id: string, droplets: readonly string[]): void;
  /** The next write has its effect, and its answer is lost. */
  loseAnswer(): void;
}

/** Starts with these volumes and no snapshot. */
export function memoryVolumes(start: readonly BlockVolume[] = []): MemoryVolumes {
  const standing = new Map(start.map((volume) => [volume.id, volume]));
  const snapshots = new Map<string, { name: string; looks: number }[]>();
  const writes: string[] = [];
  let losing = false;
  const did = (write: string): void => {
    writes.push(write);
    if (!losing) return;
    losing = false;
    throw new PortError('digitalocean', 'timeout', 'the answer was lost');
  };
  return {
    writes,
    hold(id, droplets) {
      const volume = standing.get(id);
      if (volume !== undefined) standing.set(id, { ...volume, droplets });
    },
    loseAnswer() {
      losing = true;
    },
    volumes: async () => [...standing.values()],
    async volumeSnapshots(id) {
      const made = snapshots.get(id) ?? [];
      for (const one of made) one.looks += 1;
      return made.map(({ name, looks }) => ({ name, finished: looks >= 2 }));
    },
    async snapshotVolume({ id, name }) {
      if (!standing.has(id)) throw new PortError('digitalocean', 'not-found', 'there is no such volume');
      snapshots.set(id, [...(snapshots.get(id) ?? []), { name, looks: 0 }]);
      did(`snapshot ${id} as ${name}`);
    },
    async deleteVolume({ id }) {
      const volume = standing.get(id);
      if (volume === undefined) return;
      if (volume.droplets.length > 0)
        throw new PortError('digitalocean', 'conflict', 'the volume is attached to a Droplet');
      standing.delete(id);
      did(`delete ${id}`);
    },
  };
}
