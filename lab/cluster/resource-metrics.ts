import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { dirname, join } from 'node:path';
import { createAll, type LabApi } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

const group = 'metrics.k8s.io';

/** Answers in metrics-server's place where its ten seconds between two looks are too long: in a time that runs faster. `coresOf` says what a pod uses; undefined for no reading. */
export async function serveResourceMetrics(
  plane: ControlPlane,
  api: LabApi,
  coresOf: (pod: { readonly namespace: string; readonly name: string }) => number | undefined,
): Promise<{ close(): Promise<void> }> {
  const certificates = dirname(plane.caFile);
  const [cert, key] = await Promise.all(
    ['apiserver.crt', 'apiserver.key'].map((file) => readFile(join(certificates, file))),
  );
  if (cert === undefined || key === undefined) throw new TypeError('the control plane has no certificate');
  const server = createServer({ cert, key }, (request, response) => {
    answer(new URL(request.url ?? '/', 'https://lab')).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  await register(api, address.port);

  async function answer(url: URL): Promise<unknown> {
    const [, , , version, , namespace] = url.pathname.split('/');
    if (namespace !== undefined) return await podMetrics(namespace, url.searchParams.get('labelSelector') ?? '');
    const resource = { name: 'pods', kind: 'PodMetrics', singularName: '', namespaced: true, verbs: ['get', 'list'] };
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources: [resource] };
  }

  async function podMetrics(namespace: string, labelSelector: string): Promise<unknown> {
    const { items } = await api.core.listNamespacedPod({ namespace, labelSelector });
    const timestamp = new Date().toISOString();
    return {
      kind: 'PodMetricsList',
      apiVersion: `${group}/v1beta1`,
      metadata: {},
      items: items.flatMap(({ metadata, spec }) => {
        const name = metadata?.name ?? '';
        const cores = coresOf({ namespace, name });
        if (cores === undefined) return [];
        const usage = { cpu: `${Math.round(cores * 1_000)}m`, memory: '64Mi' };
        return [
          {
            metadata: { name, namespace, creationTimestamp: timestamp, labels: metadata?.labels },
            timestamp,
            window: '1s',
            containers: [{ name: spec?.containers[0]?.name, usage }],
          },
        ];
      }),
    };
  }

  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function register(api: LabApi, port: number): Promise<void> {
  const [name, namespace] = ['lab-metrics', 'kube-system'];
  await createAll(api, [
    // The API server asks for the address of a Service; a name needs neither endpoints nor a proxy.
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    } as object,
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1beta1.${group}` },
      spec: {
        group,
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name, namespace, port },
      },
    } as object,
  ]);
}
