import { authService } from '../../manifests/catalogue/auth-service.ts';
import { chatService } from '../../manifests/catalogue/chat-service.ts';
import { sfuWorkload as declaredSfu } from '../../manifests/catalogue/livekit-sfu.ts';
import { meetingService } from '../../manifests/catalogue/meeting-service.ts';
import { signalingService } from '../../manifests/catalogue/signaling-service.ts';
import { labPool } from '../pool.ts';
import { sfuWorkload } from './names.ts';
import { emptyState, type SimDeployment, type SimState } from './state.ts';
import { step } from './step.ts';

/** A Deployment to simulate. */
export interface SimWorkload {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
}

/** What stands when the lab begins. */
export interface SimPlan {
  readonly sfuReplicas: number;
  /** The node pool, which autoscales. */
  readonly pool: { readonly name: string; readonly size: string; readonly minNodes: number; readonly maxNodes: number };
  readonly workloads: readonly SimWorkload[];
  readonly dropletLimit: number;
}

/** A platform small enough to show: four SFUs on four nodes, and the API services in pairs. */
export const smallPlatform: SimPlan = {
  sfuReplicas: 4,
  pool: labPool,
  workloads: [authService, meetingService, signalingService, chatService].map(({ name, image }) => ({
    name,
    image,
    replicas: 2,
  })),
  dropletLimit: 50,
};

/** The platform of a plan, booted and without meetings. */
export function bootedPlatform(plan: SimPlan): SimState {
  const sfu = { name: sfuWorkload, image: declaredSfu.image, replicas: plan.sfuReplicas };
  const bare = emptyState({
    pools: [
      {
        id: 'pool-1',
        count: plan.pool.minNodes,
        autoScale: true,
        name: plan.pool.name,
        size: plan.pool.size,
        minNodes: plan.pool.minNodes,
        maxNodes: plan.pool.maxNodes,
      },
    ],
    deployments: [sfu, ...plan.workloads].map((workload) => newDeployment(plan.pool.name, workload)),
    dropletLimit: plan.dropletLimit,
  });
  return rebase(step(bare, bootSeconds, () => 0.5));
}

/** Droplets, images and processes come up before the lab's clock starts. */
const bootSeconds = 300;

/** A Deployment as it is made. */
export function newDeployment(pool: string, { name, image, replicas }: SimWorkload): SimDeployment {
  return {
    name,
    pool,
    image,
    replicas,
    generation: 1,
    observedGeneration: 1,
    resourceVersion: 1_000,
    runId: undefined,
    restartedAt: undefined,
    revision: 1,
    rollouts: [{ atSeconds: 0, revision: 1, image }],
    crash: undefined,
  };
}

/** How long the platform seems to have run when the lab begins: no pod of it may look as if it had just been made. */
const ageSeconds = 86_400;

/** Moves time so that the lab starts at 0, and forgets the events of the boot. */
function rebase(state: SimState): SimState {
  const shift = state.seconds;
  const move = (value: number | undefined) => (value === undefined ? undefined : value - shift);
  return {
    ...state,
    seconds: 0,
    events: [],
    nodes: state.nodes.map((node) => ({
      ...node,
      readyAtSeconds: node.readyAtSeconds - shift,
      unneededSinceSeconds: move(node.unneededSinceSeconds),
    })),
    pods: state.pods.map((pod) => ({
      ...pod,
      createdAtSeconds: pod.createdAtSeconds - shift - ageSeconds,
      readyAtSeconds: move(pod.readyAtSeconds),
    })),
    sfus: state.sfus.map((sfu) => ({
      ...sfu,
      startedAtSeconds: sfu.startedAtSeconds - shift,
      statsUpdatedAtSeconds: sfu.statsUpdatedAtSeconds - shift,
    })),
    autoscalers: state.autoscalers.map((autoscaler) => ({
      ...autoscaler,
      nextSyncSeconds: autoscaler.nextSyncSeconds - shift,
    })),
  };
}
