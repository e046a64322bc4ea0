import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import type { Fleet, SfuNode } from '../ports.ts';
import type { ActPorts, Blocked } from './define.ts';
import { defineAction } from './define.ts';

/** Readings in a row in which Redis and RoomService both saw no room, before a node counts as empty. */
const emptyReadingsNeeded = 3;
/** Load of those that stay, above which none is taken away (facts: 50 % after the removal). */
const maxLoadAfterRatio = 0.5;
/** Free slots of the largest meeting that must stay: one to use, one for a lost node. */
const minSlotsAfter = 2;

const Change = z.object({
  deployment: z.string(),
  victim: z.object({ nodeId: z.string(), pod: z.string() }),
  others: z.array(z.object({ pod: z.string(), cost: z.number().int() })),
  from: z.number().int(),
  to: z.number().int(),
});
type Change = z.infer<typeof Change>;

/** Takes one empty SFU out. The ReplicaSet chooses the pod with the lowest deletion cost, so the victim is marked first. */
export const drainSfu = defineAction({
  name: 'drainSfu',
  title: 'Take out an empty SFU node',
  params: z.object({}).strict(),
  change: Change,
  needs: ['cluster', 'fleet'],
  reach: 'platform',
  destructive: true,
  reversal: 'restore',
  idempotency: 'absolute-with-run-id',
  waitsFor: ['scaleSfu'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'patch'] },
  ],
  signals: {},

  preflight(_params, { cluster, fleet }, { declared, holds, firing }) {
    const deployment = cluster.value.deployments.find(({ name }) => name === declared.sfu.deployment);
    if (deployment === undefined) return { blocked: 'no-target', saw: `no Deployment ${declared.sfu.deployment}` };
    const pods = cluster.value.pods.filter(({ workload }) => workload === deployment.name);
    const from = deployment.replicas;
    const floor = Math.max(declared.sfu.floor, holds.get(`deployment/${deployment.name}`) ?? 0);
    if (from - 1 < floor) return { blocked: 'nothing-to-do', saw: `${from} nodes, and ${floor} are wanted` };
    const { autoscaler } = deployment;
    if (autoscaler !== undefined && autoscaler.desiredReplicas === undefined)
      return { blocked: 'stale-data', saw: `${autoscaler.kind} ${autoscaler.name} cannot say what it wants` };
    if (autoscaler?.desiredReplicas !== undefined && autoscaler.desiredReplicas > from - 1)
      return { blocked: 'nothing-to-do', saw: `the autoscaler wants ${autoscaler.desiredReplicas}` };
    const sfuAlerts = [...firing].filter((name) => name.startsWith('Sfu'));
    if (sfuAlerts.length > 0) return { blocked: 'nothing-to-do', saw: `${sfuAlerts.join(', ')} fires` };
    if (
      pods.some(({ deletedAtMs }) => deletedAtMs !== undefined) ||
      fleet.value.nodes.some(({ state }) => state === 'draining')
    )
      return { blocked: 'nothing-to-do', saw: 'one is draining already' };
    // A ReplicaSet takes a pod that is not ready before it looks at any deletion cost, whatever meetings are on it.
    const unready = pods.find(({ ready }) => !ready);
    if (unready !== undefined || deployment.readyReplicas < from)
      return { blocked: 'nothing-to-do', saw: `${unready?.name ?? 'a pod'} is not ready and would be taken instead` };
    const beside = cluster.value.deployments.find(({ name }) => name === `${deployment.name}-canary`);
    if (beside !== undefined) return { blocked: 'nothing-to-do', saw: `${beside.name} is being tried` };
    const found = findVictim(fleet.value);
    if ('blocked' in found) return found;
    const { victim, rest } = found;
    const others = rest.flatMap((node) =>
      node.pod === undefined ? [] : [{ pod: node.pod, cost: 1 + node.participants }],
    );
    return {
      target: `drain/${deployment.name}`,
      change: {
        deployment: deployment.name,
        victim: { nodeId: victim.nodeId, pod: victim.pod },
        others,
        from,
        to: from - 1,
      },
      says: `${deployment.name} ${from} → ${from - 1} nodes: ${victim.pod} goes, it is empty`,
      touches: {
        pods: 1,
        rooms: victim.rooms,
        participants: victim.participants,
        fleetShareRatio: 1 / fleet.value.nodes.length,
      },
      costPerHour: usd(0),
    };
  },

  applied: async (change, run, { cluster }) => (await cluster.deployment(change.deployment))?.runId === run.id,

  async run(change, run, _occasion, ports) {
    const deployment = await ports.cluster.deployment(change.deployment);
    if (deployment === undefined) return { blocked: 'no-target', saw: 'the Deployment is gone' };
    if (deployment.runId === run.id) return undefined;
    if (deployment.replicas !== change.from)
      return { blocked: 'no-target', saw: `${deployment.replicas} replicas now, ${change.from} when decided` };
    if (deployment.readyReplicas < change.from)
      return { blocked: 'nothing-to-do', saw: `${deployment.readyReplicas} of ${change.from} ready: another would go` };
    const unsafe = stillEmpty(await ports.fleet.read(), change.victim.nodeId);
    if (unsafe !== undefined) return unsafe;
    await ports.cluster.setDeletionCost({ pod: change.victim.pod, cost: -1_000, runId: run.id });
    for (const { pod, cost } of change.others) await ports.cluster.setDeletionCost({ pod, cost, runId: run.id });
    const { autoscaler } = deployment;
    if (autoscaler !== undefined && autoscaler.minReplicas > change.to)
      await ports.cluster.setFloor({ autoscaler, minReplicas: change.to, runId: run.id });
    await ports.cluster.scale({
      deployment: change.deployment,
      replicas: change.to,
      resourceVersion: deployment.resourceVersion,
      runId: run.id,
    });
    return undefined;
  },

  verify({ deployment, victim, others }, { cluster }) {
    const pods = cluster.value.pods.filter(({ workload }) => workload === deployment);
    const wrong = pods.find((pod) => pod.deletedAtMs !== undefined && others.some((other) => other.pod === pod.name));
    if (wrong !== undefined)
      return {
        verdict: 'not-improved',
        saw: `${wrong.name} was taken instead of ${victim.pod}; it drains by itself and is replaced`,
      };
    if (pods.length === 0) return { verdict: 'pending', saw: 'no SFU pod at all is a reading fault, not a drain' };
    const pod = pods.find(({ name }) => name === victim.pod);
    if (pod === undefined) return { verdict: 'verified', saw: `${victim.pod} is gone; nobody was on it` };
    return {
      verdict: 'pending',
      saw: pod.deletedAtMs === undefined ? `${victim.pod} has not been told to stop yet` : `${victim.pod} is draining`,
    };
  },

  async settle(change, run, outcome, ports) {
    await restore(change, run.id, outcome, ports);
    // The victim's too: left behind, its mark would send the next scale-in to it, whoever is on it by then.
    const ours = new Set([change.victim.pod, ...change.others.map(({ pod }) => pod)]);
    for (const { name, deletionCost } of (await ports.cluster.read()).pods)
      if (deletionCost !== undefined && ours.has(name))
        await ports.cluster.setDeletionCost({ pod: name, cost: null, runId: run.id }).catch(ignoreGone);
  },
});

