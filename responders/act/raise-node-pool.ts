import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { timesUsd } from '../../kernel/money.ts';
import type { NodePool } from '../ports.ts';
import { defineAction, touchesNothing } from './define.ts';

const Change = z.object({
  pool: z.string(),
  from: z.number().int(),
  to: z.number().int(),
  readyBefore: z.number().int(),
});

/** Adds nodes to a pool where pods wait for room; where the pool autoscales, its minimum moves. */
export const raiseNodePool = defineAction({
  name: 'raiseNodePool',
  title: 'Add node to the pool',
  params: z.object({
    step: z.number().int().min(1).max(5),
    pool: z.string().optional(),
    ahead: z.boolean().optional(),
  }),
  change: Change,
  needs: ['cluster', 'cloud'],
  reach: 'platform',
  destructive: false,
  reversal: 'lapse',
  idempotency: 'absolute-with-run-id',
  waitsFor: [],
  rbac: [
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
  ],
  signals: {},

  preflight({ step, pool: asked, ahead }, { cluster, cloud }, { declared }) {
    const waiting = cluster.value.pods.filter(({ unschedulable }) => unschedulable !== undefined);
    const poolOf = (workload: string) => declared.workloads.find(({ name }) => name === workload)?.pool;
    const name = asked ?? waiting.map(({ workload }) => poolOf(workload)).find((found) => found !== undefined);
    if (name === undefined) return { blocked: 'nothing-to-do', saw: 'no pod of the catalogue waits for room' };
    const waitingHere = waiting.filter(({ workload }) => poolOf(workload) === name);
    if (waitingHere.length === 0 && !(ahead && asked !== undefined))
      return { blocked: 'nothing-to-do', saw: `no pod waits for room in pool ${name}` };
    const pool = cloud.value.pools.find((candidate) => candidate.name === name);
    const limit = declared.pools.find((candidate) => candidate.name === name);
    if (pool === undefined || limit === undefined) return { blocked: 'no-target', saw: `no node pool ${name}` };
    const from = floorOf(pool);
    const to = Math.max(from, pool.count) + step;
    const dropletsLeft = cloud.value.dropletLimit - cloud.value.droplets;
    return {
      target: `node-pool/${name}`,
      change: {
        pool: name,
        from,
        to,
        readyBefore: cluster.value.readyNodes.filter((node) => node.pool === name).length,
      },
      says: `node pool ${name} ${pool.count} → ${to} nodes of ${pool.size}; ${waitingHere.length} pods wait for room`,
      touches: touchesNothing,
      growth: {
        after: to,
        ceiling: Math.min(limit.maxNodes, pool.autoScale ? pool.maxNodes : limit.maxNodes, pool.count + dropletsLeft),
      },
      costPerHour: timesUsd(limit.nodeCostPerHour, to - pool.count),
      hold: to,
    };
  },

  async applied({ pool: name, to }, _run, { cloud }) {
    const pool = (await cloud.read()).pools.find((candidate) => candidate.name === name);
    return pool !== undefined && floorOf(pool) >= to;
  },

  async run({ pool: name, to }, run, _occasion, { cloud }) {
    const pool = (await cloud.read()).pools.find((candidate) => candidate.name === name);
    if (pool === undefined) throw new PortError('digitalocean', 'not-found', `node pool ${name} is gone`);
    if (floorOf(pool) < to) await cloud.setPoolFloor({ pool, nodes: to, runId: run.id });
    return undefined;
  },

  verify({ pool, readyBefore, from, to }, { cluster }) {
    const ready = cluster.value.readyNodes.filter((node) => node.pool === pool).length;
    const wantedNew = Math.max(1, Math.min(to - from, to - readyBefore));
    return ready >= readyBefore + wantedNew
      ? { verdict: 'verified', saw: `${ready} nodes ready in ${pool}` }
      : { verdict: 'pending', saw: `${ready} of ${readyBefore + wantedNew} nodes ready in ${pool}` };
  },
});

function floorOf(pool: NodePool): number {
  return pool.autoScale ? pool.minNodes : pool.count;
}
