import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { type MemoryObjects, memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { workloadNamed } from '../../../manifests/catalogue/index.ts';
import { collect } from '../../../responders/health/collect.ts';
import { exitCodes, worst, worthTelling } from '../../../responders/health/define.ts';
import { measures } from '../../../responders/health/measured.ts';
import { HealthReport, healthReport, healthSentence, type Scope } from '../../../responders/health/report.ts';
import type { KubeObject, Metrics, Sample } from '../../../responders/ports.ts';

const nowMs = Date.UTC(2026, 10, 24, 9);
const auth = workloadNamed('auth-service');
assert.ok(auth !== undefined);
const expected = [auth];

function object(kind: string, name: string, rest: object = {}, apiVersion = 'v1'): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...rest };
}

/** A platform on which everything is in order; a test changes one thing. */
function sound(): MemoryObjects {
  return memoryObjects([
    object(
      'Deployment',
      'auth-service',
      { spec: { replicas: 2 }, status: { readyReplicas: 2, updatedReplicas: 2, observedGeneration: 1 } },
      'apps/v1',
    ),
    object('Pod', 'auth-service-1', {
      spec: {
        nodeName: 'n1',
        containers: [{ name: 'auth-service', image: 'registry/gomeet/auth-service:v1' }],
        securityContext: { runAsNonRoot: true },
      },
      status: { phase: 'Running', containerStatuses: [{ name: 'auth-service', restartCount: 9 }] },
    }),
    object('Node', 'n1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    object('Service', 'traefik', {
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.5' }] } },
    }),
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'traefik-x', labels: { 'kubernetes.io/service-name': 'traefik' } },
      endpoints: [{ conditions: { ready: true } }],
    },
    object(
      'Certificate',
      'gomeet-tls',
      {
        status: {
          notAfter: new Date(nowMs + 60 * 86_400_000).toISOString(),
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      },
      'cert-manager.io/v1',
    ),
    object('NetworkPolicy', 'default-deny', { spec: { podSelector: {} } }, 'networking.k8s.io/v1'),
  ]);
}

/** Good figures for every measure, with those given by name in their place. */
function figures(changed: Readonly<Record<string, readonly Sample[] | Error>> = {}): Metrics {
  return {
    async query(expr) {
      const measure = measures.find(({ query }) => query === expr);
      assert.ok(measure !== undefined, expr);
      const given = changed[measure.name];
      if (given instanceof Error) throw given;
      if (given !== undefined) return given;
      const good = measure.below ? Math.max(measure.degraded, measure.failing) : 0;
      return [{ labels: measure.by === undefined ? {} : { [measure.by]: 'one' }, value: good }];
    },
    queryRange: async () => [],
  };
}

async function health(objects = sound(), metrics = figures(), scope: Scope = 'check') {
  return healthReport(await collect({ objects, metrics }, { namespace: 'gomeet', nowMs }), expected, scope);
}

async function notHealthy(objects: MemoryObjects, metrics = figures()) {
  const { checks } = await health(objects, metrics);
  return checks.filter(({ status }) => status !== 'healthy').map(({ subject, status, saw }) => [subject, status, saw]);
}

