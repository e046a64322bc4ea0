import { z } from 'zod';
import type { KubeObject } from '../ports.ts';

/** Above any length of a rule, by which Traefik orders routes that say nothing. */
const priority = 100_000;

/** A route of the gateway that leads to a workload. */
export interface Route {
  readonly match: string;
  /** The port of the Service that it leads to: a WebSocket has another than the rest. */
  readonly port: number | string;
  readonly entryPoints: readonly string[];
  readonly middlewares: readonly { readonly name: string; readonly namespace?: string | undefined }[];
  readonly tlsSecret: string | undefined;
}

const portOf = z.union([z.number(), z.string()]);
const middleware = z.object({ name: z.string(), namespace: z.string().optional() });
const IngressRouteShape = z.object({
  spec: z.object({
    entryPoints: z.array(z.string()).default([]),
    routes: z.array(
      z.object({
        match: z.string(),
        middlewares: z.array(middleware).default([]),
        services: z
          .array(z.object({ name: z.string(), kind: z.string().default('Service'), port: portOf.optional() }))
          .default([]),
      }),
    ),
    tls: z.object({ secretName: z.string().optional() }).optional(),
  }),
});

/** The routes of an IngressRoute that lead to the workload's Service. */
export function routesOfIngressRoute(object: KubeObject, workload: string): readonly Route[] {
  const { spec } = IngressRouteShape.parse(object);
  return spec.routes.flatMap(({ match, middlewares, services }) =>
    services
      .filter(({ name, kind }) => name === workload && kind === 'Service')
      .map(({ port = 80 }) => ({
        match,
        port,
        middlewares,
        entryPoints: spec.entryPoints,
        tlsSecret: spec.tls?.secretName,
      })),
  );
}

const IngressShape = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({
    rules: z
      .array(
        z.object({
          host: z.string().optional(),
          http: z
            .object({
              paths: z.array(
                z.object({
                  path: z.string().default('/'),
                  pathType: z.string().default('Prefix'),
                  backend: z.object({
                    service: z
                      .object({
                        name: z.string(),
                        port: z.object({ number: z.number().optional(), name: z.string().optional() }).optional(),
                      })
                      .optional(),
                  }),
                }),
              ),
            })
            .optional(),
        }),
      )
      .default([]),
    tls: z.array(z.object({ secretName: z.string().optional() })).default([]),
  }),
});

/** The paths of an Ingress that lead to the workload's Service, in the gateway's own words. */
export function routesOfIngress(object: KubeObject, workload: string): readonly Route[] {
  const { metadata, spec } = IngressShape.parse(object);
  const router = (name: string) =>
    (metadata.annotations[`traefik.ingress.kubernetes.io/router.${name}`] ?? '').split(',').filter(Boolean);
  return spec.rules.flatMap(({ host, http }) =>
    (http?.paths ?? [])
      .filter(({ backend }) => backend.service?.name === workload)
      .map(({ path, pathType, backend }) => ({
        port: backend.service?.port?.number ?? backend.service?.port?.name ?? 80,
        match: [
          ...(host === undefined ? [] : [`Host(\`${host}\`)`]),
          pathType === 'Exact' ? `Path(\`${path}\`)` : `PathPrefix(\`${path}\`)`,
        ].join(' && '),
        entryPoints: router('entrypoints'),
        middlewares: router('middlewares').map(middlewareOf),
        tlsSecret: spec.tls[0]?.secretName,
      })),
  );
}

/** `gomeet-rate-limit@kubernetescrd` is the middleware rate-limit of namespace gomeet; a namespace with a dash cannot be told from the name, so the first dash counts. */
function middlewareOf(text: string): { name: string; namespace: string } {
  const [full = ''] = text.split('@');
  const at = full.indexOf('-');
  return { namespace: full.slice(0, at), name: full.slice(at + 1) };
}

export function overlayName(workload: string): string {
  return `${workload}-canary`;
}

export function weightedName(workload: string, port: number | string): string {
  return `${workload}-weighted-${port}`;
}

/** The route that goes before the others while a canary is watched. */
export function overlay(workload: string, routes: readonly Route[]) {
  const [first] = routes;
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name: overlayName(workload) },
    spec: {
      ...(first === undefined || first.entryPoints.length === 0 ? {} : { entryPoints: [...first.entryPoints] }),
      routes: routes.map(({ match, port, middlewares }) => ({
        kind: 'Rule' as const,
        match,
        priority,
        middlewares: middlewares.map(({ name, namespace }) => ({
          name,
          ...(namespace === undefined ? {} : { namespace }),
        })),
        services: [{ kind: 'TraefikService' as const, name: weightedName(workload, port) }],
      })),
      ...(first?.tlsSecret === undefined ? {} : { tls: { secretName: first.tlsSecret } }),
    },
  };
}

/** The two sides of one port and their weights. */
export function weighted(workload: string, port: number | string, percent: number) {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: { name: weightedName(workload, port) },
    spec: {
      weighted: {
        services: [
          { name: `${workload}-stable`, port, weight: 100 - percent },
          { name: `${workload}-canary`, port, weight: percent },
        ],
      },
    },
  };
}
