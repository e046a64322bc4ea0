import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freeTcpPort } from '../peers/ports.ts';
import { endPeer, startPeer, untilReady } from '../peers/process.ts';
import { apiAvailable, argumentsOf, kubeconfigOf, serveApi } from './addons.ts';
import { type LabApi, unlessStatus } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

const apiService = 'v1beta1.external.metrics.k8s.io';
const namespace = 'keda';
const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'operator.keda.sh', namespace },
};
const certificateFiles = ['ca.crt', 'ca.key', 'tls.crt', 'tls.key'];

/** KEDA's two processes. */
export interface Keda {
  /** What each printed last. */
  outputs(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Runs KEDA's operator and metrics server with the arguments and the rights of production, after its objects were applied; returns when the API server reaches it. */
export async function startKeda(
  plane: ControlPlane,
  api: LabApi,
  options: { readonly watch: string; readonly prometheusUrl: string },
): Promise<Keda> {
  const account = { namespace, name: 'keda-operator' };
  const kubeconfig = await kubeconfigOf(plane, api, account);
  const [metrics, health, service, port, adapterMetrics] = await Promise.all(
    Array.from({ length: 5 }, () => freeTcpPort()),
  );
  const certificates = join(dirname(plane.caFile), 'keda');
  await mkdir(certificates, { recursive: true });
  const env = {
    KUBECONFIG: kubeconfig,
    POD_NAMESPACE: namespace,
    KEDA_CLUSTER_OBJECT_NAMESPACE: namespace,
    WATCH_NAMESPACE: options.watch,
    // Names of the cluster are found by nobody here: as a proxy, Prometheus takes what is meant for Prometheus.
    HTTP_PROXY: options.prometheusUrl,
  };
  const startOperator = () =>
    startPeer(
      'keda-operator',
      argumentsOf('keda', 'keda-operator', {
        'cert-dir': certificates,
        'metrics-bind-address': `127.0.0.1:${metrics}`,
        'health-probe-bind-address': `127.0.0.1:${health}`,
        'metrics-service-bind-address': `127.0.0.1:${service}`,
      }),
      env,
    );
  const peers = [startOperator()];
  const stop = async () => {
    for (const peer of peers.toReversed()) await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 2_000 }]);
  };
  try {
    // Its first life makes the certificates and ends; the kubelet shows them as files and starts it again.
    await peers[0]?.exited;
    const operator = startOperator();
    peers[0] = operator;
    await untilReady(operator, 'keda-operator', () => mountCertificates(api, certificates));
    // What nobody released would be held for a quarter of a minute.
    await unlessStatus(404, api.objects.delete(lease));
    const adapter = startPeer(
      'keda-adapter',
      argumentsOf('keda', 'keda-metrics-apiserver', {
        'lister-kubeconfig': kubeconfig,
        'authentication-kubeconfig': kubeconfig,
        'authorization-kubeconfig': kubeconfig,
        'bind-address': '127.0.0.1',
        'secure-port': `${port}`,
        port: `${adapterMetrics}`,
        'client-ca-file': join(certificates, 'ca.crt'),
        'tls-cert-file': join(certificates, 'tls.crt'),
        'tls-private-key-file': join(certificates, 'tls.key'),
        'cert-dir': certificates,
        'metrics-service-address': `127.0.0.1:${service}`,
        'metrics-service-grpc-authority': 'keda-operator.keda.svc',
      }),
      env,
    );
    peers.push(adapter);
    await serveApi(api, { apiService, namespace, service: 'keda-metrics-apiserver', port: port ?? 0 });
    await untilReady(adapter, 'keda-adapter', () => apiAvailable(api, apiService));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    outputs: () =>
      Object.fromEntries(['operator', 'adapter'].map((name, index) => [name, peers[index]?.output() ?? ''])),
    stop,
  };
}

/** Whether the Secret of the certificates is full, and its keys are files. */
async function mountCertificates(api: LabApi, folder: string): Promise<boolean> {
  const secret = await unlessStatus(404, api.core.readNamespacedSecret({ namespace, name: 'kedaorg-certs' }));
  const data = secret?.data ?? {};
  if (!certificateFiles.every((name) => name in data)) return false;
  for (const [name, text] of Object.entries(data)) {
    const path = join(folder, name);
    await writeFile(`${path}.new`, Buffer.from(text, 'base64'), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  return true;
}
