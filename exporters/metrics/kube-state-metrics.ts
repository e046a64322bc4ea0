import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = {
  kind: 'recorded',
  peer: 'kube-state-metrics',
  version: '2.17.0',
  source: 'https://github.com/kubernetes/kube-state-metrics/tree/v2.17.0/docs/metrics/workload',
};

/** What kube-state-metrics says of pods and Deployments; names and labels from its documentation, no live one is to be had here. */
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
});
