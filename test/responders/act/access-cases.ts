import type { ActionName } from '../../../alerts/vocabulary.ts';
import type { AccessCluster } from './access-cluster.ts';
import { podNames, suffixes, name as workload } from './access-stage.ts';

/** What an action is asked here, and which of its rights it does not come to: no controller runs, so that nothing gets ready and nothing goes wrong. */
export interface AccessCase {
  readonly params: object;
  readonly beyond?: readonly string[];
  /** Puts back what an attempt that went through has taken. */
  readonly before?: (cluster: AccessCluster) => Promise<unknown>;
  /** What it would change stands so already, or is not there. */
  readonly changesNothing?: true;
  /** Steps that are over within a few turns when nothing is lacking. */
  readonly reached?: number;
}

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
const refill = ({ admin }: AccessCluster) =>
  admin.patch({ ...deployment, name: 'livekit-sfu' }, { spec: { replicas: 27 } }, { runId: 'setup' });
// Nothing here has an autoscaler.
const floors = [
  'patch horizontalpodautoscalers',
  'patch scaledobjects',
  'get horizontalpodautoscalers',
  'get scaledobjects',
];
// Asked for where there are Services with a load balancer, and where there is cert-manager.
const deepHealth = ['list endpointslices', 'list certificates'];
// After the pods of the new version are ready.
const routing = [
  'patch services',
  'patch ingressroutes',
  'patch traefikservices',
  'create services',
  'create ingressroutes',
  'create traefikservices',
  'delete deployments',
  'delete services',
  'delete ingressroutes',
  'delete traefikservices',
  'get services',
  'list ingresses',
  'list ingressroutes',
];

/** What each action is asked. One that is new does not compile without. */
export const accessCases: { readonly [Name in ActionName]: AccessCase | 'nothing of the cluster' } = {
  drainSfu: {
    beyond: floors,
    before: refill,
    params: {},
  },
  scaleSfu: {
    beyond: floors,
    before: refill,
    params: { step: 1 },
  },
  restartWorkload: {
    params: { workload },
    before: ({ admin }) =>
      admin.patch(
        { ...deployment, name: workload },
        { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': null } } } } },
        { runId: 'setup' },
      ),
  },
  restartAll: { params: { workloads: [workload] } },
  runRoutine: {
    beyond: deepHealth,
    params: { routine: 'morning' },
    reached: 4,
  },
  troubleshoot: {
    beyond: ['get pods/log'],
    params: { workload },
    reached: 1,
  },
  setResources: { params: { workload, cpu: '250m' }, reached: 1 },
  deletePod: {
    params: { pod: podNames[0] },
    before: ({ fixtures }) => fixtures.addPod(workload, suffixes[0]).catch(() => undefined),
  },
  forceDeletePod: {
    params: { pod: podNames[1] },
    before: ({ fixtures }) => fixtures.addPod(workload, suffixes[1]).catch(() => undefined),
  },
  editConfig: {
    beyond: ['patch deployments', 'get deployments'],
    params: { configMap: 'chat-config', key: 'app.yaml', value: 'a: 2' },
    before: ({ admin }) =>
      admin.patch(
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'chat-config' },
        { data: { 'app.yaml': 'a: 1' } },
        { runId: 'setup' },
      ),
    reached: 1,
  },
  repairDns: { params: {} },
  repairFirewall: 'nothing of the cluster',
  createAutoscaler: {
    beyond: [
      'patch horizontalpodautoscalers',
      'create horizontalpodautoscalers',
      'delete horizontalpodautoscalers',
      'delete scaledobjects',
      'get horizontalpodautoscalers',
    ],
    params: { workload: 'auth-service' },
    before: ({ admin }) => admin.remove({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'auth-service' }),
    reached: 1,
  },
  autoscalePool: 'nothing of the cluster',
  scaleWorkload: {
    beyond: floors,
    params: { workload, replicas: 4 },
  },
  lapseScale: {
    beyond: floors,
    params: {},
  },
  rollOut: {
    beyond: routing,
    before: ({ admin }) => admin.remove({ ...deployment, name: `${workload}-canary` }),
    params: { workload, image: 'v2', strategy: 'canary' },
    reached: 1,
  },
  rollBack: {
    changesNothing: true,
    beyond: ['patch deployments'],
    params: { workload },
  },
  recreate: { params: { workload, image: 'v2' } },
  checkHealth: {
    beyond: deepHealth,
    params: {},
    reached: 1,
  },
  runBackup: { params: {}, reached: 1 },
  rotateSecrets: { params: { keys: ['JWT_SECRET'] }, reached: 1 },
  lockDown: {
    changesNothing: true,
    beyond: ['create networkpolicies', 'delete networkpolicies'],
    params: { workloads: [workload] },
    reached: 1,
  },
  liftLockdown: {
    changesNothing: true,
    beyond: ['create networkpolicies', 'delete networkpolicies', ...deepHealth],
    params: { workloads: [workload] },
    reached: 1,
  },
  promoteReplica: 'nothing of the cluster',
  restoreManaged: 'nothing of the cluster',
  restoreOverProduction: {
    beyond: deepHealth,
    params: { backup: 'b', components: ['postgresql'] },
  },
  respondToOutage: {
    // The other bands look at the platform's health.
    beyond: [...deepHealth, 'list daemonsets', 'list networkpolicies', 'list services', 'list statefulsets'],
    params: { band: 'investigate' },
    reached: 2,
  },
  raiseNodePool: 'nothing of the cluster',
  deleteVolume: { params: { volume: 'v' } },
  silenceAlert: 'nothing of the cluster',
  openIncident: 'nothing of the cluster',
  escalate: 'nothing of the cluster',
};
