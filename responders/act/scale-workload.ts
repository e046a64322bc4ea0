import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { timesUsd, usd } from '../../kernel/money.ts';
import type { Run } from '../records.ts';
import { type ActPorts, type Blocked, defineAction } from './define.ts';
import { wanted } from './scale-sfu.ts';

const Change = z.object({
  deployment: z.string(),
  owner: z.enum(['deployment', 'autoscaler']),
  from: z.number().int(),
  to: z.number().int(),
});
type Change = z.infer<typeof Change>;

/** Moves the replicas of a workload, or the floor of what autoscales it, to a number; lapses after the hold. */
export const scaleWorkload = defineAction({
  name: 'scaleWorkload',
  title: 'Scale',
  params: z
    .object({
      workload: z.string(),
      replicas: z.number().int().min(1).max(1_000),
      atLeast: z.boolean().optional(),
    })
    .strict(),
  change: Change,
  needs: ['cluster', 'cloud'],
  reach: 'platform',
  destructive: false,
  reversal: 'lapse',
  idempotency: 'absolute-with-run-id',
  waitsFor: ['drainSfu', 'scaleSfu'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  signals: {},

  preflight({ workload, replicas, atLeast }, { cluster }, { declared }) {
    const entry = declared.workloads.find(({ name }) => name === workload);
    if (entry === undefined) return { blocked: 'no-target', saw: `${workload}: not in the catalogue` };
    const deployment = cluster.value.deployments.find(({ name }) => name === workload);
    if (deployment === undefined) return { blocked: 'no-target', saw: `no Deployment ${workload}` };
    const from = wanted(deployment);
    if (from === replicas || (atLeast && from > replicas))
      return { blocked: 'nothing-to-do', saw: `${workload} is at ${from} already` };
    const isSfu = workload === declared.sfu.deployment;
    if (replicas < from && isSfu)
      return {
        blocked: 'meeting-in-progress',
        saw: 'SFUs are only taken out empty, one at a time, by the room-aware scale-in',
      };
    if (replicas < from && !entry.restartable)
      return { blocked: 'no-target', saw: `${workload} holds sessions or data: fewer of it would cut them off` };
    const { autoscaler } = deployment;
    const { maxReplicas } = entry;
    if (maxReplicas === undefined) return { blocked: 'no-target', saw: `no ceiling is declared for ${workload}` };
    const ceiling = Math.min(maxReplicas, autoscaler?.maxReplicas ?? maxReplicas);
    const fewer = Math.max(0, from - replicas);
    const owner = autoscaler === undefined ? 'deployment' : 'autoscaler';
    const change: Change = { deployment: workload, owner, from, to: replicas };
    return {
      target: `deployment/${workload}`,
      change,
      says: `${workload} ${from} → ${replicas} ${autoscaler === undefined ? 'replicas' : 'at least'}`,
      touches: { pods: fewer, rooms: 0, participants: 0, fleetShareRatio: fewer / Math.max(1, from) },
      growth: { after: replicas, ceiling },
      costPerHour: isSfu ? timesUsd(declared.sfu.nodeCostPerHour, Math.max(0, replicas - from)) : usd(0),
      hold: replicas,
    };
  },

  applied: moved,
  run: (change, run, _occasion, ports) => move(change, run, ports),

  verify({ deployment: name, from, to }, { cluster }, { actedAtMs }) {
    if (cluster.observedAtMs < actedAtMs) return { verdict: 'pending', saw: 'not looked at since' };
    const deployment = cluster.value.deployments.find((candidate) => candidate.name === name);
    if (deployment === undefined) return { verdict: 'not-improved', saw: 'the Deployment is gone' };
    const { readyReplicas } = deployment;
    // A lower floor only lets the autoscaler take away what it no longer wants.
    if (to < from) return { verdict: 'verified', saw: `${wanted(deployment)} wanted, ${readyReplicas} ready` };
    return { verdict: readyReplicas >= to ? 'verified' : 'pending', saw: `${readyReplicas} of ${to} ready` };
  },
});

async function moved({ deployment: name, owner }: Change, run: Run, { cluster }: ActPorts): Promise<boolean> {
  const deployment = await cluster.deployment(name);
  return (owner === 'autoscaler' ? deployment?.autoscaler?.runId : deployment?.runId) === run.id;
}

async function move(
  { deployment: name, owner, to }: Change,
  run: Run,
  { cluster }: ActPorts,
): Promise<Blocked | undefined> {
  const deployment = await cluster.deployment(name);
  if (deployment === undefined) throw new PortError('kubernetes', 'not-found', `Deployment ${name} is gone`);
  const { autoscaler, resourceVersion } = deployment;
  if (owner === 'deployment') await cluster.scale({ deployment: name, replicas: to, resourceVersion, runId: run.id });
  else if (autoscaler === undefined)
    return { blocked: 'no-target', saw: 'the autoscaler that owned the replicas is gone' };
  else await cluster.setFloor({ autoscaler, minReplicas: to, runId: run.id });
  return undefined;
}

/** Puts back, one at a time, what was raised for a while that is over: to what the catalogue declares. SFUs are left to the room-aware scale-in. */
export const lapseScale = defineAction({
  name: 'lapseScale',
  title: 'Let a scale-out lapse',
  params: z.object({}).strict(),
  change: Change,
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'restore',
  idempotency: 'absolute-with-run-id',
  waitsFor: ['scaleWorkload'],
  rbac: scaleWorkload.rbac,
  signals: {},

  preflight(_params, { cluster }, { declared, lapsed, firing }) {
    if (firing.size > 0) return { blocked: 'nothing-to-do', saw: `${firing.size} alerts fire: nothing is taken away` };
    for (const deployment of cluster.value.deployments) {
      const { name, autoscaler } = deployment;
      const entry = declared.workloads.find((candidate) => candidate.name === name);
      const held = lapsed?.get(`deployment/${name}`);
      const to = entry?.replicas;
      const from = autoscaler?.minReplicas ?? deployment.replicas;
      // Only where it still stands as it was raised: whoever moved it since had a reason.
      if (to === undefined || held !== from || from <= to || name === declared.sfu.deployment) continue;
      const owner = autoscaler === undefined ? 'deployment' : 'autoscaler';
      const change: Change = { deployment: name, owner, from, to };
      return {
        target: `deployment/${name}`,
        change,
        says: `${name} ${from} → ${to} ${autoscaler === undefined ? 'replicas' : 'at least'}: its time is over`,
        touches: { pods: from - to, rooms: 0, participants: 0, fleetShareRatio: (from - to) / from },
        costPerHour: usd(0),
      };
    }
    return { blocked: 'nothing-to-do', saw: 'nothing stands above what is declared longer than it was wanted' };
  },
  applied: moved,
  run: (change, run, _occasion, ports) => move(change, run, ports),
  verify: ({ to }) => ({ verdict: 'verified', saw: `${to} are asked for` }),
});
