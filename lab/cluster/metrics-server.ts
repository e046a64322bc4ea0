import { freeTcpPort } from '../peers/ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from '../peers/process.ts';
import { apiAvailable, argumentsOf, kubeconfigOf, serveApi } from './addons.ts';
import type { LabApi } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

const apiService = 'v1beta1.metrics.k8s.io';

/** Runs metrics-server with the arguments and the rights of production, after its objects were applied; returns when the API server reaches it. Looks every 10 s, the least it takes. */
export async function startMetricsServer(plane: ControlPlane, api: LabApi): Promise<Peer & { stop(): Promise<void> }> {
  const { kubeletPort } = plane;
  if (kubeletPort === undefined) throw new TypeError('a control plane whose kubelets tell nothing');
  const [namespace, name] = ['kube-system', 'metrics-server'];
  const kubeconfig = await kubeconfigOf(plane, api, { namespace, name });
  const port = await freeTcpPort();
  const peer = startPeer(
    name,
    argumentsOf('metrics-server', name, {
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'bind-address': '127.0.0.1',
      'secure-port': `${port}`,
      'cert-dir': `${plane.caFile}.metrics-server`,
      'metric-resolution': '10s',
      'kubelet-request-timeout': '9s',
      'kubelet-port': `${kubeletPort}`,
      'kubelet-certificate-authority': plane.caFile,
    }),
  );
  await serveApi(api, { apiService, namespace, service: name, port });
  await untilReady(peer, name, () => apiAvailable(api, apiService));
  return { ...peer, stop: async () => void (await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 2_000 }])) };
}
