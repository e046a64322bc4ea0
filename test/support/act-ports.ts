import { PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import { memoryDatabases } from '../../lab/fakes/memory-databases.ts';
import { memoryEdge } from '../../lab/fakes/memory-edge.ts';
import { memoryObjects } from '../../lab/fakes/memory-objects.ts';
import { type MemoryVolumes, memoryVolumes } from '../../lab/fakes/memory-volumes.ts';
import type { ActPorts } from '../../responders/act/define.ts';
import type {
  Autoscaler,
  Backups,
  CloudState,
  ClusterState,
  Databases,
  Deployment,
  Edge,
  Fleet,
  NodePool,
  Objects,
  Outside,
} from '../../responders/ports.ts';
import { clusterOf, fleetOf } from './situation.ts';

/** What a peer was made to do, in order: `scale livekit-sfu 5`. */
export interface ActRig {
  readonly ports: ActPorts;
  readonly effects: readonly string[];
  cluster: ClusterState;
  fleet: Fleet;
  cloud: CloudState;
  /** The next write has its effect, and its answer is lost. */
  loseAnswer(): void;
  /** The next write with this verb is refused before it has any effect. */
  refuse(verb: string, code: 'conflict' | 'forbidden'): void;
}

/** An autoscaler of the SFUs that wants what there is. */
export function autoscalerOf(minReplicas: number, more: Partial<Autoscaler> = {}): Autoscaler {
  return {
    kind: 'HorizontalPodAutoscaler',
    name: 'livekit-sfu',
    minReplicas,
    maxReplicas: 10,
    desiredReplicas: 3,
    resourceVersion: '1',
    runId: undefined,
    ...more,
  };
}

/** The pool of the SFUs. */
export function poolOf(more: Partial<NodePool> = {}): NodePool {
  return {
    id: 'p',
    clusterId: 'c',
    name: 'sfu',
    size: 's',
    count: 4,
    autoScale: true,
    minNodes: 2,
    maxNodes: 20,
    ...more,
  };
}

/** Peers in memory that keep what they are told, count it, and can lose an answer. */
export function actRig(
  start: Partial<Pick<ActRig, 'cluster' | 'fleet' | 'cloud'>> & {
    objects?: Objects;
    databases?: Databases;
    backups?: Backups;
    volumes?: MemoryVolumes;
    edge?: Edge;
    outside?: Outside;
  } = {},
): ActRig {
  const effects: string[] = [];
  const refusals = new Map<string, 'conflict' | 'forbidden'>();
  const objects = start.objects ?? memoryObjects();
  const databases = start.databases ?? memoryDatabases();
  const silences = new Map<string, string>();
  let losing = false;
  const did = (verb: string, rest: string, effect: () => void): void => {
    const refused = refusals.get(verb);
    refusals.delete(verb);
    if (refused !== undefined) throw new PortError('fake', refused, `${verb} was refused`);
    effect();
    effects.push(`${verb} ${rest}`);
    if (!losing) return;
    losing = false;
    throw new PortError('fake', 'timeout', 'the answer was lost');
  };
  const change = (name: string, more: (deployment: Deployment) => Partial<Deployment>): void => {
    rig.cluster = {
      ...rig.cluster,
      deployments: rig.cluster.deployments.map((one) =>
        one.name === name ? { ...one, ...more(one), resourceVersion: String(Number(one.resourceVersion) + 1) } : one,
      ),
    };
  };
  const current = (name: string, resourceVersion: string): void => {
    const found = rig.cluster.deployments.find((one) => one.name === name);
    if (found?.resourceVersion !== resourceVersion) throw new PortError('fake', 'conflict', 'it was changed meanwhile');
  };
  const rig: ActRig = {
    effects,
    cluster: start.cluster ?? clusterOf(4),
    fleet: start.fleet ?? fleetOf(4),
    cloud: start.cloud ?? { pools: [poolOf()], dropletLimit: 50, droplets: 10, monthToDate: usd(0) },
    loseAnswer: () => {
      losing = true;
    },
    refuse: (verb, code) => refusals.set(verb, code),
    ports: {
      cluster: {
        read: async () => rig.cluster,
        deployment: async (name) => rig.cluster.deployments.find((one) => one.name === name),
        scale: async ({ deployment, replicas, resourceVersion, runId }) => {
          current(deployment, resourceVersion);
          did('scale', `${deployment} ${replicas}`, () => change(deployment, () => ({ replicas, runId })));
        },
        setFloor: async ({ autoscaler, minReplicas, runId }) =>
          did('setFloor', `${autoscaler.name} ${minReplicas}`, () => {
            for (const { name } of rig.cluster.deployments.filter((one) => one.autoscaler?.name === autoscaler.name))
              rig.cluster = {
                ...rig.cluster,
                deployments: rig.cluster.deployments.map((one) =>
                  one.name === name ? { ...one, autoscaler: { ...autoscaler, minReplicas, runId } } : one,
                ),
              };
          }),
        restart: async ({ deployment, restartedAt, resourceVersion, runId }) => {
          current(deployment, resourceVersion);
          did('restart', `${deployment} ${restartedAt}`, () => change(deployment, () => ({ restartedAt, runId })));
        },
        setDeletionCost: async ({ pod, cost }) =>
          did('cost', `${pod} ${cost}`, () => {
            rig.cluster = {
              ...rig.cluster,
              pods: rig.cluster.pods.map((one) =>
                one.name === pod ? { ...one, deletionCost: cost ?? undefined } : one,
              ),
            };
          }),
        evidence: async () => ({ events: [], logLines: [], rollouts: [] }),
      },
      fleet: { read: async () => rig.fleet },
      objects,
      edge: start.edge ?? memoryEdge(),
      outside: start.outside ?? { open: async () => [], tellHosts: async () => [] },
      registry: { digest: async () => `sha256:${'a'.repeat(64)}` },
      metrics: { query: async () => [], queryRange: async () => [] },
      databases,
      backups: start.backups ?? {
        find: async (id) => ({ id, components: [] }),
        look: async () => ({ finished: [] }),
        restoreOver: async () => ({ ok: false, says: 'no backup' }),
      },
      alertmanager: {
        activeAlerts: async () => [],
        silence: async ({ runId, labels, untilMs, by }) => {
          const known = silences.get(runId);
          if (known !== undefined) return known;
          const id = `silence-${silences.size + 1}`;
          did('silence', `${JSON.stringify(labels)} ${untilMs} ${by}`, () => silences.set(runId, id));
          return id;
        },
      },
      cloud: {
        ...(start.volumes ?? memoryVolumes()),
        read: async () => rig.cloud,
        autoscalePool: async ({ pool, minNodes, maxNodes }) =>
          did('autoscalePool', `${pool.name} ${minNodes} ${maxNodes}`, () => {
            rig.cloud = {
              ...rig.cloud,
              pools: rig.cloud.pools.map((one) =>
                one.name === pool.name ? { ...one, autoScale: true, minNodes, maxNodes } : one,
              ),
            };
          }),
        setPoolFloor: async ({ pool, nodes }) =>
          did('setPoolFloor', `${pool.name} ${nodes}`, () => {
            rig.cloud = {
              ...rig.cloud,
              pools: rig.cloud.pools.map((one) =>
                one.name === pool.name ? { ...one, ...(one.autoScale ? { minNodes: nodes } : { count: nodes }) } : one,
              ),
            };
          }),
      },
      desk: {
        declare: async ({ incidentId, sev, by }) => did('declare', `${incidentId} ${sev} ${by}`, () => undefined),
        escalate: async ({ incidentId, runId }) => did('escalate', `${incidentId} ${runId}`, () => undefined),
      },
    },
  };
  return rig;
}
