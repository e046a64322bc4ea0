import { once } from 'node:events';
import { createServer } from 'node:http';
import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { type ExposedSample, expose } from '../simulator/exposition.ts';
import type { LabApi } from './api.ts';
import type { SfuProcess } from './sfu.ts';

/** What Prometheus scrapes of the lab's cluster besides LiveKit's own /metrics, and where it finds those. */
export interface ClusterMetrics {
  /** HOST:PORT of /kube/metrics. */
  readonly address: string;
  /** For http_sd: one target an SFU process, with its pod and node in labels as Kubernetes discovery would put them. */
  readonly targetsUrl: string;
  close(): Promise<void>;
}

/** Serves what kube-state-metrics would say of the namespace, read from the API server at each scrape, and the SFU targets. */
export async function serveClusterMetrics(
  api: LabApi,
  options: { namespace: string; running: () => readonly SfuProcess[]; blind?: () => boolean },
): Promise<ClusterMetrics> {
  const { namespace } = options;
  const server = createServer((request, response) => {
    const text = async () => {
      if (request.url === '/targets') return JSON.stringify(sfuTargets(options.running()));
      const [pods, deployments] = await Promise.all([
        api.core.listNamespacedPod({ namespace }),
        api.apps.listNamespacedDeployment({ namespace }),
      ]);
      return exposeCluster(pods.items, deployments.items);
    };
    if (options.blind?.() === true) {
      request.socket.destroy();
      return;
    }
    const type = request.url === '/targets' ? 'application/json' : 'text/plain; version=0.0.4; charset=utf-8';
    text().then(
      (body) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a server without a port');
  const address = `127.0.0.1:${bound.port}`;
  return {
    address,
    targetsUrl: `http://${address}/targets`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sfuTargets(running: readonly SfuProcess[]): readonly object[] {
  return running.map(({ pod, node, peer }) => ({
    targets: [new URL(peer.metricsUrl).host],
    labels: { pod, kubernetes_node: node },
  }));
}

/** Pods and Deployments in the words of kube-state-metrics. */
export function exposeCluster(pods: readonly V1Pod[], deployments: readonly V1Deployment[]): string {
  const ofPods = (samples: (pod: V1Pod) => ExposedSample[]) => pods.flatMap(samples);
  const labelsOf = ({ metadata }: V1Pod) => ({
    namespace: metadata?.namespace ?? '',
    pod: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
  });
  return expose([
    {
      name: kube.waitingReason.name,
      type: 'gauge',
      samples: ofPods((pod) =>
        containersOf(pod).flatMap(({ name, state }) =>
          state?.waiting?.reason === undefined
            ? []
            : [{ labels: { ...labelsOf(pod), container: name, reason: state.waiting.reason }, value: 1 }],
        ),
      ),
    },
    {
      name: kube.restarts.name,
      type: 'counter',
      samples: ofPods((pod) =>
        containersOf(pod).map(({ name, restartCount }) => ({
          labels: { ...labelsOf(pod), container: name },
          value: restartCount,
        })),
      ),
    },
    {
      name: kube.podOwner.name,
      type: 'gauge',
      samples: ofPods((pod) =>
        (pod.metadata?.ownerReferences ?? []).map(({ kind, name, controller }) => ({
          labels: {
            ...labelsOf(pod),
            owner_kind: kind,
            owner_name: name,
            owner_is_controller: String(controller === true),
          },
          value: 1,
        })),
      ),
    },
    {
      name: kube.podPhase.name,
      type: 'gauge',
      samples: ofPods((pod) => [{ labels: { ...labelsOf(pod), phase: pod.status?.phase ?? 'Unknown' }, value: 1 }]),
    },
    {
      name: kube.podUnschedulable.name,
      type: 'gauge',
      samples: ofPods((pod) => (isUnschedulable(pod) ? [{ labels: labelsOf(pod), value: 1 }] : [])),
    },
    {
      name: kube.wantedReplicas.name,
      type: 'gauge',
      samples: deployments.map((one) => ({ labels: labelsOfDeployment(one), value: one.spec?.replicas ?? 1 })),
    },
    {
      name: kube.availableReplicas.name,
      type: 'gauge',
      samples: deployments.map((one) => ({
        labels: labelsOfDeployment(one),
        value: one.status?.availableReplicas ?? 0,
      })),
    },
  ]);
}

const containersOf = (pod: V1Pod) => pod.status?.containerStatuses ?? [];

const labelsOfDeployment = ({ metadata }: V1Deployment) => ({
  namespace: metadata?.namespace ?? '',
  deployment: metadata?.name ?? '',
});

/** Whether the scheduler found no node for a pod. */
export function isUnschedulable(pod: V1Pod): boolean {
  return (
    pod.status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') ?? false
  );
}
