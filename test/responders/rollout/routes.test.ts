import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IngressRoute } from '@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRoute';
import { TraefikService } from '@kubernetes-models/traefik/traefik.io/v1alpha1/TraefikService';
import { renderEnvironment } from '../../../manifests/render.ts';
import type { KubeObject } from '../../../responders/ports.ts';
import { overlay, routesOfIngress, weighted } from '../../../responders/rollout/routes.ts';

test('what is written for a canary fits the gateway’s own definitions, for every service that the rendered gateway leads to', () => {
  let seen = 0;
  for (const name of ['production', 'staging', 'starter'] as const) {
    const ingresses = renderEnvironment(name)
      .flatMap(({ objects }) => objects)
      .filter(({ kind }) => kind === 'Ingress');
    for (const service of ['auth-service', 'meeting-service', 'signaling-service', 'chat-service']) {
      const routes = ingresses.flatMap((object) =>
        routesOfIngress(JSON.parse(JSON.stringify(object)) as KubeObject, service),
      );
      if (routes.length === 0) continue;
      seen += 1;
      new IngressRoute(overlay(service, routes)).validate();
      for (const { port } of routes) new TraefikService(weighted(service, port, 10)).validate();
      for (const { match } of routes) assert.match(match, /^Host\(`.+`\) && PathPrefix\(`\/.*`\)$/);
    }
  }
  assert.ok(seen > 0);
});

test('a route keeps the port that it leads to: the WebSockets of signalling have one of their own', () => {
  const routes = renderEnvironment('production')
    .flatMap(({ objects }) => objects)
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap((object) => routesOfIngress(JSON.parse(JSON.stringify(object)) as KubeObject, 'signaling-service'));
  assert.deepEqual(
    overlay('signaling-service', routes).spec.routes.map(({ match, services }) => [
      match.replace(/^.*PathPrefix/, ''),
      services[0]?.name,
    ]),
    [
      ['(`/api/v1/webrtc`)', 'signaling-service-weighted-8080'],
      ['(`/api/v1/ws`)', 'signaling-service-weighted-8081'],
    ],
  );
});

test('a broken share is refused by those definitions, so this test can fail', () => {
  const broken = JSON.parse(JSON.stringify(weighted('auth-service', 8080, 10)).replace('"weight":90', '"weight":"90"'));
  assert.throws(() => new TraefikService(broken).validate());
});
