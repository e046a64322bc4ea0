import type { MicroUsd } from '../../kernel/money.ts';
import type { CostKind, CostLine } from './lines.ts';

/** What may lie about unused; `undefined` is a part that could not be read, which is never taken for empty. */
export interface Holdings {
  readonly volumes:
    | readonly { readonly id: string; readonly name: string; readonly dropletIds: readonly string[] }[]
    | undefined;
  readonly snapshots:
    | readonly {
        readonly id: string;
        readonly name: string;
        readonly resourceType: string;
        readonly resourceId: string;
        readonly createdAtMs: number | undefined;
      }[]
    | undefined;
  readonly reservedIps: readonly { readonly ip: string; readonly dropletId: string | undefined }[] | undefined;
  readonly loadBalancers:
    | readonly {
        readonly id: string;
        readonly name: string;
        readonly dropletIds: readonly string[];
        readonly status: string;
      }[]
    | undefined;
  readonly droplets: readonly { readonly id: string }[] | undefined;
  /** Manifests that no tag names, and what the month would cost less without them; undefined where nobody read them. */
  readonly garbage:
    | { readonly registry: string; readonly manifests: number; readonly bytes: number; readonly saving: MicroUsd }
    | undefined;
}

/** Something that is paid for and used by nobody. */
export interface Orphan {
  readonly kind: CostKind;
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** A month; undefined where nobody knows the price. */
  readonly saving: MicroUsd | undefined;
  /** What it takes to remove it. Data cannot be brought back: two people, and a snapshot first. */
  readonly needs: 'two people and a snapshot' | 'two people' | 'one person';
}

const dayMs = 86_400_000;
const gib = 1024 ** 3;
/** A snapshot whose source is gone may be the last copy; after this long somebody should say. */
const oldSnapshotDays = 90;

/** What can go, the largest saving first. `monthly` are the lines of a full month. */
export function orphans(holdings: Holdings, monthly: readonly CostLine[], nowMs: number): readonly Orphan[] {
  const price = (id: string) => monthly.find((line) => line.id === id)?.cost.best;
  const { garbage } = holdings;
  const found: (Omit<Orphan, 'saving'> & { readonly saving?: MicroUsd })[] = [
    ...(garbage === undefined || garbage.manifests === 0
      ? []
      : [
          {
            kind: 'registry' as const,
            id: garbage.registry,
            name: garbage.registry,
            why: `${garbage.manifests} manifests without a tag hold up to ${(garbage.bytes / gib).toFixed(1)} GiB; pods that name one by its digest could pull it no more`,
            needs: 'two people' as const,
            saving: garbage.saving,
          },
        ]),
    ...(holdings.volumes ?? [])
      .filter(({ dropletIds }) => dropletIds.length === 0)
      .map(({ id, name }) => ({
        kind: 'volume' as const,
        id,
        name,
        why: 'no Droplet holds it, so no pod mounts it',
        needs: 'two people and a snapshot' as const,
      })),
    ...oldSnapshots(holdings, nowMs),
    ...(holdings.reservedIps ?? [])
      .filter(({ dropletId }) => dropletId === undefined)
      .map(({ ip }) => ({
        kind: 'reserved_ip' as const,
        id: ip,
        name: ip,
        why: 'no Droplet has it; only then it is billed',
        needs: 'one person' as const,
      })),
    ...(holdings.loadBalancers ?? [])
      .filter(({ dropletIds, status }) => dropletIds.length === 0 && status === 'active')
      .map(({ id, name }) => ({
        kind: 'load_balancer' as const,
        id,
        name,
        why: 'it has nothing to send traffic to',
        needs: 'two people' as const,
      })),
  ];
  return found
    .map((orphan) => ({ ...orphan, saving: orphan.saving ?? price(orphan.id) }))
    .sort((a, b) => (b.saving ?? 0) - (a.saving ?? 0) || a.id.localeCompare(b.id, 'en'));
}

/** Snapshots older than the limit whose source is gone; none where what could be the source was not read. */
function oldSnapshots({ snapshots, volumes, droplets }: Holdings, nowMs: number): Omit<Orphan, 'saving'>[] {
  const sources = { volume: volumes, droplet: droplets };
  return (snapshots ?? []).flatMap(({ id, name, resourceType, resourceId, createdAtMs }) => {
    const among = resourceType === 'volume' || resourceType === 'droplet' ? sources[resourceType] : undefined;
    if (among === undefined || createdAtMs === undefined || among.some((source) => source.id === resourceId)) return [];
    const days = Math.floor((nowMs - createdAtMs) / dayMs);
    if (days < oldSnapshotDays) return [];
    return [
      {
        kind: 'snapshot' as const,
        id,
        name,
        why: `${days} days old, and its ${resourceType} is gone`,
        needs: 'two people' as const,
      },
    ];
  });
}
