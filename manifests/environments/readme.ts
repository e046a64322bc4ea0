import type { Workload } from '../catalogue/define.ts';
import { documentedPool } from '../catalogue/pools.ts';
import { productionSettings } from '../settings.ts';
import { defineEnvironment, type Environment } from './define.ts';

/** Whether the two seed documents know of a workload. */
export function isDocumented({ sources, kind }: Workload): boolean {
  return kind === 'managed' || sources.includes('deployment-readme') || sources.includes('platform-survey');
}

/** The original set had one pool for everything. */
export const everyPool = {
  sfu: 'worker-pool',
  api: 'worker-pool',
  monitoring: 'worker-pool',
  system: 'worker-pool',
} as const;

/** The deployment README's numbers as they stand, on the nodes that its own set-up script makes: 3 x c-4, 2 to 8. A fixture that `fit` must refuse. */
export const readme: Environment = defineEnvironment({
  name: 'readme',
  says: "the README's numbers verbatim, on the nodes its set-up script makes",
  deployable: false,
  settings: { ...productionSettings, vpcRange: '10.240.0.0/16', dropletLimit: 25, connectionsPerBouncer: 1_000 },
  pools: [
    {
      ...documentedPool,
      size: 'c-4',
      nodes: 3,
      minNodes: 2,
      maxNodes: 8,
      sources: ['deployment-readme', 'platform-survey'],
    },
  ],
  runs: isDocumented,
  poolOf: everyPool,
});
