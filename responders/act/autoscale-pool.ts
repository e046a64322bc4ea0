import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { formatUsd, timesUsd } from '../../kernel/money.ts';
import { pools } from '../../manifests/catalogue/pools.ts';
import { defineAction, touchesNothing } from './define.ts';

const Change = z.object({ pool: z.string(), minNodes: z.number().int(), maxNodes: z.number().int() });

/** Switches on the autoscaler that DOKS has, a switch and two numbers of a pool; it is not a program to be installed. */
export const autoscalePool = defineAction({
  name: 'autoscalePool',
  title: 'Let a pool autoscale',
  params: z.object({ pool: z.string() }).strict(),
  change: Change,
  needs: ['cloud'],
  reach: 'platform',
  destructive: false,
  reversal: 'none',
  idempotency: 'absolute-with-run-id',
  waitsFor: ['raiseNodePool'],
  rbac: [],
  signals: {},

  preflight({ pool: name }, { cloud }, { declared }) {
    const pool = cloud.value.pools.find((one) => one.name === name);
    const limit = declared.pools.find((one) => one.name === name);
    if (pool === undefined || limit === undefined) return { blocked: 'no-target', saw: `no node pool ${name}` };
    // What runs is never below the minimum: switching it on takes no node away.
    const minNodes = Math.min(pool.count, pools.find((one) => one.name === name)?.minNodes ?? pool.count);
    const { maxNodes } = limit;
    // What it may cost: the budget is held against all of its nodes, since nobody is asked again before they come.
    const most = timesUsd(limit.nodeCostPerHour, Math.max(0, maxNodes - pool.count));
    if (pool.autoScale && pool.maxNodes === maxNodes)
      return { blocked: 'nothing-to-do', saw: `${name} autoscales between ${pool.minNodes} and ${pool.maxNodes}` };
    return {
      target: `node-pool/${name}`,
      change: { pool: name, minNodes: pool.autoScale ? pool.minNodes : minNodes, maxNodes },
      says: `node pool ${name} autoscales between ${minNodes} and ${maxNodes} nodes; at most ${formatUsd(most)}/h more than now`,
      touches: touchesNothing,
      growth: {
        after: maxNodes,
        ceiling: Math.min(maxNodes, pool.count + cloud.value.dropletLimit - cloud.value.droplets),
      },
      costPerHour: most,
    };
  },

  async applied({ pool: name, maxNodes }, _run, { cloud }) {
    const pool = (await cloud.read()).pools.find((one) => one.name === name);
    return pool?.autoScale === true && pool.maxNodes === maxNodes;
  },

  async run({ pool: name, minNodes, maxNodes }, run, _occasion, { cloud }) {
    const pool = (await cloud.read()).pools.find((one) => one.name === name);
    if (pool === undefined) throw new PortError('digitalocean', 'not-found', `node pool ${name} is gone`);
    await cloud.autoscalePool({ pool, minNodes, maxNodes, runId: run.id });
    return undefined;
  },

  verify({ pool: name, maxNodes }, { cloud }, { actedAtMs }) {
    if (cloud.observedAtMs < actedAtMs) return { verdict: 'pending', saw: 'not looked at since' };
    const pool = cloud.value.pools.find((one) => one.name === name);
    return pool?.autoScale && pool.maxNodes === maxNodes
      ? { verdict: 'verified', saw: `${name} autoscales between ${pool.minNodes} and ${pool.maxNodes}` }
      : { verdict: 'pending', saw: `${name} does not autoscale yet` };
  },
});
