import type { ActionName } from '../../alerts/vocabulary.ts';
import { usd } from '../../kernel/money.ts';
import { memoryObjects } from '../../lab/fakes/memory-objects.ts';
import type { Action, Scene, World } from '../../responders/act/define.ts';
import type { ClusterState } from '../../responders/ports.ts';
import { actRig, autoscalerOf, poolOf } from './act-ports.ts';
import { playAct } from './play-act.ts';
import { clusterOf, deploymentOf, nowMs, podOf, situationOf } from './situation.ts';

/** What an act of one step is asked, and what is otherwise than usual. */
export interface ActScenario {
  readonly params: object;
  readonly cluster?: ClusterState;
  readonly lapsed?: Scene['lapsed'];
}

const workload = 'chat-service';
const { scene } = situationOf('restartWorkload');
const declared: Scene['declared'] = {
  ...scene.declared,
  workloads: scene.declared.workloads.map((one) => ({ ...one, replicas: 2, maxReplicas: 10 })),
  pools: ['sfu', 'api'].map((name) => ({ name, maxNodes: 20, nodeCostPerHour: usd(1) })),
};
const autoscaled = clusterOf(4, {
  deployments: [
    deploymentOf('livekit-sfu', 4, { autoscaler: autoscalerOf(4) }),
    deploymentOf(workload, 3, { autoscaler: autoscalerOf(3, { name: workload }) }),
  ],
});
const crowded = clusterOf(4);
const waiting = { ...crowded, pods: [...crowded.pods, podOf(workload, 3, { unschedulable: 'no node has room' })] };
const lapsed = new Map([[`deployment/${workload}`, 3]]);
const either = (scenario: ActScenario): readonly ActScenario[] => [scenario, { ...scenario, cluster: autoscaled }];

export const actScenarios: { readonly [Name in ActionName]?: readonly ActScenario[] } = {
  scaleSfu: either({ params: { step: 1 } }),
  drainSfu: either({ params: {} }),
  restartWorkload: [{ params: { workload } }],
  scaleWorkload: either({ params: { workload, replicas: 4 } }),
  lapseScale: either({ params: {}, lapsed }),
  deletePod: [{ params: { pod: `${workload}-0` } }],
  forceDeletePod: [{ params: { pod: `${workload}-0` } }],
  autoscalePool: [{ params: { pool: 'sfu' } }],
  raiseNodePool: [{ params: { step: 1, pool: 'api' }, cluster: waiting }],
  silenceAlert: [{ params: { for: '1h' } }],
  openIncident: [{ params: { sev: 2 } }],
  escalate: [{ params: {} }],
};

/** Peers in memory for one of them. A pod whose object is deleted is gone from the cluster too. */
export function actStage({ params, cluster = clusterOf(4), lapsed: over }: ActScenario) {
  const objects = memoryObjects(
    cluster.pods.map(({ name }) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })),
  );
  const pools = ['sfu', 'api'].map((name) => poolOf({ name, maxNodes: 10 }));
  const rig = actRig({ cluster, objects, cloud: { ...actRig().cloud, pools } });
  const pods = () => {
    const there = new Set(objects.all().map(({ metadata }) => metadata.name));
    return rig.cluster.pods.filter(({ name }) => there.has(name));
  };
  const world = (): World => ({
    cluster: { value: { ...rig.cluster, pods: pods() }, observedAtMs: nowMs },
    fleet: { value: rig.fleet, observedAtMs: nowMs },
    cloud: { value: rig.cloud, observedAtMs: nowMs },
  });
  const seen: Scene = { ...scene, declared, ...(over === undefined ? {} : { lapsed: over }) };
  return {
    play: (action: Action, killAt?: number) =>
      playAct(action, params, rig.ports, { scene: seen, world, ...(killAt === undefined ? {} : { killAt }) }),
    /** What stands, and each effect that counts, once: the same value set twice has one. */
    stands: () => ({
      deployments: rig.cluster.deployments.map(({ resourceVersion: _, ...rest }) => rest),
      pods: pods(),
      cloud: rig.cloud,
    }),
    counts: () => [...new Set(rig.effects), ...objects.writes],
  };
}
