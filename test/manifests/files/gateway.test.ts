import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { workloadNamed } from '../../../manifests/catalogue/index.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { balancerAnnotations, traefikArgs } from '../../../manifests/files/traefik-gateway.ts';
import { renderEnvironment } from '../../../manifests/render.ts';
import { hosts } from '../../../manifests/settings.ts';

const { settings } = environments.production;
const objects = renderEnvironment('production').flatMap((file) => file.objects);
const prefix = 'service.beta.kubernetes.io/do-loadbalancer-';

const Ingress = z.looseObject({
  tls: z.array(z.object({ hosts: z.array(z.string()), secretName: z.string() })),
  rules: z.array(
    z.object({
      host: z.string(),
      http: z.object({
        paths: z.array(
          z.looseObject({
            path: z.string(),
            backend: z.object({ service: z.object({ name: z.string(), port: z.object({ number: z.number() }) }) }),
          }),
        ),
      }),
    }),
  ),
});
const ingresses = objects.filter(({ kind }) => kind === 'Ingress').map(({ spec }) => Ingress.parse(spec));
const rules = ingresses.flatMap((ingress) => ingress.rules);

test("the load balancer's annotations have values that DigitalOcean takes", () => {
  const given = balancerAnnotations('gomeet-gateway');
  const value = (name: string) => given[`${prefix}${name}`] ?? '';
  assert.ok(['tcp', 'http', 'https', 'http2', 'http3'].includes(value('protocol')));
  assert.equal(value('algorithm'), 'least_connections');
  assert.equal(value('enable-proxy-protocol'), 'true');
  assert.ok(['none', 'cookies'].includes(value('sticky-sessions-type')), '"source" was never a value');
  assert.ok(value('sticky-sessions-type') === 'none' || value('protocol') !== 'tcp', 'cookies need HTTP');
  assert.equal(given[`${prefix}certificate-id`], undefined, 'an empty certificate refuses the whole Service');
  for (const [name, text] of Object.entries(given)) assert.ok(name.startsWith(prefix) && text !== '', name);
});

test('there is one load balancer: the survey found six', () => {
  const balancers = objects.filter(
    ({ kind, spec }) =>
      kind === 'Service' && z.looseObject({ type: z.string().optional() }).parse(spec).type === 'LoadBalancer',
  );
  assert.deepEqual(
    balancers.map(({ metadata }) => metadata.name),
    ['traefik'],
  );
});

test('its health path is one that the gateway answers, on a port that the Service has', () => {
  const given = balancerAnnotations('x');
  const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'traefik');
  const { ports } = z
    .looseObject({ ports: z.array(z.looseObject({ port: z.number(), targetPort: z.string() })) })
    .parse(service?.['spec']);
  const asked = ports.find(({ port }) => `${port}` === given[`${prefix}healthcheck-port`]);
  assert.equal(asked?.targetPort, 'ping');
  assert.equal(given[`${prefix}healthcheck-path`], workloadNamed('traefik')?.probe?.path);
  assert.ok(traefikArgs('10.0.0.0/16').includes('--ping.entrypoint=ping'));
});

test('every path goes to a service that there is, on a port that it has, and none shares a host and path', () => {
  const seen = new Set<string>();
  for (const { host, http } of rules)
    for (const { path, backend } of http.paths) {
      const { name, port } = backend.service;
      assert.ok(
        workloadNamed(name)?.ports.some((one) => one.port === port.number),
        `${host}${path} -> ${name}:${port.number}`,
      );
      assert.ok(!seen.has(`${host}${path}`), `${host}${path} twice`);
      seen.add(`${host}${path}`);
    }
  const to = (host: string, path: string) =>
    rules.find((rule) => rule.host === host)?.http.paths.find((one) => one.path === path)?.backend.service;
  const at = hosts(settings);
  assert.deepEqual(to(at.main, '/'), { name: 'frontend', port: { number: 5_173 } });
  assert.deepEqual(to(at.api, '/api/v1/ws'), { name: 'signaling-service', port: { number: 8_081 } });
  assert.deepEqual(
    to(at.api, '/api/v1/meetings'),
    { name: 'meeting-service', port: { number: 8_080 } },
    'the live set sent everything to auth',
  );
});

