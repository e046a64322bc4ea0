import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { V1Deployment } from '@kubernetes/client-node';
import { connectApi } from '../../../lab/cluster/api.ts';
import { openApplier } from '../../../lab/cluster/apply.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import type { Gateway } from '../../../lab/cluster/gateway.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { split, unsplit } from '../../../responders/rollout/traffic.ts';
import {
  ask,
  endpointsOf,
  gatewayHosts,
  platformService,
  startProductionGateway,
} from '../../support/gateway-stage.ts';
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

  it('gives a canary its share by the weights that a rollout writes, on each port of the service, and takes it back', async () => {
    const api = connectApi(plane.kubeconfig);
    const applier = await openApplier(plane);
    const objects = createKubernetesObjects({ kubeconfig: plane.kubeconfig, namespace: 'gomeet' });
    const workload = 'signaling-service';
    const labels = { app: workload };
    const containers = [{ name: workload, image: 'registry/gomeet/signaling-service:v1' }];
    const selector = { matchLabels: labels };
    const deployment: V1Deployment = await api.apps.createNamespacedDeployment({
      namespace: 'gomeet',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: workload, namespace: 'gomeet' },
        spec: { selector, template: { metadata: { labels }, spec: { containers } } },
      },
    });
    // What the controllers of Deployments and of endpoints would make: a ReplicaSet, and where the pods of each side are.
    const hashed = { ...labels, 'pod-template-hash': 'abc' };
    await api.objects.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${workload}-abc`,
        namespace: 'gomeet',
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: workload, uid: deployment.metadata?.uid ?? '' },
        ],
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: hashed },
        template: { metadata: { labels: hashed }, spec: { containers } },
      },
    } as never);
    const context = { ports: { objects }, run: { id: 'run-1' } } as never;
    const shares = async (path: string, of: number) => {
      const answers = await Promise.all(Array.from({ length: of }, () => ask(gateway, host, path)));
      const bodies = answers.map(({ body }) => body.split(' ')[0] ?? '');
      return Object.fromEntries(
        [...new Set(bodies)].sort().map((pod) => [pod, bodies.filter((one) => one === pod).length]),
      );
    };

    const answer = await split.run({ workload, percent: 10 }, context);
    assert.ok('done' in answer, JSON.stringify(answer));
    const service = platformService(workload);
    for (const [side, address] of [
      ['stable', '10.101.1.1'],
      ['canary', '10.101.1.2'],
    ] as const) {
      const metadata = { ...service.metadata, name: `${workload}-${side}` };
      await applier.apply(endpointsOf({ ...service, metadata }, [address]));
    }
    await eventually('the canary is asked', async () =>
      '10.101.1.2:8080' in (await shares('/api/v1/webrtc/', 20)) ? true : undefined,
    );
    const among = async (path: string, port: number) => {
      const { [`10.101.1.1:${port}`]: stable = 0, [`10.101.1.2:${port}`]: canary = 0 } = await shares(path, 200);
      assert.equal(stable + canary, 200, 'nobody is led elsewhere');
      // The sides take turns by their weights, without chance; the turn that it begins with is not ours to choose.
      assert.ok(Math.abs(canary - 20) <= 1, `the canary got ${canary} of 200`);
    };
    await among('/api/v1/webrtc/', 8080);
    await among('/api/v1/ws', 8081);
    assert.deepEqual(await shares('/api/v1/auth/', 10), { '10.101.0.1:8080': 10 });

    // By these a rollout is watched.
    const metrics = await (await fetch(`http://127.0.0.1:${gateway.port('metrics')}/metrics`)).text();
    for (const side of ['stable', 'canary'])
      assert.match(
        metrics,
        new RegExp(`^traefik_service_requests_total\\{.*service="gomeet-${workload}-${side}-8080@`, 'm'),
      );

    await unsplit.run({ workload }, context);
    await eventually('the routes lead where they led', async () =>
      Object.keys(await shares('/api/v1/webrtc/', 20)).join() === '10.101.0.2:8080' ? true : undefined,
    );
    const left = await api.objects.list('traefik.io/v1alpha1', 'TraefikService', 'gomeet');
    assert.deepEqual(left.items, []);
  });
});
