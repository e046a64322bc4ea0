import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import {
  type ActPorts,
  type Blocked,
  defineAction,
  type Known,
  type PolicyRule,
  type Preflight,
  type Scene,
} from './define.ts';

const Change = z.object({ pod: z.string(), workload: z.string(), createdAtMs: z.number() });
type Change = z.infer<typeof Change>;
/** Readings in a row in which both sources saw an SFU without a room (as for scale-in). */
const emptyReadingsNeeded = 3;

const rbac: readonly PolicyRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'delete'] },
];

function preflight(
  pod: string,
  { cluster, fleet }: Known<'cluster' | 'fleet'>,
  { declared }: Scene,
  force: boolean,
): Preflight<Change> | Blocked {
  const found = cluster.value.pods.find(({ name }) => name === pod);
  if (found === undefined) return { blocked: 'no-target', saw: `there is no pod ${pod}` };
  const entry = declared.workloads.find(({ name }) => name === found.workload);
  if (entry === undefined)
    return { blocked: 'no-target', saw: `${pod} is of ${found.workload}, which nobody declares` };
  const onIt = fleet.value.nodes.find((node) => node.pod === pod);
  if (found.workload === declared.sfu.deployment) {
    if (!fleet.value.sources.includes('redis') || !fleet.value.sources.includes('roomService'))
      return { blocked: 'stale-data', saw: 'Redis and RoomService must both say that no room is on it' };
    // An SFU that never came up has no node; one that has is only taken empty.
    if (
      found.ready &&
      (onIt === undefined || onIt.rooms > 0 || onIt.participants > 0 || onIt.emptyReadings < emptyReadingsNeeded)
    )
      return {
        blocked: 'meeting-in-progress',
        saw: `${onIt?.rooms ?? 'unknown'} rooms, ${onIt?.participants ?? 'unknown'} people on ${pod}`,
      };
  } else if (found.ready && !entry.restartable)
    return { blocked: 'no-target', saw: `${found.workload} holds sessions or data, and ${pod} is ready` };
  const of = cluster.value.pods.filter(({ workload }) => workload === found.workload).length;
  return {
    target: `pod/${pod}`,
    change: { pod, workload: found.workload, createdAtMs: found.createdAtMs },
    says: `delete ${pod}${force ? ' at once' : ''}`,
    touches: { pods: 1, rooms: 0, participants: 0, fleetShareRatio: found.ready ? 1 / of : 0 },
    costPerHour: usd(0),
  };
}

/** The uid of that very pod; undefined when it is gone, also when another of its name came after it. */
async function uidOf({ pod, createdAtMs }: Change, { objects }: ActPorts): Promise<string | undefined> {
  const now = await objects.get({ apiVersion: 'v1', kind: 'Pod', name: pod });
  const created = Date.parse(now?.metadata.creationTimestamp ?? '');
  return Number.isFinite(created) && created > createdAtMs + 1_000 ? undefined : now?.metadata.uid;
}

/** A responder that was killed after it had deleted it must not take the empty place for a mistake. */
async function gone(change: Change, _run: unknown, ports: ActPorts): Promise<boolean> {
  return (await uidOf(change, ports)) === undefined;
}

async function remove(change: Change, ports: ActPorts, graceSeconds?: number): Promise<undefined> {
  const { pod } = change;
  const { objects } = ports;
  const uid = await uidOf(change, ports);
  if (uid === undefined) return;
  try {
    await objects.remove(
      { apiVersion: 'v1', kind: 'Pod', name: pod },
      { uid, ...(graceSeconds === undefined ? {} : { graceSeconds }) },
    );
  } catch (error) {
    if (!(error instanceof PortError && error.code === 'conflict')) throw error;
  }
}

function verify({ pod, workload, createdAtMs }: Change, { cluster }: Known<'cluster' | 'fleet'>, actedAtMs: number) {
  if (cluster.observedAtMs < actedAtMs) return { verdict: 'pending', saw: 'not looked at since' } as const;
  const { pods, deployments } = cluster.value;
  if (pods.some((one) => one.name === pod && one.createdAtMs <= createdAtMs + 1_000))
    return { verdict: 'pending', saw: `${pod} is still there` } as const;
  const owner = deployments.find(({ name }) => name === workload);
  if (owner !== undefined && owner.readyReplicas < owner.replicas)
    return { verdict: 'pending', saw: `${owner.readyReplicas} of ${owner.replicas} ready` } as const;
  return { verdict: 'verified', saw: `${pod} is gone and replaced` } as const;
}

const facts = {
  params: z.object({ pod: z.string().min(1) }).strict(),
  change: Change,
  needs: ['cluster', 'fleet'],
  reach: 'platform',
  reversal: 'none',
  idempotency: 'look-up',
  waitsFor: ['drainSfu'],
  rbac,
  signals: {},
} as const;

/** Deletes one pod; its Deployment makes another. It gets its grace, an SFU's waits for meetings. */
export const deletePod = defineAction({
  ...facts,
  name: 'deletePod',
  title: 'Delete a pod',
  destructive: false,
  preflight: ({ pod }, world, scene) => preflight(pod, world, scene, false),
  applied: gone,
  run: (change, _run, _occasion, ports) => remove(change, ports),
  verify: (change, world, { actedAtMs }) => verify(change, world, actedAtMs),
});

/** Deletes one pod without grace: for one whose node is gone. Two people, and never an SFU with rooms. */
export const forceDeletePod = defineAction({
  ...facts,
  name: 'forceDeletePod',
  title: 'Delete a pod at once',
  destructive: true,
  preflight: ({ pod }, world, scene) => preflight(pod, world, scene, true),
  applied: gone,
  run: (change, _run, _occasion, ports) => remove(change, ports, 0),
  verify: (change, world, { actedAtMs }) => verify(change, world, actedAtMs),
});
