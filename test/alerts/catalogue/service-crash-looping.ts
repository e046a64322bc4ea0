import { serviceCrashLooping } from '../../../alerts/catalogue/service-crash-looping.ts';
import { type Firing, proves } from '../scenario.ts';

const kube = 'job="kube-state-metrics", instance="ksm:8080", namespace="gomeet"';
const owned = (pod: string, replicaSet: string) =>
  `kube_pod_owner{${kube}, pod="${pod}", owner_kind="ReplicaSet", owner_name="${replicaSet}", owner_is_controller="true"}`;
const waiting = (pod: string, reason: string) =>
  `kube_pod_container_status_waiting_reason{${kube}, pod="${pod}", container="main", reason="${reason}"}`;
const restarts = (pod: string) => `kube_pod_container_status_restarts_total{${kube}, pod="${pod}", container="main"}`;
const looping = (service: string, pods: number): Firing => ({
  labels: { severity: 'critical', owner: 'platform', service },
  summary: 'Pods of a service start and die again',
  description: `${pods} pods of ${service} are in a crash loop.`,
  runbook_url: 'https://runbooks.gomeet.com/ServiceCrashLooping',
});

export const proof = proves(serviceCrashLooping, {
  'it fires two minutes after pods began to crash, with the Deployment as service, across the moments in which they run':
    {
      series: {
        [owned('auth-service-5d4f9c7b6-abcde', 'auth-service-5d4f9c7b6')]: '1x60',
        [owned('auth-service-5d4f9c7b6-fghij', 'auth-service-5d4f9c7b6')]: '1x60',
        [waiting('auth-service-5d4f9c7b6-abcde', 'CrashLoopBackOff')]:
          '_x4 1 stale _x3 1 stale _x3 1 stale _x3 1 stale',
        [waiting('auth-service-5d4f9c7b6-fghij', 'CrashLoopBackOff')]: '_x4 1x50',
      },
      expect: [
        { at: '2m45s', firing: [] },
        { at: '3m30s', firing: [looping('auth-service', 2)] },
      ],
    },
  'it fires on a container that dies at once and is never seen waiting': {
    series: {
      [owned('chat-service-5d4f9c7b6-abcde', 'chat-service-5d4f9c7b6')]: '1x80',
      [restarts('chat-service-5d4f9c7b6-abcde')]: '0x8 0+0.25x72',
    },
    expect: [{ at: '15m', firing: [looping('chat-service', 1)] }],
  },
  'three restarts within ten minutes are enough': {
    series: {
      [owned('chat-service-5d4f9c7b6-abcde', 'chat-service-5d4f9c7b6')]: '1x80',
      [restarts('chat-service-5d4f9c7b6-abcde')]: '4x8 5x3 6x3 7x64',
    },
    expect: [{ at: '8m', firing: [looping('chat-service', 1)] }],
  },
  'it fires for what no ReplicaSet owns: a StatefulSet and a DaemonSet, under their names': {
    series: {
      [`kube_pod_owner{${kube}, pod="prometheus-0", owner_kind="StatefulSet", owner_name="prometheus", owner_is_controller="true"}`]:
        '1x60',
      [`kube_pod_owner{${kube}, pod="node-exporter-abcde", owner_kind="DaemonSet", owner_name="node-exporter", owner_is_controller="true"}`]:
        '1x60',
      [waiting('prometheus-0', 'CrashLoopBackOff')]: '1x60',
      [waiting('node-exporter-abcde', 'CrashLoopBackOff')]: '1x60',
    },
    expect: [
      { at: '1m45s', firing: [] },
      { at: '2m15s', firing: [looping('node-exporter', 1), looping('prometheus', 1)] },
    ],
  },
  'two restarts within ten minutes are not enough': {
    series: {
      [owned('chat-service-5d4f9c7b6-abcde', 'chat-service-5d4f9c7b6')]: '1x80',
      [restarts('chat-service-5d4f9c7b6-abcde')]: '4x8 5x3 6x68',
    },
    expect: [{ at: '8m', firing: [] }],
  },
  'it stays silent on one restart, and on a pod that waits for its image': {
    series: {
      [owned('auth-service-5d4f9c7b6-abcde', 'auth-service-5d4f9c7b6')]: '1x80',
      [restarts('auth-service-5d4f9c7b6-abcde')]: '4x20 5x60',
      [waiting('auth-service-5d4f9c7b6-abcde', 'ImagePullBackOff')]: '1x80',
      [waiting('auth-service-5d4f9c7b6-abcde', 'CrashLoopBackOff')]: '0x80',
    },
    expect: [{ at: '15m', firing: [] }],
  },
  'it stays silent on what the catalogue does not name, on other namespaces, and on pods that are gone': {
    series: {
      [owned('toy-5d4f9c7b6-abcde', 'toy-5d4f9c7b6')]: '1x60',
      [waiting('toy-5d4f9c7b6-abcde', 'CrashLoopBackOff')]: '1x60',
      'kube_pod_owner{job="kube-state-metrics", instance="ksm:8080", namespace="other", pod="auth-service-5d4f9c7b6-abcde", owner_kind="ReplicaSet", owner_name="auth-service-5d4f9c7b6"}':
        '1x60',
      'kube_pod_container_status_waiting_reason{job="kube-state-metrics", instance="ksm:8080", namespace="other", pod="auth-service-5d4f9c7b6-abcde", container="main", reason="CrashLoopBackOff"}':
        '1x60',
      [waiting('auth-service-5d4f9c7b6-fghij', 'CrashLoopBackOff')]: '1x60',
    },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent without data': { series: {}, expect: [{ at: '9m', firing: [] }] },
});
