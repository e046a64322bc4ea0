import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import type { Gateway } from '../../../lab/cluster/gateway.ts';
import { ask, gatewayHosts, startProductionGateway } from '../../support/gateway-stage.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { eventually } from './eventually.ts';

const { api: host } = gatewayHosts;

describe('production’s gateway: a real Traefik with the arguments, the Role and the routes that are applied', {
  skip: skipWithout('etcd', 'kube-apiserver', 'traefik'),
}, () => {
  let plane: ControlPlane;
  let gateway: Gateway;
  before(async () => {
    plane = await startControlPlane();
    gateway = await startProductionGateway(plane, {
      pods: { 'auth-service': ['10.101.0.1'], 'signaling-service': ['10.101.0.2'] },
      answer: ({ pod, path }, response) => void response.end(`${pod} ${path}`),
    });
    await eventually('the routes', async () => {
      // Until it has read them it shows a certificate of its own, then none.
      const answer = await ask(gateway, host, '/api/v1/auth/').catch(() => undefined);
      return answer?.status === 200 ? answer : undefined;
    }).catch((error: unknown) => assert.fail(`${String(error)}: ${gateway.output()}`));
  });
  after(async () => {
    await gateway?.stop();
    await plane?.stop();
  });

  it('leads each path of the API to its service, behind the middlewares, and says no to a host that it has no certificate for', async () => {
    const auth = await ask(gateway, host, '/api/v1/auth/login?token=secret');
    assert.equal(auth.body, '10.101.0.1:8080 /api/v1/auth/login?token=secret');
    assert.equal(auth.headers['x-frame-options'], 'DENY');
    const answer = await ask(gateway, host, '/api/v1/webrtc/offer');
    assert.equal(answer.body, '10.101.0.2:8080 /api/v1/webrtc/offer');
    assert.equal((await ask(gateway, host, '/elsewhere')).status, 404);
    await assert.rejects(ask(gateway, 'gomeet.example', '/'));
  });

  it('answers at /ping for the load balancer, at /metrics for Prometheus, and sends who comes by plain HTTP to HTTPS', async () => {
    const at = async (entryPoint: string, path: string) =>
      await fetch(`http://127.0.0.1:${gateway.port(entryPoint)}${path}`, { redirect: 'manual' });
    assert.equal((await at('ping', '/ping')).status, 200);
    assert.match(await (await at('metrics', '/metrics')).text(), /^traefik_entrypoint_requests_total\{/m);
    assert.equal((await at('web', '/')).status, 301);
  });

  it('logs every request as JSON, and never a token: neither a header nor the query of a path', async () => {
    await ask(gateway, host, '/api/v1/auth/me?access_token=hush-hush', {
      headers: { authorization: 'Bearer hush-hush', cookie: 'hush-hush' },
    });
    const logged = await eventually('it is logged', async () =>
      gateway.accessLog().find(({ ServiceName }) => ServiceName === 'gomeet-auth-service-8080@kubernetes'),
    );
    assert.equal(logged['DownstreamStatus'], 200);
    assert.equal(logged['RouterName'], 'gomeet-gomeet-api-ingress-api-gomeet-com-api-v1-auth@kubernetes');
    assert.ok(!gateway.output().includes('hush-hush'));
  });
});
