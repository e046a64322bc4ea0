import { Middleware } from '@kubernetes-models/traefik/traefik.io/v1alpha1/Middleware';
import type { IMiddlewareSpec } from '@kubernetes-models/traefik/traefik.io/v1alpha1/MiddlewareSpec';
import { TLSOption } from '@kubernetes-models/traefik/traefik.io/v1alpha1/TLSOption';
import { IngressClass } from 'kubernetes-models/networking.k8s.io/v1/IngressClass';
import { Service } from 'kubernetes-models/v1/Service';
import { platformNamespace } from '../catalogue/define.ts';
import { type Context, labels, metadata, workloadOf } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';
import { runs } from '../objects/workload.ts';

const balancer = 'service.beta.kubernetes.io/do-loadbalancer-';

/** What DigitalOcean's load balancer is told. It passes TCP, so cookies are Traefik's: on TCP it refuses them. */
export function balancerAnnotations(name: string): Record<string, string> {
  return {
    [`${balancer}name`]: name,
    [`${balancer}type`]: 'REGIONAL',
    [`${balancer}protocol`]: 'tcp',
    [`${balancer}algorithm`]: 'least_connections',
    [`${balancer}enable-proxy-protocol`]: 'true',
    [`${balancer}sticky-sessions-type`]: 'none',
    // The README's /health answers nowhere on the gateway; /ping does.
    [`${balancer}healthcheck-protocol`]: 'http',
    [`${balancer}healthcheck-path`]: '/ping',
    [`${balancer}healthcheck-port`]: '8090',
    [`${balancer}healthcheck-check-interval-seconds`]: '10',
    [`${balancer}healthcheck-response-timeout-seconds`]: '5',
    [`${balancer}healthcheck-unhealthy-threshold`]: '3',
    [`${balancer}healthcheck-healthy-threshold`]: '2',
    [`${balancer}size-unit`]: '3',
    [`${balancer}http-idle-timeout-seconds`]: '3600',
  };
}

/** The gateway: Traefik, its one load balancer, what it does to requests, and which TLS it speaks. */
export function traefikFile(context: Context): readonly KubernetesObject[] {
  const workload = workloadOf(context, 'traefik');
  const { settings } = context.environment;
  const [account, deployment] = runs(context, workload, { args: traefikArgs(settings.vpcRange) });
  if (account === undefined || deployment === undefined) throw new TypeError('traefik has no Deployment');
  return [
    checked(
      new IngressClass({
        metadata: { name: 'traefik', labels: labels('platform') },
        spec: { controller: 'traefik.io/ingress-controller' },
      }),
    ),
    account,
    deployment,
    checked(
      new Service({
        metadata: {
          ...metadata('traefik', workload.owner, workload.name),
          annotations: balancerAnnotations(settings.loadBalancerName),
        },
        spec: {
          type: 'LoadBalancer',
          // The client's address comes by proxy protocol, so any node may take the connection.
          externalTrafficPolicy: 'Cluster',
          selector: { app: workload.name },
          ports: [
            { name: 'web', port: 80, targetPort: 'web', protocol: 'TCP' },
            { name: 'websecure', port: 443, targetPort: 'websecure', protocol: 'TCP' },
            { name: 'ping', port: 8_090, targetPort: 'ping', protocol: 'TCP' },
          ],
        },
      }),
    ),
    checked(
      new Service({
        metadata: metadata('traefik-metrics', workload.owner, workload.name),
        spec: {
          selector: { app: workload.name },
          ports: [{ name: 'metrics', port: 8_082, targetPort: 'metrics', protocol: 'TCP' }],
        },
      }),
    ),
    ...middlewares(),
    checked(
      new TLSOption({
        metadata: metadata('default', 'platform'),
        spec: { minVersion: 'VersionTLS12', sniStrict: true, cipherSuites: modernCiphers },
      }),
    ),
  ];
}

const modernCiphers = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

/** Traefik 3's own arguments. Proxy protocol is believed from the load balancer's network alone. */
export function traefikArgs(vpcRange: string): readonly string[] {
  return [
    '--entrypoints.web.address=:8000',
    `--entrypoints.web.proxyprotocol.trustedips=${vpcRange}`,
    '--entrypoints.web.http.redirections.entrypoint.to=:443',
    '--entrypoints.web.http.redirections.entrypoint.scheme=https',
    '--entrypoints.websecure.address=:8443',
    `--entrypoints.websecure.proxyprotocol.trustedips=${vpcRange}`,
    '--entrypoints.websecure.http.tls=true',
    // Meetings hold their WebSockets for hours.
    '--entrypoints.websecure.transport.respondingtimeouts.idletimeout=3600s',
    '--entrypoints.websecure.transport.lifecycle.requestacceptgracetimeout=10s',
    '--entrypoints.websecure.transport.lifecycle.gracetimeout=45s',
    '--entrypoints.ping.address=:8090',
    `--entrypoints.ping.proxyprotocol.trustedips=${vpcRange}`,
    '--ping=true',
    '--ping.entrypoint=ping',
    '--entrypoints.metrics.address=:8082',
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=metrics',
    '--metrics.prometheus.addrouterslabels=true',
    '--api.dashboard=true',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.namespaces=${platformNamespace}`,
    '--providers.kubernetesingress.ingressclass=traefik',
    '--providers.kubernetesingress.ingressendpoint.publishedservice=gomeet/traefik',
    '--providers.kubernetescrd=true',
    `--providers.kubernetescrd.namespaces=${platformNamespace}`,
    '--accesslog=true',
    '--accesslog.format=json',
    // Tokens travel in these.
    '--accesslog.fields.headers.names.Authorization=drop',
    '--accesslog.fields.headers.names.Cookie=drop',
    // In the query of a path as well, and this Traefik cannot cut it off: the log names the route in the path's place.
    '--accesslog.fields.names.RequestPath=drop',
    '--log.format=json',
    '--log.level=INFO',
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
  ];
}

function middlewares(): readonly KubernetesObject[] {
  const middleware = (name: string, spec: IMiddlewareSpec) =>
    checked(new Middleware({ metadata: metadata(name, 'platform'), spec }));
  return [
    middleware('rate-limit-api', { rateLimit: { average: 1_000, period: '1m', burst: 2_000 } }),
    middleware('rate-limit-livekit', { rateLimit: { average: 2_000, period: '1m', burst: 4_000 } }),
    middleware('breaker-api', { circuitBreaker: { expression: 'NetworkErrorRatio() > 0.20' } }),
    middleware('retry', { retry: { attempts: 3, initialInterval: '100ms' } }),
    middleware('security-headers', {
      headers: {
        stsSeconds: 31_536_000,
        stsIncludeSubdomains: true,
        contentTypeNosniff: true,
        frameDeny: true,
        referrerPolicy: 'strict-origin-when-cross-origin',
      },
    }),
    middleware('dashboard-auth', { basicAuth: { secret: 'dashboard-auth', removeHeader: true } }),
  ];
}
