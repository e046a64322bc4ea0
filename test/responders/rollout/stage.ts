import { createServer, type Server } from 'node:http';
import { ApiextensionsV1Api } from '@kubernetes/client-node';
import type { LabApi } from '../../../lab/cluster/api.ts';
import { waitFor } from '../../support/rig.ts';

/** Where the services of these tests stand. */
export const namespace = 'gomeet';

/** What the gateway counted, by Service name: requests, errors among them, and whether they were slow. */
export type Traffic = Record<string, { perSecond: number; errorRatio: number; slow?: true }>;

/** A node with room for all of them. */
export function plainNode(name: string) {
  const amounts = { cpu: '64', memory: '256Gi', pods: '500' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { allocatable: amounts, capacity: amounts },
  } as never;
}

/** A service of three pods. */
export function serviceObjects(name: string) {
  const labels = { app: name };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name, image: `registry/gomeet/${name}:v1` }] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ name: 'http', port: 8080 }] },
    },
  ] as never[];
}

/** A route of the gateway to it. */
export function ingressRoute(name: string) {
  const services = [{ name, kind: 'Service', port: 8080 }];
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name, namespace },
    spec: { routes: [{ kind: 'Rule', match: `Host(\`${name}\`)`, services }] },
  } as never;
}

/** The gateway's own kinds. Their schema is open here; that what is written fits the real one, `routes.test.ts` has their makers' validator say. */
export async function routes(api: LabApi): Promise<void> {
  const extensions = api.config.makeApiClient(ApiextensionsV1Api);
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
  };
  for (const [kind, plural] of [
    ['IngressRoute', 'ingressroutes'],
    ['TraefikService', 'traefikservices'],
  ] as const)
    await extensions.createCustomResourceDefinition({
      body: {
        metadata: { name: `${plural}.traefik.io` },
        spec: {
          group: 'traefik.io',
          scope: 'Namespaced',
          names: { plural, singular: kind.toLowerCase(), kind },
          versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
        },
      },
    });
}

/** A kind is served a moment after it was declared. */
export async function waitForRoute(create: () => Promise<unknown>): Promise<void> {
  await waitFor(async () => {
    try {
      await create();
      return true;
    } catch {
      return false;
    }
  }, 'the gateway’s kinds to be served');
}

/** Serves the gateway's counters, which grow with time as the traffic says. */
export async function startGateway(traffic: Traffic, sinceMs: number): Promise<Server> {
  const totals = new Map<string, { ok: number; errors: number; slow: boolean }>();
  let last = sinceMs;
  const server = createServer((_request, response) => {
    const now = Date.now();
    for (const [service, { perSecond, errorRatio, slow }] of Object.entries(traffic)) {
      const so = totals.get(service) ?? { ok: 0, errors: 0, slow: false };
      const more = (perSecond * (now - last)) / 1_000;
      totals.set(service, {
        ok: so.ok + more * (1 - errorRatio),
        errors: so.errors + more * errorRatio,
        slow: slow ?? false,
      });
    }
    last = now;
    const lines = [...totals].flatMap(([service, { ok, errors, slow }]) => {
      const label = `service="gomeet-${service}-8080@kubernetescrd"`;
      const all = ok + errors;
      const fast = slow ? 0 : all;
      return [
        `traefik_service_requests_total{${label},code="200"} ${ok}`,
        `traefik_service_requests_total{${label},code="500"} ${errors}`,
        `traefik_service_request_duration_seconds_bucket{${label},le="0.1"} ${fast}`,
        `traefik_service_request_duration_seconds_bucket{${label},le="1.2"} ${all}`,
        `traefik_service_request_duration_seconds_bucket{${label},le="+Inf"} ${all}`,
      ];
    });
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}
