import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { type ExposedSample, expose } from './exposition.ts';
import { nameSuffix, type SimPod, type SimState } from './state.ts';
import { deploymentStatus } from './step.ts';

/** What kube-state-metrics would say of the simulated cluster. */
export function exposeKube(state: SimState): string {
  const ofPod = (pod: SimPod) => ({ namespace, pod: pod.name, uid: pod.name });
  const pods = (value: (pod: SimPod) => ExposedSample[]) => state.pods.flatMap(value);
  return expose([
    {
      name: kube.waitingReason.name,
      type: 'gauge',
      samples: pods((pod) =>
        pod.waitingReason === undefined
          ? []
          : [{ labels: { ...ofPod(pod), container: pod.workload, reason: pod.waitingReason }, value: 1 }],
      ),
    },
    {
      name: kube.restarts.name,
      type: 'counter',
      samples: pods((pod) => [{ labels: { ...ofPod(pod), container: pod.workload }, value: pod.restarts }]),
    },
    {
      name: kube.podOwner.name,
      type: 'gauge',
      samples: pods((pod) => [
        {
          labels: { ...ofPod(pod), owner_kind: 'ReplicaSet', owner_name: replicaSet(pod), owner_is_controller: 'true' },
          value: 1,
        },
      ]),
    },
    {
      name: kube.podPhase.name,
      type: 'gauge',
      samples: pods((pod) => [
        { labels: { ...ofPod(pod), phase: pod.node === undefined ? 'Pending' : 'Running' }, value: 1 },
      ]),
    },
    {
      name: kube.podUnschedulable.name,
      type: 'gauge',
      samples: pods((pod) => (pod.unschedulable === undefined ? [] : [{ labels: ofPod(pod), value: 1 }])),
    },
    {
      name: kube.wantedReplicas.name,
      type: 'gauge',
      samples: state.deployments.map(({ name, replicas }) => ({
        labels: { namespace, deployment: name },
        value: replicas,
      })),
    },
    {
      name: kube.availableReplicas.name,
      type: 'gauge',
      samples: state.deployments.map((deployment) => ({
        labels: { namespace, deployment: deployment.name },
        value: deploymentStatus(state, deployment).ready,
      })),
    },
  ]);
}

/** The name of a pod without its own suffix. */
function replicaSet(pod: SimPod): string {
  return `${pod.workload}-${nameSuffix(pod.revision, 9)}`;
}
