import { UsageError } from '../../kernel/errors.ts';
import { environments } from '../../manifests/environments/index.ts';
import type { Ceiling } from '../../model/capacity/what-if.ts';
import { type NodeSize, nodeSize, type PriceBook, prices } from '../../model/prices.ts';

/** What the catalogue declares for the SFU: its pool, the ceilings on nodes, and what does not fit together. */
export interface DeclaredPlatform {
  readonly pool: string;
  readonly size: NodeSize;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly ceilings: readonly Ceiling[];
  readonly findings: readonly string[];
}

/** Reads what an environment declares, production unless said, with another size of node or other ceilings where asked for; throws a UsageError for a size without a price and an environment that is none. */
export function declaredPlatform(
  asked: {
    readonly size?: string | undefined;
    readonly poolMax?: number | undefined;
    readonly dropletLimit?: number | undefined;
    /** Our own unless said. */
    readonly book?: PriceBook;
  } = {},
  environment = 'production',
): DeclaredPlatform {
  const known = Object.values(environments).find(({ name }) => name === environment);
  if (known === undefined) throw new UsageError(`GOMEET_ENVIRONMENT: there is no environment ${environment}`);
  const sfu = known.workloads.find(({ name }) => name === 'livekit-sfu');
  const pool = known.pools.find(({ name }) => name === sfu?.pool);
  if (sfu === undefined || pool === undefined)
    throw new UsageError(`${environment} declares no SFU, or no pool for it`);
  const slug = asked.size ?? pool.size;
  const size = nodeSize(slug, asked.book);
  if (size === undefined)
    throw new UsageError(
      `no price for the size ${slug}; there are ${prices.nodeSizes.map((one) => one.slug).join(', ')}`,
    );
  const { cpuCores, memoryGib } = sfu.requests;
  const findings =
    // The kubelet and the system keep a part of the node for themselves, so equal is too much.
    memoryGib >= size.memoryGib || cpuCores >= size.vcpus
      ? [
          `an SFU pod asks for ${cpuCores} cores and ${memoryGib} GiB, which no ${slug} (${size.vcpus} vCPUs, ${size.memoryGib} GiB) can give: as declared it is never scheduled`,
        ]
      : [];
  const maxNodes = asked.poolMax ?? pool.maxNodes;
  return {
    pool: pool.name,
    size,
    minNodes: pool.minNodes,
    maxNodes,
    ceilings: [
      { name: 'pool-maximum', nodes: maxNodes },
      { name: 'replica-ceiling', nodes: sfu.maxReplicas },
      { name: 'droplet-limit', nodes: asked.dropletLimit },
    ],
    findings,
  };
}
