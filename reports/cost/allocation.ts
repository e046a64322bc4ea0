import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { type Allocation, allocateBy, allocateNode, idle, type Owner, type Tenant } from '../../model/cost/allocate.ts';
import type { CostLine } from '../../model/cost/lines.ts';
import { nodeSize } from '../../model/prices.ts';
import type { ContainerReading, Usage } from './usage.ts';

const shared = (workload: string): Owner => ({ use: 'shared', workload, namespace: 'shared' });
const platform = (workload: string): Owner => ({ use: 'used', workload, namespace: platformNamespace });

/** Gives every line an owner: nodes by what their pods hold, the rest by what it is for. The parts sum exactly to the bill. */
export function allocateBill(
  lines: readonly CostLine[],
  inventory: Inventory,
  usage: Usage | undefined,
): readonly Allocation[] {
  const byNode = Map.groupBy(usage?.containers ?? [], ({ node }) => node ?? '');
  const attached = new Map(
    (inventory.parts.volumes?.value ?? []).map(({ id, dropletIds }) => [id, dropletIds.length > 0]),
  );
  return lines.flatMap((line) => {
    const size = sizeOf(line, inventory);
    if (line.pool === undefined || size === undefined || usage === undefined)
      return allocateBy(line, [{ owner: ownerOf(line, attached.get(line.id) ?? true), weight: 1 }]);
    return allocateNode(line, size, tenants(byNode.get(line.name) ?? []));
  });
}

/** Whom a line serves that no pod holds. */
export function ownerOf(line: Pick<CostLine, 'kind' | 'sku' | 'pool' | 'name'>, inUse: boolean): Owner {
  if (!inUse) return idle;
  switch (line.kind) {
    case 'database':
      return platform(
        line.sku.startsWith('pg') ? 'postgresql' : line.sku.startsWith('valkey') ? 'valkey' : 'databases',
      );
    case 'load_balancer':
      return platform('traefik');
    case 'transfer':
      return platform('livekit-sfu');
    case 'reserved_ip':
      return idle;
    case 'droplet':
      return line.pool === undefined
        ? shared(line.name)
        : { use: 'shared', workload: 'not measured', namespace: 'not measured' };
    default:
      return shared(line.kind.replaceAll('_', ' '));
  }
}

/** One tenant a workload: pods of other namespaces serve everyone. */
function tenants(containers: readonly ContainerReading[]): readonly Tenant[] {
  return [...Map.groupBy(containers, ({ namespace, workload }) => `${namespace}/${workload}`).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { namespace, workload } = first;
      return [
        {
          use: namespace === platformNamespace ? ('used' as const) : ('shared' as const),
          namespace,
          workload,
          cpuCores: sum(group, (one) => Math.max(one.cpuRequestCores, one.cpuP95Cores ?? 0)),
          memoryGib: sum(group, (one) => Math.max(one.memoryRequestGib, one.memoryMaxGib ?? 0)),
        },
      ];
    },
  );
}

/** What a node can hold: as the API says, else as the price book does. */
export function sizeOf(
  { sku }: Pick<CostLine, 'sku'>,
  inventory: Inventory,
): { readonly vcpus: number; readonly memoryGib: number } | undefined {
  const size = inventory.parts.sizes?.value.find(({ slug }) => slug === sku);
  return size === undefined ? nodeSize(sku) : { vcpus: size.vcpus, memoryGib: size.memoryMib / 1_024 };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
