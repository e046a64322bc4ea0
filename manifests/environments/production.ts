import { pools } from '../catalogue/pools.ts';
import { productionSettings } from '../settings.ts';
import type { Change } from './define.ts';
import { defineEnvironment, type Environment } from './define.ts';

/** How the SFU asks for its node, where that is a c-32. */
export const wholeNode: Change = {
  requests: { cpuCores: 28, memoryGib: 48 },
  why: '64 GiB can never be placed: a c-32 gives pods 58. One SFU has a node to itself, so it asks for what the node can give beside its agents: 70 % of 28 cores is 19.6, the 60 % of a node that capacity is planned with',
};

/** 50,000 people: the README's figures wherever they can stand, on pools of their own. */
export const production: Environment = defineEnvironment({
  name: 'production',
  says: '50,000 people at once, 500 in a meeting',
  deployable: true,
  settings: productionSettings,
  pools,
  changes: {
    'livekit-sfu': wholeNode,
    prometheus: { maxReplicas: 2, why: 'more replicas of Prometheus take no load from each other' },
    grafana: { maxReplicas: 3, why: 'its load is a few dozen people; nothing scales it' },
  },
});
