import { defineMetrics, type Emitter, metricsOf } from './define.ts';

const emitter: Emitter = {
  kind: 'recorded',
  peer: 'kube-state-metrics',
  version: '2.17.0',
  source: 'test/exporters/metrics/fixtures/kube-state-metrics-2.17.0.prom',
};

const { gauge } = metricsOf(emitter);
const pod = ['namespace', 'pod', 'uid'] as const;

/** What kube-state-metrics says of pods and Deployments; names and labels as recorded at a real one. */
export const kubeStateMetrics = defineMetrics({
  waitingReason: {
    name: 'kube_pod_container_status_waiting_reason',
    type: 'gauge',
    unit: 'boolean',
    help: '1 for the reason a container waits for: CrashLoopBackOff, ImagePullBackOff and others; absent while it runs.',
    labels: ['namespace', 'pod', 'uid', 'container', 'reason'],
    emitter,
  },
  restarts: {
    name: 'kube_pod_container_status_restarts_total',
    type: 'counter',
    unit: 'restarts',
    help: 'Restarts of a container.',
    labels: ['namespace', 'pod', 'uid', 'container'],
    emitter,
  },
  podOwner: {
    name: 'kube_pod_owner',
    type: 'gauge',
    unit: 'boolean',
    help: 'The ReplicaSet, or other, that a pod belongs to.',
    labels: ['namespace', 'pod', 'uid', 'owner_kind', 'owner_name', 'owner_is_controller'],
    emitter,
  },
  podPhase: {
    name: 'kube_pod_status_phase',
    type: 'gauge',
    unit: 'boolean',
    help: '1 for the phase a pod is in.',
    labels: ['namespace', 'pod', 'uid', 'phase'],
    emitter,
  },
  podUnschedulable: {
    name: 'kube_pod_status_unschedulable',
    type: 'gauge',
    unit: 'boolean',
    help: '1 while the scheduler finds no place for a pod.',
    labels: ['namespace', 'pod', 'uid'],
    emitter,
  },
  containerRequests: {
    name: 'kube_pod_container_resource_requests',
    type: 'gauge',
    unit: 'cores or bytes, as `resource` says',
    help: 'What a container asks of its node.',
    labels: ['namespace', 'pod', 'uid', 'container', 'node', 'resource', 'unit'],
    emitter,
  },
  wantedReplicas: {
    name: 'kube_deployment_spec_replicas',
    type: 'gauge',
    unit: 'replicas',
    help: 'Replicas a Deployment asks for.',
    labels: ['namespace', 'deployment'],
    emitter,
  },
  availableReplicas: {
    name: 'kube_deployment_status_replicas_available',
    type: 'gauge',
    unit: 'replicas',
    help: 'Replicas of a Deployment that are available.',
    labels: ['namespace', 'deployment'],
    emitter,
  },
  podInfo: gauge('kube_pod_info', 'boolean', 'Where a pod runs, and who made it.', [
    ...pod,
    'host_ip',
    'pod_ip',
    'node',
    'created_by_kind',
    'created_by_name',
    'priority_class',
    'host_network',
  ]),
  podCreated: gauge('kube_pod_created', 'seconds since the epoch', 'When a pod was made.', [...pod]),
  podDeletion: gauge('kube_pod_deletion_timestamp', 'seconds since the epoch', 'When a pod was told to go.', [...pod]),
  podReady: gauge('kube_pod_status_ready', 'boolean', '1 for the answer to whether a pod is ready.', [
    ...pod,
    'condition',
  ]),
  containerInfo: gauge(
    'kube_pod_container_info',
    'boolean',
    'The image a container runs, as asked for and by digest.',
    [...pod, 'container', 'image_spec', 'image', 'image_id', 'container_id'],
  ),
  terminatedReason: gauge(
    'kube_pod_container_status_last_terminated_reason',
    'boolean',
    '1 for the reason a container last ended: OOMKilled, Error and others.',
    [...pod, 'container', 'reason'],
  ),
  containerLimits: gauge(
    'kube_pod_container_resource_limits',
    'cores or bytes, as `resource` says',
    'What a container may use.',
    [...pod, 'container', 'node', 'resource', 'unit'],
  ),
  updatedReplicas: gauge(
    'kube_deployment_status_replicas_updated',
    'replicas',
    'Replicas of a Deployment that run its newest form.',
    ['namespace', 'deployment'],
  ),
  deploymentCondition: gauge(
    'kube_deployment_status_condition',
    'boolean',
    '1 for the state a condition of a Deployment is in.',
    ['namespace', 'deployment', 'reason', 'condition', 'status'],
  ),
  replicaSetCreated: gauge(
    'kube_replicaset_created',
    'seconds since the epoch',
    'When a ReplicaSet was made: a rollout began.',
    ['namespace', 'replicaset'],
  ),
  autoscalerMax: gauge('kube_horizontalpodautoscaler_spec_max_replicas', 'replicas', 'Most replicas it may ask for.', [
    'namespace',
    'horizontalpodautoscaler',
  ]),
  autoscalerMin: gauge('kube_horizontalpodautoscaler_spec_min_replicas', 'replicas', 'Fewest replicas it keeps.', [
    'namespace',
    'horizontalpodautoscaler',
  ]),
  autoscalerWants: gauge(
    'kube_horizontalpodautoscaler_status_desired_replicas',
    'replicas',
    'Replicas an autoscaler asks for.',
    ['namespace', 'horizontalpodautoscaler'],
  ),
  autoscalerCondition: gauge(
    'kube_horizontalpodautoscaler_status_condition',
    'boolean',
    '1 for the state a condition of an autoscaler is in.',
    ['namespace', 'horizontalpodautoscaler', 'condition', 'status'],
  ),
  budgetAllowed: gauge(
    'kube_poddisruptionbudget_status_pod_disruptions_allowed',
    'pods',
    'Pods that may be taken down now.',
    ['namespace', 'poddisruptionbudget'],
  ),
  budgetExpected: gauge('kube_poddisruptionbudget_status_expected_pods', 'pods', 'Pods that a budget counts.', [
    'namespace',
    'poddisruptionbudget',
  ]),
  budgetHealthy: gauge('kube_poddisruptionbudget_status_current_healthy', 'pods', 'Pods of a budget that are well.', [
    'namespace',
    'poddisruptionbudget',
  ]),
  budgetWanted: gauge(
    'kube_poddisruptionbudget_status_desired_healthy',
    'pods',
    'Pods of a budget that must be well.',
    ['namespace', 'poddisruptionbudget'],
  ),
  nodeCondition: gauge('kube_node_status_condition', 'boolean', '1 for the state a condition of a node is in.', [
    'node',
    'condition',
    'status',
  ]),
  nodeAllocatable: gauge(
    'kube_node_status_allocatable',
    'cores or bytes, as `resource` says',
    'What pods of a node may ask for together.',
    ['node', 'resource', 'unit'],
  ),
  cronLastSuccess: gauge(
    'kube_cronjob_status_last_successful_time',
    'seconds since the epoch',
    'When a job of a CronJob last succeeded.',
    ['namespace', 'cronjob'],
  ),
  jobFailed: gauge('kube_job_status_failed', 'pods', 'Pods of a job that failed.', ['namespace', 'job_name', 'reason']),
  policyCreated: gauge('kube_networkpolicy_created', 'seconds since the epoch', 'When a NetworkPolicy was made.', [
    'namespace',
    'networkpolicy',
  ]),
  claimPhase: gauge('kube_persistentvolumeclaim_status_phase', 'boolean', '1 for the phase a volume claim is in.', [
    'namespace',
    'persistentvolumeclaim',
    'phase',
  ]),
  daemonMissing: gauge(
    'kube_daemonset_status_number_unavailable',
    'pods',
    'Nodes on which a DaemonSet has no pod that is available.',
    ['namespace', 'daemonset'],
  ),
  statefulReady: gauge(
    'kube_statefulset_status_replicas_ready',
    'replicas',
    'Replicas of a StatefulSet that are ready.',
    ['namespace', 'statefulset'],
  ),
  statefulWanted: gauge('kube_statefulset_replicas', 'replicas', 'Replicas a StatefulSet asks for.', [
    'namespace',
    'statefulset',
  ]),
});