test('the six documented hosts are routed, with one certificate, which a wildcard by DNS-01 covers', () => {
  const text = JSON.stringify(objects);
  const { main, api, livekit, traefik, grafana, prometheus, turn } = hosts(settings);
  for (const host of [main, api, livekit, traefik, grafana, prometheus, turn])
    assert.ok(text.includes(`\`${host}\``) || text.includes(`"host":"${host}"`), host);
  const certificate = objects.find(({ kind }) => kind === 'Certificate');
  assert.deepEqual(z.looseObject({ dnsNames: z.array(z.string()) }).parse(certificate?.['spec']).dnsNames, [
    main,
    `*.${main}`,
  ]);
  assert.match(JSON.stringify(objects.find(({ kind }) => kind === 'Issuer')), /"dns01":\{"digitalocean"/);
  assert.deepEqual(
    new Set(ingresses.flatMap(({ tls }) => tls.map(({ secretName }) => secretName))),
    new Set(['gomeet-tls']),
  );
});

test('every middleware that a route names exists', () => {
  const there = new Set(objects.filter(({ kind }) => kind === 'Middleware').map(({ metadata }) => metadata.name));
  const text = JSON.stringify(objects);
  const annotated = [...text.matchAll(/gomeet-([a-z-]+)@kubernetescrd/g)].map(([, name]) => name ?? '');
  const routed = objects
    .filter(({ kind }) => kind === 'IngressRoute')
    .flatMap(({ spec }) =>
      [...JSON.stringify(spec).matchAll(/"middlewares":\[(.*?)\]/g)].flatMap(([, list]) =>
        [...(list ?? '').matchAll(/"name":"([a-z-]+)"/g)].map(([, name]) => name ?? ''),
      ),
    );
  assert.ok(annotated.length > 3 && routed.length > 3);
  for (const name of [...annotated, ...routed]) assert.ok(there.has(name), name);
});

test('the dashboards of Traefik and Prometheus ask for a name and a password; logs are JSON without tokens', () => {
  for (const name of ['traefik-dashboard', 'prometheus']) {
    const route = objects.find(({ kind, metadata }) => kind === 'IngressRoute' && metadata.name === name);
    assert.match(JSON.stringify(route), /dashboard-auth/, name);
  }
  const args = traefikArgs(settings.vpcRange);
  assert.ok(
    args.includes('--accesslog.format=json') && args.includes('--accesslog.fields.headers.names.Authorization=drop'),
  );
  assert.ok(!args.some((arg) => arg.includes('insecure')));
});

test("the client's address is believed from the load balancer's network alone, on each port that it sends to", () => {
  const args = traefikArgs('10.9.0.0/16');
  for (const entry of ['web', 'websecure', 'ping'])
    assert.ok(args.includes(`--entrypoints.${entry}.proxyprotocol.trustedips=10.9.0.0/16`), entry);
  assert.ok(!args.some((arg) => /proxyprotocol\.insecure|forwardedheaders\.insecure/.test(arg)));
});

test('the certificate is renewed a month before its end, by the issuer that there is', () => {
  const Certificate = z.looseObject({
    duration: z.string(),
    renewBefore: z.string(),
    issuerRef: z.object({ kind: z.string(), name: z.string() }),
  });
  const certificate = Certificate.parse(objects.find(({ kind }) => kind === 'Certificate')?.['spec']);
  const left = parseInt(certificate.renewBefore, 10);
  assert.ok(left >= 24 * 14 && left < parseInt(certificate.duration, 10));
  assert.ok(
    objects.some(
      ({ kind, metadata }) => kind === certificate.issuerRef.kind && metadata.name === certificate.issuerRef.name,
    ),
  );
});

test('every host hangs on one setting: in staging none of production is left', () => {
  const staging = JSON.stringify(renderEnvironment('staging'));
  const own = environments.staging.settings.domain;
  const foreign = [...staging.matchAll(/(?<![@\w.-])[\w.-]*gomeet\.(?:com|app)/g)]
    .map(([host]) => host)
    .filter((host) => host !== own && !host.endsWith(`.${own}`));
  assert.deepEqual([...new Set(foreign)], []);
});
