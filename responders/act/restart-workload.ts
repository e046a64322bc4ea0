import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import type { ClusterState } from '../ports.ts';
import { defineAction, type Verdict } from './define.ts';

/** A pod that crashes soon after its start looks ready in between: it has to stay up for as long as the kubelet's first back-off. */
const stableMs = 10_000;

const Change = z.object({ deployment: z.string(), restartsBefore: z.number().int() });

/** Rollout restart of a stateless service. One that holds meetings or data is never restarted this way. */
export const restartWorkload = defineAction({
  name: 'restartWorkload',
  title: 'Restart',
  params: z.object({ workload: z.string().optional() }),
  change: Change,
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'none',
  idempotency: 'restart-annotation',
  waitsFor: [],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  signals: {},

  preflight({ workload }, { cluster }, { occasion, declared }) {
    const name = workload ?? occasion.labels['service'];
    const entry = declared.workloads.find((candidate) => candidate.name === name);
    if (entry === undefined)
      return { blocked: 'no-target', saw: `${name ?? 'no service label'}: not in the catalogue` };
    if (!entry.restartable)
      return {
        blocked: 'no-target',
        saw: `${entry.name} holds meetings or data and is not restarted by the responder`,
      };
    const deployment = cluster.value.deployments.find((candidate) => candidate.name === entry.name);
    if (deployment === undefined || deployment.replicas === 0)
      return { blocked: 'no-target', saw: `no running Deployment ${entry.name}` };
    const pods = cluster.value.pods.filter((pod) => pod.workload === entry.name);
    return {
      target: `deployment/${deployment.name}`,
      change: { deployment: deployment.name, restartsBefore: pods.reduce((sum, pod) => sum + pod.restarts, 0) },
      says: `rolling restart of ${deployment.name}, ${deployment.replicas} pods one by one`,
      touches: { pods: deployment.replicas, rooms: 0, participants: 0, fleetShareRatio: 1 / deployment.replicas },
      costPerHour: usd(0),
    };
  },

  applied: async ({ deployment }, run, { cluster }) =>
    (await cluster.deployment(deployment))?.restartedAt === stamp(run.intendedAtMs ?? run.createdAtMs),

  async run({ deployment: name }, run, _occasion, { cluster }) {
    const deployment = await cluster.deployment(name);
    if (deployment === undefined) throw new PortError('kubernetes', 'not-found', `Deployment ${name} is gone`);
    const restartedAt = stamp(run.intendedAtMs ?? run.createdAtMs);
    if (deployment.restartedAt !== restartedAt)
      await cluster.restart({
        deployment: name,
        restartedAt,
        resourceVersion: deployment.resourceVersion,
        runId: run.id,
      });
    return undefined;
  },

  verify({ deployment: name }, { cluster }, { actedAtMs, nowMs }) {
    if (cluster.observedAtMs < actedAtMs) return { verdict: 'pending', saw: 'not looked at since' };
    return rolledOut(cluster.value, name, nowMs);
  },
});

/** Whether a Deployment's newest pods are all there, ready, and have stayed up for a while. */
export function rolledOut(cluster: ClusterState, name: string, nowMs: number): Verdict {
  const deployment = cluster.deployments.find((candidate) => candidate.name === name);
  if (deployment === undefined) return { verdict: 'not-improved', saw: 'the Deployment is gone' };
  const { observed, updatedReplicas, readyReplicas, replicas } = deployment;
  const pods = cluster.pods.filter((pod) => pod.workload === name && pod.deletedAtMs === undefined);
  const waiting = pods.filter((pod) => pod.waitingReason !== undefined);
  if (replicas === 0) return { verdict: 'not-improved', saw: 'the Deployment was scaled to nothing' };
  if (pods.length < replicas) return { verdict: 'pending', saw: `${pods.length} of ${replicas} pods seen` };
  if (!observed || updatedReplicas < replicas || readyReplicas < replicas || waiting.length > 0)
    return {
      verdict: 'pending',
      saw: `${updatedReplicas}/${replicas} new, ${readyReplicas}/${replicas} ready${waiting[0] ? `, ${waiting[0].name} in ${waiting[0].waitingReason}` : ''}`,
    };
  const restarted = pods.find((pod) => pod.restarts > 0);
  if (restarted !== undefined) return { verdict: 'pending', saw: `${restarted.name} has restarted again` };
  const youngestMs = Math.max(...pods.map((pod) => pod.createdAtMs));
  if (nowMs - youngestMs < stableMs)
    return { verdict: 'pending', saw: `${replicas}/${replicas} ready, not yet for long` };
  return { verdict: 'verified', saw: `${replicas}/${replicas} new pods ready and staying up` };
}

/** The restart annotation of a run: the same text on every try, so that a second try starts no second rollout. */
export function stamp(intendedAtMs: number): string {
  return new Date(intendedAtMs).toISOString();
}
