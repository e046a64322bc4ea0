import type { MicroUsd } from '../../kernel/money.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import type { Accrued } from '../../model/cost/accrual.ts';
import { type Allocation, allocateBy, allocateNode, type Owner, type Tenant } from '../../model/cost/allocate.ts';
import type { CostLine } from '../../model/cost/lines.ts';
import { ownerOf } from '../cost/allocation.ts';
import type { MonthlyInput } from './input.ts';
import type { MonthMoney } from './money.ts';

/** Gives every dollar of the month an owner; the parts sum exactly to what the report goes by, the invoice's difference to the estimate being one of them. */
export function allocateMonth(input: MonthlyInput, money: MonthMoney): readonly Allocation[] {
  const details = new Map(input.resources.map((resource) => [resource.id, resource]));
  const byNode = Map.groupBy(input.tenants, ({ node }) => node);
  const parts = money.accrued.flatMap((accrued) => {
    const { sku, unused } = details.get(accrued.id) ?? {};
    const line = lineOf(accrued, sku);
    const size = input.nodeSizes[sku ?? ''] ?? input.nodeSizes[poolSize(input, accrued) ?? ''];
    if (accrued.pool === undefined || size === undefined || input.tenants.length === 0)
      return allocateBy(line, [{ owner: ownerOf(line, unused !== true), weight: 1 }]);
    const whole = { vcpus: size.vcpus * accrued.hours, memoryGib: size.memoryGib * accrued.hours };
    return allocateNode(line, whole, (byNode.get(accrued.name) ?? []).map(tenant));
  });
  return [
    ...parts,
    ...single('transfer', money.transfer, { use: 'used', workload: 'livekit-sfu', namespace: platformNamespace }),
    ...single('invoice', ((money.spend?.amount ?? money.estimate.best) - money.estimate.best) as MicroUsd, {
      use: 'shared',
      workload: 'difference to the invoice',
      namespace: 'difference to the invoice',
    }),
  ];
}

function tenant(one: MonthlyInput['tenants'][number]): Tenant {
  return {
    use: one.namespace === platformNamespace ? 'used' : 'shared',
    namespace: one.namespace,
    workload: one.workload,
    cpuCores: one.cpuCoreHours,
    memoryGib: one.memoryGibHours,
  };
}

function poolSize({ pools }: MonthlyInput, { cluster, pool }: Accrued): string | undefined {
  return pools.find((one) => one.cluster === cluster && one.name === pool)?.size;
}

function lineOf({ cost, hours, ...subject }: Accrued, sku: string | undefined): CostLine {
  return {
    ...subject,
    sku: sku ?? subject.kind,
    basis: 'published',
    source: '',
    quantity: hours,
    unit: 'hours',
    cost: { best: cost, low: cost, high: cost },
  };
}

function single(id: string, amount: MicroUsd, owner: Owner): readonly Allocation[] {
  if (amount === 0) return [];
  const cost = { best: amount, low: amount, high: amount };
  return [{ ...owner, lineId: id, kind: 'transfer', project: 'no project', pool: 'no pool', cost }];
}
