import { Certificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate';
import { Issuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer';
import { IngressRoute } from '@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRoute';
import { IngressRouteTCP } from '@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRouteTCP';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { type WorkloadName, workloadNamed } from '../catalogue/index.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';
import { hosts } from '../settings.ts';

/** The secret that cert-manager keeps the certificate of all hosts in. */
export const tlsSecret = 'gomeet-tls';

interface Path {
  readonly path: string;
  readonly service: WorkloadName;
  readonly port: string;
}

/** Paths of the API (platform survey, section 4), each to the service that answers it: the live set sent them all to auth. */
export const apiPaths: readonly Path[] = [
  { path: '/api/v1/auth', service: 'auth-service', port: 'http' },
  { path: '/api/v1/meetings', service: 'meeting-service', port: 'http' },
  { path: '/api/v1/chat', service: 'chat-service', port: 'http' },
  { path: '/api/v1/turn', service: 'turn-service', port: 'http' },
  { path: '/api/v1/webrtc', service: 'signaling-service', port: 'http' },
  { path: '/api/v1/ws', service: 'signaling-service', port: 'websocket' },
];

/** Certificates, and which host and path goes to which service. */
export function ingressFile({ environment }: Context): readonly KubernetesObject[] {
  const { settings } = environment;
  const at = hosts(settings);
  const everywhere = [at.main, `*.${at.main}`];
  return [
    issuer(settings.acmeEmail),
    checked(
      new Certificate({
        metadata: metadata(tlsSecret, 'platform'),
        spec: {
          secretName: tlsSecret,
          dnsNames: everywhere,
          issuerRef: { kind: 'Issuer', name: 'letsencrypt' },
          duration: '2160h',
          renewBefore: '720h',
          privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        },
      }),
    ),
    ingress('gomeet-ingress', ['security-headers'], everywhere, [
      ...[at.main, at.www, at.app].map((host) => ({
        host,
        paths: [{ path: '/', service: 'frontend' as const, port: 'http' }],
      })),
    ]),
    ingress('gomeet-api-ingress', ['rate-limit-api', 'breaker-api', 'security-headers'], everywhere, [
      { host: at.api, paths: apiPaths },
    ]),
    ingress('gomeet-livekit-ingress', ['rate-limit-livekit'], everywhere, [
      { host: at.livekit, paths: [{ path: '/', service: 'livekit-sfu', port: 'http' }] },
    ]),
    route('traefik-dashboard', at.traefik, { kind: 'TraefikService', name: 'api@internal' }, true),
    route('prometheus', at.prometheus, { kind: 'Service', name: 'prometheus', port: 9_090 }, true),
    // These two have people of their own.
    route('grafana', at.grafana, { kind: 'Service', name: 'grafana', port: 3_000 }, false),
    route('console', at.console, { kind: 'Service', name: 'responder', port: 9_481 }, false),
    checked(
      new IngressRouteTCP({
        metadata: metadata('turn', 'media'),
        spec: {
          entryPoints: ['websecure'],
          routes: [{ match: `HostSNI(\`${at.turn}\`)`, services: [{ name: 'livekit-sfu', port: 5_349 }] }],
          tls: { secretName: tlsSecret },
        },
      }),
    ),
  ];
}

/** Wildcards need DNS-01, and DigitalOcean holds the zone. */
function issuer(email: string): KubernetesObject {
  return checked(
    new Issuer({
      metadata: metadata('letsencrypt', 'platform'),
      spec: {
        acme: {
          email,
          server: 'https://acme-v02.api.letsencrypt.org/directory',
          privateKeySecretRef: { name: 'letsencrypt-account' },
          solvers: [
            { dns01: { digitalocean: { tokenSecretRef: { name: 'digitalocean-credentials', key: 'DO_DNS_TOKEN' } } } },
          ],
        },
      },
    }),
  );
}

function ingress(
  name: string,
  middlewares: readonly string[],
  tlsHosts: readonly string[],
  rules: readonly { readonly host: string; readonly paths: readonly Path[] }[],
): KubernetesObject {
  return checked(
    new Ingress({
      metadata: {
        ...metadata(name, 'platform'),
        annotations: {
          'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
          // Traefik wants the namespace before the name.
          'traefik.ingress.kubernetes.io/router.middlewares': middlewares
            .map((middleware) => `gomeet-${middleware}@kubernetescrd`)
            .join(','),
        },
      },
      spec: {
        ingressClassName: 'traefik',
        tls: [{ hosts: [...tlsHosts], secretName: tlsSecret }],
        rules: rules.map(({ host, paths }) => ({
          host,
          http: {
            paths: paths.map(({ path, service, port }) => ({
              path,
              pathType: 'Prefix' as const,
              backend: { service: { name: service, port: { number: portOf(service, port) } } },
            })),
          },
        })),
      },
    }),
  );
}

function portOf(service: WorkloadName, name: string): number {
  const port = workloadNamed(service)?.ports.find((one) => one.name === name)?.port;
  if (port === undefined) throw new TypeError(`${service} has no port ${name}`);
  return port;
}

function route(
  name: string,
  host: string,
  service: { readonly kind: 'Service' | 'TraefikService'; readonly name: string; readonly port?: number },
  behindAuth: boolean,
): KubernetesObject {
  return checked(
    new IngressRoute({
      metadata: metadata(name, 'platform'),
      spec: {
        entryPoints: ['websecure'],
        routes: [
          {
            kind: 'Rule',
            match: `Host(\`${host}\`)`,
            middlewares: [...(behindAuth ? ['dashboard-auth'] : []), 'security-headers'].map((middleware) => ({
              name: middleware,
            })),
            services: [service],
          },
        ],
        tls: { secretName: tlsSecret },
      },
    }),
  );
}
