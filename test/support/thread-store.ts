import type { JournalEntry } from '../../responders/records.ts';
import type { TellLease, ThreadPlace, ThreadStore, ThreadWork, Told } from '../../responders/tell/store.ts';
import type { IncidentView } from '../../responders/tell/view.ts';

interface Row {
  view: IncidentView;
  entries: JournalEntry[];
  place: ThreadPlace | undefined;
  told: Told;
  fence: number;
  leasedUntilMs: number;
  uncertain: boolean;
  waitUntilMs: number;
  newestAtRelease: string | undefined;
}

/** The contract of `ThreadStore` in memory, with the hands to do what other replicas and crashes do. */
export interface MemoryThreads extends ThreadStore {
  put(id: string, view: IncidentView): void;
  add(id: string, ...entries: readonly JournalEntry[]): void;
  row(id: string): Readonly<Row>;
  /** The process that holds the leases is gone: they run out, and nothing was released. */
  crash(): void;
  /** Another replica takes the lease. */
  steal(id: string): void;
}

export function memoryThreads(): MemoryThreads {
  const rows = new Map<string, Row>();
  const get = (id: string): Row => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`no incident ${id}`);
    return row;
  };
  const held = (lease: TellLease): Row | undefined => {
    const row = get(lease.incidentId);
    return row.fence === lease.fence && row.leasedUntilMs > Date.now() ? row : undefined;
  };
  const newest = (row: Row) => row.entries.at(-1)?.id;
  const due = (row: Row) => {
    const last = newest(row);
    if (last === undefined || row.leasedUntilMs > Date.now()) return false;
    if (row.told.repliesTo === last && row.told.parentTo === last) return false;
    return row.waitUntilMs <= Date.now() || last !== row.newestAtRelease;
  };

  return {
    put(id, view) {
      const old = rows.get(id);
      if (old !== undefined) old.view = view;
      else
        rows.set(id, {
          view,
          entries: [],
          place: undefined,
          told: { repliesTo: undefined, parentTo: undefined, parentAtMs: undefined, parentState: undefined },
          fence: 0,
          leasedUntilMs: 0,
          uncertain: false,
          waitUntilMs: 0,
          newestAtRelease: undefined,
        });
    },
    add: (id, ...entries) => void get(id).entries.push(...entries),
    row: get,
    crash() {
      for (const row of rows.values()) {
        row.leasedUntilMs = 0;
        row.fence += 1;
      }
    },
    steal(id) {
      get(id).fence += 1;
    },
    async claim({ limit, leaseMs, maxEntries }) {
      const works: ThreadWork[] = [];
      for (const [incidentId, row] of rows) {
        if (works.length >= limit || !due(row)) continue;
        row.fence += 1;
        row.leasedUntilMs = Date.now() + leaseMs;
        const from = row.entries.findIndex((entry) => entry.id === row.told.repliesTo) + 1;
        works.push({
          lease: { incidentId, fence: row.fence },
          view: row.view,
          thread: row.place,
          told: row.told,
          untold: row.entries.slice(from, from + maxEntries),
          newest: newest(row) ?? '',
          uncertain: row.uncertain,
        });
        row.uncertain = true;
      }
      return works;
    },
    async renew(lease, leaseMs) {
      const row = held(lease);
      if (row !== undefined) row.leasedUntilMs = Date.now() + leaseMs;
      return row !== undefined;
    },
    async saveThread(lease, place) {
      const row = held(lease);
      if (row !== undefined) row.place = place;
      return row !== undefined;
    },
    async markTold(lease, mark) {
      const row = held(lease);
      if (row === undefined) return false;
      row.told = {
        ...row.told,
        ...(mark.repliesTo === undefined ? {} : { repliesTo: mark.repliesTo }),
        ...(mark.parent === undefined
          ? {}
          : { parentTo: mark.parent.to, parentAtMs: mark.parent.atMs, parentState: mark.parent.state }),
      };
      return true;
    },
    async release(lease, end) {
      const row = held(lease);
      if (row === undefined) return;
      row.leasedUntilMs = 0;
      row.uncertain = end.uncertain;
      row.waitUntilMs = Date.now() + end.waitMs;
      row.newestAtRelease = newest(row);
    },
  };
}
