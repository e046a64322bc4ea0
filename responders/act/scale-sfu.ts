import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { timesUsd } from '../../kernel/money.ts';
import type { Deployment, SfuNode } from '../ports.ts';
import { defineAction, touchesNothing } from './define.ts';

/** A pod younger than this that is not ready is still booting: image, node and LiveKit need 2 to 4 minutes on DigitalOcean. */
const bootMs = 10 * 60_000;

const Change = z.object({
  deployment: z.string(),
  owner: z.enum(['deployment', 'autoscaler']),
  from: z.number().int(),
  to: z.number().int(),
  /** Nodes that were there before: the effect is a node that was not. */
  before: z.array(z.string()),
});

/** Adds SFU nodes: room for new meetings. It cannot cool a hot node, since a room never leaves the node it is on. */
export const scaleSfu = defineAction({
  name: 'scaleSfu',
  title: 'Add SFU node',
  params: z.object({ step: z.number().int().min(1).max(10) }),
  change: Change,
  needs: ['cluster', 'fleet', 'cloud'],
  reach: 'platform',
  destructive: false,
  reversal: 'lapse',
  idempotency: 'absolute-with-run-id',
  waitsFor: ['drainSfu'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  signals: { joinSuccessRatio: 'gomeet:join_success:ratio_rate5m' },

  preflight({ step }, world, { declared, nowMs }) {
    const { deployments, pods } = world.cluster.value;
    const { nodes } = world.fleet.value;
    const deployment = deployments.find(({ name }) => name === declared.sfu.deployment);
    if (deployment === undefined) return { blocked: 'no-target', saw: `no Deployment ${declared.sfu.deployment}` };
    if (nodes.length === 0)
      return { blocked: 'no-target', saw: 'no SFU node is known: an empty fleet is a reading fault, not a size' };
    const starting = pods.filter(
      (pod) =>
        pod.workload === deployment.name &&
        !pod.ready &&
        pod.deletedAtMs === undefined &&
        nowMs - pod.createdAtMs < bootMs,
    );
    if (starting.length >= step)
      return { blocked: 'already-acting', saw: `${starting.length} SFU pod${plural(starting.length)} still starting` };
    const from = wanted(deployment);
    const to = from + step;
    const poolMax =
      world.cloud.value.pools.find(({ name }) => name === declared.sfu.pool)?.maxNodes ?? declared.sfu.ceiling;
    return {
      target: `deployment/${deployment.name}`,
      change: {
        deployment: deployment.name,
        owner: deployment.autoscaler === undefined ? 'deployment' : 'autoscaler',
        from,
        to,
        before: serving(nodes).map(({ nodeId }) => nodeId),
      },
      says: `${deployment.name} ${from} → ${to} nodes`,
      touches: touchesNothing,
      // A floor above its autoscaler's maximum is refused by the API server.
      growth: {
        after: to,
        ceiling: Math.min(declared.sfu.ceiling, poolMax, deployment.autoscaler?.maxReplicas ?? declared.sfu.ceiling),
      },
      costPerHour: timesUsd(declared.sfu.nodeCostPerHour, step),
      hold: to,
    };
  },

  async applied({ deployment: name, owner }, run, { cluster }) {
    const deployment = await cluster.deployment(name);
    return (owner === 'autoscaler' ? deployment?.autoscaler?.runId : deployment?.runId) === run.id;
  },

  async run({ deployment: name, owner, to }, run, _occasion, { cluster }) {
    const deployment = await cluster.deployment(name);
    if (deployment === undefined) throw new PortError('kubernetes', 'not-found', `Deployment ${name} is gone`);
    if (owner === 'autoscaler') {
      const { autoscaler } = deployment;
      if (autoscaler === undefined)
        return { blocked: 'no-target', saw: 'the autoscaler that owned the replicas is gone' };
      if (autoscaler.runId !== run.id && autoscaler.minReplicas < to)
        await cluster.setFloor({ autoscaler, minReplicas: to, runId: run.id });
    } else if (deployment.runId !== run.id && deployment.replicas < to) {
      await cluster.scale({
        deployment: name,
        replicas: to,
        resourceVersion: deployment.resourceVersion,
        runId: run.id,
      });
    }
    return undefined;
  },

  verify({ from, to, before }, { fleet }, { signals }) {
    const fresh = serving(fleet.value.nodes).filter(({ nodeId }) => !before.includes(nodeId));
    if (fresh.length < to - from)
      return { verdict: 'pending', saw: `${fresh.length} of ${to - from} new nodes serving` };
    const slots = fresh.reduce((sum, node) => sum + node.freeSlots, 0);
    if (slots < 1) return { verdict: 'pending', saw: 'the new node has no room for a meeting of the largest size' };
    const joins = signals['joinSuccessRatio'];
    if (joins !== undefined && joins < 0.95)
      return { verdict: 'pending', saw: `only ${(joins * 100).toFixed(1)} % of joins succeed` };
    const joinWords = joins === undefined ? 'no joins to judge by' : `${(joins * 100).toFixed(1)} % of joins succeed`;
    return {
      verdict: 'verified',
      saw: `${fresh.map(({ pod, nodeId }) => pod ?? nodeId).join(', ')} serving with ${slots} free slot${plural(slots)}; ${joinWords}`,
    };
  },
});

/** Replicas wanted now, by whoever owns them. */
export function wanted({ replicas, autoscaler }: Deployment): number {
  return Math.max(replicas, autoscaler?.minReplicas ?? 0);
}

function serving(nodes: readonly SfuNode[]): readonly SfuNode[] {
  return nodes.filter(({ state }) => state === 'serving');
}

function plural(count: number): string {
  return count === 1 ? '' : 's';
}
