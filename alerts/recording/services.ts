import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import type { Workload } from '../../manifests/catalogue/define.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { jobs } from '../jobs.ts';
import { defineRecordingRules } from './define.ts';

const namesOf = (...kinds: readonly Workload['kind'][]) =>
  workloads
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name }) => name)
    .join('|');
const scope = `job="${jobs.kubeStateMetrics}", namespace="${platformNamespace}"`;

/** A container that starts this often in ten minutes is in a loop, whatever it waits for at the moment. */
export const restartsInTenMinutes = 3;

// CrashLoopBackOff comes and goes between two tries; the five minutes bridge it. A pod that dies quickly and never
// reaches the back-off shows in its restarts.
const crashing = [
  `max by (namespace, pod) (max_over_time(${kube.waitingReason.name}{${scope}, reason="CrashLoopBackOff"}[5m]) > 0)`,
  `max by (namespace, pod) (increase(${kube.restarts.name}{${scope}}[10m]) >= ${restartsInTenMinutes})`,
].join('\n      or on (namespace, pod)\n      ');

// A Deployment's ReplicaSet is its name, a dash and a hash; StatefulSets and DaemonSets own their pods themselves. So the owner of a pod names the workload of the catalogue.
const owner = [
  'max by (namespace, pod, service) (',
  '      label_replace(',
  `        ${kube.podOwner.name}{${scope}, owner_kind="ReplicaSet", owner_name=~"(${namesOf('Deployment')})-[a-z0-9]+"},`,
  '        "service", "$1", "owner_name", "(.+)-[a-z0-9]+"',
  '      )',
  '      or',
  '      label_replace(',
  `        ${kube.podOwner.name}{${scope}, owner_kind=~"StatefulSet|DaemonSet", owner_name=~"${namesOf('StatefulSet', 'DaemonSet')}"},`,
  '        "service", "$1", "owner_name", "(.+)"',
  '      )',
  '    )',
].join('\n');

/** What Kubernetes says of the services of the catalogue. */
export const serviceRules = defineRecordingRules({
  crashLooping: {
    record: 'service:pods_crash_looping:count',
    expr: `count by (service) (\n  group by (namespace, pod) (\n      ${crashing}\n  )\n  * on (namespace, pod) group_left (service)\n    ${owner}\n)`,
    resultLabels: ['service'],
    unit: 'count',
    help: 'Pods of each service that start and die again; absent when there is none.',
  },
});
