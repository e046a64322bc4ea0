import type { MicroUsd } from '../../kernel/money.ts';
import type { CostLine, Estimate } from './lines.ts';
import { splitUsd } from './split.ts';

/** Whom a cost belongs to; `shared` serves everyone (the control plane, system pods), `idle` serves nobody. */
export interface Owner {
  readonly use: 'used' | 'shared' | 'idle';
  readonly workload: string;
  readonly namespace: string;
}

/** What an owner holds of a node: the larger of what it asks for and what it takes, as OpenCost counts. */
export interface Tenant extends Owner {
  readonly cpuCores: number;
  readonly memoryGib: number;
}

/** A part of a line, with its owner. */
export interface Allocation extends Owner {
  readonly lineId: string;
  readonly kind: CostLine['kind'];
  readonly project: string;
  readonly pool: string;
  readonly cost: Estimate;
}

/** The owner of what nobody asked for. */
export const idle: Owner = { use: 'idle', workload: 'idle', namespace: 'idle' };

/** Shares a node out among its tenants, the rest being idle. Half its price goes by CPU and half by memory; where more is held than the node has, the holders share all of it. */
export function allocateNode(
  line: CostLine,
  size: { readonly vcpus: number; readonly memoryGib: number },
  tenants: readonly Tenant[],
): readonly Allocation[] {
  const cpuWhole = Math.max(size.vcpus, total(tenants, 'cpuCores'));
  const memoryWhole = Math.max(size.memoryGib, total(tenants, 'memoryGib'));
  const weights = tenants.map(({ cpuCores, memoryGib }) => (cpuCores / cpuWhole + memoryGib / memoryWhole) / 2);
  const left = 1 - weights.reduce((sum, weight) => sum + weight, 0);
  return allocateBy(line, [
    ...tenants.map((owner, index) => ({ owner, weight: weights[index] ?? 0 })),
    // Less than a billionth is what floating point leaves of a full node.
    { owner: idle, weight: left > 1e-9 ? left : 0 },
  ]);
}

/** Shares a line out by weights; the parts sum exactly to the line, in its best figure and in both bounds. */
export function allocateBy(
  line: CostLine,
  shares: readonly { readonly owner: Owner; readonly weight: number }[],
): readonly Allocation[] {
  const real = shares.filter(({ weight }) => weight > 0);
  const weights = real.map(({ weight }) => weight);
  const split = (amount: MicroUsd) => splitUsd(amount, weights);
  const [best, low, high] = [split(line.cost.best), split(line.cost.low), split(line.cost.high)];
  return real.map(({ owner: { use, workload, namespace } }, index) => ({
    use,
    workload,
    namespace,
    lineId: line.id,
    kind: line.kind,
    project: line.project ?? 'no project',
    pool: line.pool ?? 'no pool',
    cost: {
      best: best[index] ?? (0 as MicroUsd),
      low: low[index] ?? (0 as MicroUsd),
      high: high[index] ?? (0 as MicroUsd),
    },
  }));
}

function total(tenants: readonly Tenant[], unit: 'cpuCores' | 'memoryGib'): number {
  return tenants.reduce((sum, tenant) => sum + tenant[unit], 0);
}
