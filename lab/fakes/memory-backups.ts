import { PortError } from '../../kernel/errors.ts';
import type { Backups } from '../../responders/ports.ts';

/** One finished backup in memory, and what was asked of it; that a restore brings the data back is shown on real servers (test/responders/backup). */
export interface MemoryBackups extends Backups {
  /** In order, each once however often it was tried: `valkey of backup-20261124-020000`. */
  readonly writes: readonly string[];
}

/** Starts with a backup of that name. */
export function memoryBackups(id: string, components: readonly string[], begunAtMs: number): MemoryBackups {
  const writes: string[] = [];
  const stamps = new Set<string>();
  return {
    writes,
    async find(name) {
      if (name !== 'latest' && name !== id)
        throw new PortError('backup', 'not-found', `there is no finished backup ${name}; the newest is ${id}`);
      return { id, components };
    },
    look: async () => ({ finished: [{ id, begunAtMs, bytes: 1_000_000, verified: true }] }),
    async restoreOver({ id: of, component, stamp }) {
      if (!stamps.has(stamp)) writes.push(`${component} of ${of}`);
      stamps.add(stamp);
      return { ok: true, says: `${component} holds what ${of} had` };
    },
  };
}