describe('the health of the platform', () => {
  it('is healthy when everything is, whatever a container restarted in its life', async () => {
    const report = await health();

    assert.equal(report.overall, 'healthy', JSON.stringify(report.checks, undefined, 1));
    assert.equal(HealthReport.parse(JSON.parse(JSON.stringify(report))).overall, 'healthy');
    assert.match(healthSentence(report), /^healthy: \d+ of \d+ healthy$/);
  });

  it('is unknown, not healthy, when Prometheus or the API server is away, or a series is missing', async () => {
    const away = new PortError('prometheus', 'unreachable', 'cannot be reached');
    const without = Object.fromEntries(measures.map(({ name }) => [name, away]));
    assert.equal((await health(sound(), figures(without))).overall, 'unknown');
    assert.equal((await health(sound(), figures({ errors: [] }))).overall, 'unknown');
    assert.equal((await health(sound(), figures({ errors: [{ labels: {}, value: Number.NaN }] }))).overall, 'unknown');

    const blind = { ...sound(), list: async () => Promise.reject(new PortError('kubernetes', 'forbidden', 'no')) };
    const report = await health(blind);
    assert.equal(report.overall, 'unknown');
    assert.ok(report.checks.some(({ subject, status }) => subject === 'auth-service' && status === 'unknown'));
  });

  const now = new Date(nowMs - 600_000).toISOString();
  const broken: readonly (readonly [string, (objects: MemoryObjects) => void, readonly [string, string, RegExp]])[] = [
    [
      'a workload that is not there',
      (objects) => void objects.remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'auth-service' }),
      ['auth-service', 'failing', /no Deployment/],
    ],
    [
      'a workload that is incomplete',
      (objects) =>
        objects.put(
          object('Deployment', 'auth-service', {
            spec: { replicas: 3 },
            status: { readyReplicas: 2, updatedReplicas: 3, observedGeneration: 1 },
          }),
        ),
      ['auth-service', 'degraded', /2 of 3/],
    ],
    [
      'a workload whose controller is behind',
      (objects) =>
        objects.put({
          ...object('Deployment', 'auth-service', {
            spec: { replicas: 2 },
            status: { readyReplicas: 2, updatedReplicas: 2, observedGeneration: 1 },
          }),
          metadata: { name: 'auth-service', generation: 2 } as KubeObject['metadata'],
        }),
      ['auth-service', 'unknown', /not seen/],
    ],
    [
      'a container that died within the hour',
      (objects) =>
        objects.put(
          object('Pod', 'auth-service-1', {
            spec: { containers: [{ name: 'a', image: 'a:1' }], securityContext: { runAsNonRoot: true } },
            status: {
              containerStatuses: [
                { name: 'a', lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: now } } },
              ],
            },
          }),
        ),
      ['auth-service', 'degraded', /OOMKilled/],
    ],
    [
      'a load balancer with nothing behind it',
      (objects) => void objects.remove({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', name: 'traefik-x' }),
      ['traefik', 'failing', /nothing ready/],
    ],
    [
      'a certificate that ends in five days',
      (objects) =>
        objects.put(
          object('Certificate', 'gomeet-tls', {
            status: { notAfter: new Date(nowMs + 5 * 86_400_000).toISOString(), conditions: [] },
          }),
        ),
      ['gomeet-tls', 'failing', /5 days/],
    ],
    [
      'a node whose kubelet is silent',
      (objects) =>
        objects.put(object('Node', 'n1', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } })),
      ['n1', 'unknown', /does not report/],
    ],
    [
      'a privileged pod',
      (objects) =>
        objects.put(
          object('Pod', 'stranger', {
            spec: { containers: [{ name: 'x', image: 'x:1', securityContext: { privileged: true } }] },
          }),
        ),
      ['stranger', 'failing', /privileged/],
    ],
    [
      'a lockdown that was forgotten',
      (objects) =>
        objects.put(
          object('NetworkPolicy', 'emergency-lockdown', { spec: { podSelector: { matchLabels: { a: 'b' } } } }),
        ),
      ['emergency-lockdown', 'failing', /in force/],
    ],
  ];
  for (const [what, breakIt, [subject, status, saw]] of broken)
    it(`tells ${what}, and nothing else`, async () => {
      const objects = sound();
      breakIt(objects);

      const found = await notHealthy(objects);

      assert.equal(found.length, 1, JSON.stringify(found));
      assert.deepEqual(found[0]?.slice(0, 2), [subject, status]);
      assert.match(found[0]?.[2] ?? '', saw);
    });

  it('judges figures by the runbook’s bounds, each series by itself', async () => {
    const errors = [
      { labels: { service: 'a' }, value: 0.2 },
      { labels: { service: 'b' }, value: 0.06 },
      { labels: { service: 'c' }, value: 0.05 },
    ];
    assert.deepEqual(
      (await notHealthy(sound(), figures({ errors }))).map(([subject, status]) => [subject, status]),
      [
        ['a: errors', 'failing'],
        ['b: errors', 'degraded'],
      ],
    );
    const down = [{ labels: { instance: 'pg' }, value: 0 }];
    assert.equal((await health(sound(), figures({ 'PostgreSQL answers': down }))).overall, 'failing');
  });

  it('has the bounds of the runbook, each of which is used, and every share is a share of what there is', async () => {
    const bounds = (name: string) => {
      const measure = measures.find((one) => one.name === name) ?? assert.fail(name);
      return [measure.degraded, measure.failing];
    };
    assert.deepEqual(['node CPU', 'node memory', 'node disk', 'errors', 'latency, 95 %'].map(bounds), [
      [0.7, 0.9],
      [0.8, 0.95],
      [0.8, 0.9],
      [0.05, 0.1],
      [0.5, 1],
    ]);
    for (const { name, by, unit, degraded, below } of measures) {
      const value = below ? degraded - 0.01 : degraded + 0.01;
      const found = await notHealthy(
        sound(),
        figures({ [name]: [{ labels: by === undefined ? {} : { [by]: 'x' }, value }] }),
      );
      assert.equal(found.length, 1, name);
      if (unit === 'percent') assert.ok(degraded < 1, name);
    }
    const { query } = measures.find(({ name }) => name === 'node CPU') ?? assert.fail();
    assert.match(query, /^1 - avg by \(instance\)/, 'cores are not added up');
  });

  it('only looks: no pod is started to ask from, nothing is written', async () => {
    const objects = sound();
    await health(objects);
    assert.deepEqual(objects.writes, []);
  });

  it('is told when it is not healthy, and when that changes: never that all is well from the start', () => {
    assert.equal(worthTelling(undefined, 'healthy'), false);
    assert.equal(worthTelling(undefined, 'unknown'), true);
    assert.equal(worthTelling('failing', 'failing'), false);
    assert.equal(worthTelling('failing', 'healthy'), true);
  });

  it('looks at one part when asked, which does not hide that it is unknown', async () => {
    const { checks } = await health(sound(), figures(), 'databases');
    assert.deepEqual([...new Set(checks.map(({ section }) => section))], ['databases']);
    assert.equal(worst([]), 'unknown');
    assert.equal(worst(['healthy', 'unknown', 'degraded']), 'unknown');
    assert.equal(new Set(Object.values(exitCodes)).size, 4);
  });
});
