import { documentedPool } from '../catalogue/pools.ts';
import { productionSettings } from '../settings.ts';
import { defineEnvironment, type Environment } from './define.ts';
import { everyPool, isDocumented } from './readme.ts';

/** The README's numbers on the runbook's nodes and in its VPC. A fixture that `fit` must refuse too. */
export const documented: Environment = defineEnvironment({
  name: 'documented',
  says: "the README's numbers on the runbook's 6 x c-32, 3 to 20",
  deployable: false,
  settings: {
    ...productionSettings,
    domain: 'gomeet.app',
    vpcRange: '10.244.0.0/16',
    dropletLimit: 25,
    connectionsPerBouncer: 1_000,
  },
  pools: [documentedPool],
  runs: isDocumented,
  poolOf: everyPool,
});
