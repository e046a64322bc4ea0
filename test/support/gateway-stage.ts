import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { platformFiles } from '../../cli/deploy/platform.ts';
import type { WrittenObject } from '../../lab/cluster/apply.ts';
import type { ControlPlane } from '../../lab/cluster/control-plane.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../lab/cluster/gateway.ts';
import { environments } from '../../manifests/environments/index.ts';
import { tlsSecret } from '../../manifests/files/ingress.ts';
import { traefikArgs } from '../../manifests/files/traefik-gateway.ts';
import { hosts } from '../../manifests/settings.ts';

const { settings } = environments.production;
/** Hosts of production. */
export const gatewayHosts = hosts(settings);

/** Names of Services of production, and the addresses of the pods behind each. */
export type Pods = Readonly<Record<string, readonly string[]>>;

const ServicePorts = z.object({
  spec: z.object({ ports: z.array(z.object({ name: z.string(), targetPort: z.union([z.number(), z.string()]) })) }),
});

/** Production's gateway as it is applied: its Traefik by its arguments and its Role, its middlewares and routes, and Services with pods of ours. */
export async function startProductionGateway(
  plane: ControlPlane,
  { pods, answer }: Pick<GatewayOptions, 'answer'> & { readonly pods: Pods },
): Promise<Gateway> {
  const files = platformFiles('production');
  const of = (path: string, kinds: RegExp) =>
    (files.find((file) => file.path === path)?.objects ?? []).filter(({ kind }) => kinds.test(kind));
  const services = files.flatMap(({ objects }) =>
    objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.name in pods),
  );
  return await startGateway({
    plane,
    namespace: 'gomeet',
    objects: [
      ...of('traefik-crds.yaml', /./),
      ...of('rbac.yaml', /Role/).filter(({ metadata }) => metadata.name.includes('traefik')),
      ...of('traefik-gateway.yaml', /^(IngressClass|Service|Middleware|TLSOption)$/),
      ...of('ingress.yaml', /^Ingress/),
      ...services,
      ...services.map((service) => endpointsOf(service, pods[service.metadata.name] ?? [])),
    ],
    args: traefikArgs(settings.vpcRange),
    tls: { secret: tlsSecret, hosts: [gatewayHosts.main, `*.${gatewayHosts.main}`] },
    answer,
  });
}

/** A Service of production. */
export function platformService(name: string): WrittenObject {
  const found = platformFiles('production')
    .flatMap(({ objects }) => objects)
    .find(({ kind, metadata }) => kind === 'Service' && metadata.name === name);
  if (found === undefined) throw new Error(`production has no Service ${name}`);
  return found;
}

/** What the endpoint slice controller would write for pods that are ready at these addresses. */
export function endpointsOf(service: WrittenObject, addresses: readonly string[]): WrittenObject {
  const { name, namespace } = service.metadata;
  const ports = ServicePorts.parse(service).spec.ports.map((port) => ({
    name: port.name,
    port: Number(port.targetPort),
    protocol: 'TCP',
  }));
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-here`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports,
  };
  return slice;
}

/** Asks the gateway as a browser does: by TLS and the name of a host. */
export async function ask(
  gateway: Gateway,
  host: string,
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<{
  status: number;
  body: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}> {
  const asking = request({
    host: '127.0.0.1',
    port: gateway.port('websecure'),
    servername: host,
    ca: gateway.certificate,
    agent: false,
    path,
    method: options.method ?? 'GET',
    headers: { host, ...options.headers },
  }).end();
  const [response] = await once(asking, 'response');
  return { status: response.statusCode, body: await text(response), headers: response.headers };
}