/** The emptiest of the empty: only a node that both sources saw without a room, several times in a row. */
function findVictim(fleet: Fleet): { victim: SfuNode & { pod: string }; rest: SfuNode[] } | Blocked {
  if (!fleet.sources.includes('redis') || !fleet.sources.includes('roomService'))
    return {
      blocked: 'stale-data',
      saw: `only ${fleet.sources.join(', ') || 'no source'} answered; Redis and RoomService must both`,
    };
  const serving = fleet.nodes.filter(({ state }) => state === 'serving');
  const victim = serving.find(
    (node): node is SfuNode & { pod: string } =>
      node.pod !== undefined && isEmpty(node) && node.emptyReadings >= emptyReadingsNeeded,
  );
  if (victim === undefined)
    return {
      blocked: 'meeting-in-progress',
      saw: serving
        .map(({ pod, nodeId, rooms, emptyReadings }) => `${pod ?? nodeId}: ${rooms} rooms, empty ${emptyReadings}x`)
        .join('; '),
    };
  const rest = serving.filter((node) => node !== victim);
  if (rest.length === 0) return { blocked: 'no-target', saw: 'it is the last one serving' };
  const slots = rest.reduce((sum, node) => sum + node.freeSlots, 0);
  const load = rest.reduce((sum, node) => sum + node.cpuLoadRatio, 0) / rest.length;
  if (slots < minSlotsAfter) return { blocked: 'nothing-to-do', saw: `only ${slots} free slots would stay` };
  if (load > maxLoadAfterRatio)
    return { blocked: 'nothing-to-do', saw: `those that stay carry ${(load * 100).toFixed(0)} %` };
  return { victim, rest };
}

function isEmpty(node: SfuNode): boolean {
  return node.rooms === 0 && node.participants === 0;
}

/** The last look, right before the act. */
function stillEmpty(fleet: Fleet, nodeId: string): Blocked | undefined {
  const node = fleet.nodes.find((candidate) => candidate.nodeId === nodeId);
  if (!fleet.sources.includes('redis') || !fleet.sources.includes('roomService'))
    return { blocked: 'stale-data', saw: 'a source stopped answering' };
  if (node === undefined) return { blocked: 'no-target', saw: 'the node is gone' };
  return isEmpty(node)
    ? undefined
    : { blocked: 'meeting-in-progress', saw: `${node.rooms} rooms came to it meanwhile` };
}

/** Puts back what did not help, and the floor of a try that ended before it had taken the replica: nobody would take it back later. */
async function restore(change: Change, runId: string, outcome: string, { cluster }: ActPorts): Promise<void> {
  const deployment = await cluster.deployment(change.deployment);
  if (deployment === undefined) return;
  const scaled = deployment.runId === runId && deployment.replicas === change.to;
  if (outcome !== (scaled ? 'not-improved' : 'unknown')) return;
  const { autoscaler } = deployment;
  // Its floor first, or it would take the replica away again.
  if (autoscaler?.runId === runId && autoscaler.minReplicas === change.to)
    await cluster.setFloor({ autoscaler, minReplicas: change.from, runId });
  if (!scaled) return;
  await cluster.scale({
    deployment: change.deployment,
    replicas: change.from,
    resourceVersion: deployment.resourceVersion,
    runId,
  });
}

/** A pod that is gone keeps no annotation. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'not-found')) throw error;
}
