import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { dirname, join } from 'node:path';
import { createAll, type LabApi } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

/** What the autoscaler reads: metrics-server's and KEDA's APIs, answered with what a test or the lab says. */
export interface MetricsApi {
  /** Cores that the pods of an app use together, each its share, so that more pods have less to do; undefined for none: the autoscaler then has no reading. */
  use(app: string, cores: number | undefined): void;
  /** Value of an external metric of a workload; undefined for none. */
  measure(workload: string, metric: string, value: number | undefined): void;
  close(): Promise<void>;
}

const served = [
  { group: 'metrics.k8s.io', resources: [{ name: 'pods', kind: 'PodMetrics' }] },
  { group: 'external.metrics.k8s.io', resources: [{ name: 'externalmetrics', kind: 'ExternalMetricValueList' }] },
] as const;

/** Starts the two APIs on loopback and registers them with the API server, as metrics-server and KEDA do. */
export async function serveMetricsApi(plane: ControlPlane, api: LabApi): Promise<MetricsApi> {
  const cores = new Map<string, number>();
  const values = new Map<string, number>();
  const certificates = dirname(plane.caFile);
  const [cert, key] = await Promise.all(
    ['apiserver.crt', 'apiserver.key'].map((file) => readFile(join(certificates, file))),
  );
  if (cert === undefined || key === undefined) throw new TypeError('the control plane has no certificate');
  const server = createServer({ cert, key }, (request, response) => {
    void answer(new URL(request.url ?? '/', 'https://lab'))
      .then((body) => {
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
      })
      .catch(() => response.writeHead(500).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  await register(api, address.port);

  async function answer(url: URL): Promise<unknown> {
    const [, , group, version, ...rest] = url.pathname.split('/');
    const api = served.find((one) => one.group === group);
    if (api === undefined) return undefined;
    if (rest.length === 0)
      return {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: `${group}/${version}`,
        resources: api.resources.map((resource) => ({
          ...resource,
          singularName: '',
          namespaced: true,
          verbs: ['get', 'list'],
        })),
      };
    const [, namespace = '', name = ''] = rest;
    const selector = url.searchParams.get('labelSelector') ?? '';
    return group === 'metrics.k8s.io' ? await podMetrics(namespace, selector) : externalValue(selector, name);
  }

  async function podMetrics(namespace: string, labelSelector: string): Promise<unknown> {
    const { items } = await api.core.listNamespacedPod({ namespace, labelSelector });
    const running = items.filter(({ status }) => status?.phase === 'Running');
    const appOf = (metadata: (typeof items)[number]['metadata']) => metadata?.labels?.['app'] ?? '';
    const timestamp = new Date().toISOString();
    return {
      kind: 'PodMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {},
      items: running.flatMap(({ metadata, spec }) => {
        const together = cores.get(appOf(metadata));
        if (together === undefined) return [];
        const used = together / running.filter((one) => appOf(one.metadata) === appOf(metadata)).length;
        return [
          {
            metadata: { name: metadata?.name, namespace, creationTimestamp: timestamp, labels: metadata?.labels },
            timestamp,
            window: '1s',
            containers: (spec?.containers ?? []).map(({ name }, index) => ({
              name,
              usage: { cpu: index === 0 ? `${Math.round(used * 1_000)}m` : '0', memory: '64Mi' },
            })),
          },
        ];
      }),
    };
  }

  function externalValue(selector: string, metricName: string): unknown {
    const workload = /scaledobject\.keda\.sh\/name=([a-z-]+)/.exec(selector)?.[1] ?? '';
    const value = values.get(`${workload}/${metricName}`);
    if (value === undefined) return undefined;
    return {
      kind: 'ExternalMetricValueList',
      apiVersion: 'external.metrics.k8s.io/v1beta1',
      metadata: {},
      items: [
        { metricName, metricLabels: {}, timestamp: new Date().toISOString(), value: `${Math.round(value * 1_000)}m` },
      ],
    };
  }

  return {
    use(app, used) {
      if (used === undefined) cores.delete(app);
      else cores.set(app, used);
    },
    measure(workload, metric, value) {
      if (value === undefined) values.delete(`${workload}/${metric}`);
      else values.set(`${workload}/${metric}`, value);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function register(api: LabApi, port: number): Promise<void> {
  const name = 'lab-metrics';
  const namespace = 'kube-system';
  await createAll(api, [
    // The API server asks for the address of a Service; a name needs neither endpoints nor a proxy.
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    } as object,
    ...served.map(({ group }): object => ({
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
    })),
  ]);
}
