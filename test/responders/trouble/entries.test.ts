import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { memoryEdge } from '../../../lab/fakes/memory-edge.ts';
import { type MemoryObjects, memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { infrastructureOf, namesOf } from '../../../responders/edge/declared.ts';
import type { Edge, KubeObject, Metrics, Sample } from '../../../responders/ports.ts';
import { collectTrouble, type Figure, figures } from '../../../responders/trouble/collect.ts';
import { diagnose } from '../../../responders/trouble/define.ts';
import { entries, entryNamed } from '../../../responders/trouble/entries.ts';
import { quantity, wantedQuantity } from '../../../responders/trouble/quantity.ts';
import { actRig } from '../../support/act-ports.ts';

const nowMs = Date.UTC(2026, 10, 24, 9);

function object(
  apiVersion: string,
  kind: string,
  name: string,
  rest: object = {},
  labels: Record<string, string> = {},
): KubeObject {
  return { apiVersion, kind, metadata: { name, labels }, ...rest };
}

function pod(name: string, status: object = {}): KubeObject {
  return object('v1', 'Pod', name, { spec: { nodeName: 'n1' }, status: { phase: 'Running', ...status } });
}

const container = (more: object) => ({ containerStatuses: [{ name: 'c', image: 'reg/auth:v2', ...more }] });

/** A platform that is in order. */
function sound(): MemoryObjects {
  return memoryObjects([
    object('apps/v1', 'Deployment', 'auth-service', {
      spec: { replicas: 8 },
      status: { readyReplicas: 8, updatedReplicas: 8 },
    }),
    pod('auth-service-1', container({})),
    object('v1', 'Node', 'n1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    object('v1', 'Service', 'traefik', {
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.5' }] } },
    }),
    object(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      't1',
      { endpoints: [{ conditions: { ready: true } }] },
      { 'kubernetes.io/service-name': 'traefik' },
    ),
    object(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      'p1',
      { endpoints: [{ conditions: { ready: true } }] },
      { 'kubernetes.io/service-name': 'pgbouncer-do' },
    ),
  ]);
}

const declared = infrastructureOf();
assert.ok(declared !== undefined);
const domain = declared.domain.name;
const namesAt = (ip: string) => namesOf(declared).map((name, id) => ({ id, type: 'A', name, data: ip }));
const inbound = declared.firewall.inbound.map((rule) => ({ ...rule, addresses: ['0.0.0.0/0', '::/0'] }));
const soundEdge = () =>
  memoryEdge({ domain, records: namesAt('203.0.113.5'), firewall: declared.firewall.name, inbound });

interface Scene {
  objects?: MemoryObjects;
  readings?: Partial<Record<Figure, number | Error>>;
  log?: readonly string[];
  rollouts?: readonly { atMs: number; revision: string; image: string }[];
  status?: string;
  edge?: Edge;
}

async function diagnosed(
  entryName: string,
  {
    objects = sound(),
    readings = {},
    log = ['listening'],
    rollouts = [],
    status = 'online',
    edge = soundEdge(),
  }: Scene = {},
) {
  const usual: Readonly<Record<Figure, number>> = {
    cpuOfRequest: 0.4,
    memoryOfRequest: 0.5,
    nodeCpu: 0.3,
    nodeMemory: 0.4,
    postgresUp: 1,
    valkeyUp: 1,
    connectionsUsed: 0.2,
    outsideUp: 1,
  };
  const metrics: Metrics = {
    async query(expr): Promise<readonly Sample[]> {
      const name = (Object.keys(figures) as Figure[]).find(
        (one) => figures[one].replaceAll('SERVICE', 'auth-service') === expr,
      );
      assert.ok(name !== undefined, expr);
      const value = readings[name] ?? usual[name];
      if (value instanceof Error) throw value;
      return [{ labels: { pod: 'auth-service-1' }, value }];
    },
    queryRange: async () => [],
  };
  const { ports } = actRig({ objects, edge });
  ports.cluster.evidence = async () => ({ events: [], logLines: log, rollouts });
  const database = {
    id: '1',
    name: 'pg',
    engine: 'pg',
    version: '16',
    status,
    nodes: 3,
    region: 'sgp1',
    size: 's',
    user: 'u',
  };
  const databases = { ...ports.databases, list: async () => [database] };
  const entry = entryNamed(entryName);
  assert.ok(entry !== undefined);
  return diagnose(entry, await collectTrouble({ ...ports, metrics, databases }, { workload: 'auth-service', nowMs }));
}

function causes({ answers }: Awaited<ReturnType<typeof diagnosed>>): string[] {
  return answers.flatMap(({ cause, answer }) => ('found' in answer ? [cause] : []));
}

const waits = (reason: string, message = '') => container({ state: { waiting: { reason, message } } });
const withPod = (status: object): MemoryObjects => {
  const objects = sound();
  objects.put(pod('auth-service-1', status));
  return objects;
};
const crashing = waits('CrashLoopBackOff');
const recent = [
  { atMs: nowMs - 300_000, revision: '3', image: 'reg/auth:v2' },
  { atMs: nowMs - 9_000_000, revision: '2', image: 'reg/auth:v1' },
];
const emptied = (slice: string) => {
  const objects = sound();
  const service = slice === 't1' ? 'traefik' : 'pgbouncer-do';
  objects.put(
    object('discovery.k8s.io/v1', 'EndpointSlice', slice, { endpoints: [] }, { 'kubernetes.io/service-name': service }),
  );
  return objects;
};

describe('troubleshooting names the cause that is there', () => {
  const cases: readonly (readonly [string, string, Scene, string, string?])[] = [
    [
      'service-not-starting',
      'a pod without a place',
      {
        objects: withPod({
          conditions: [
            { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/6 nodes: insufficient cpu' },
          ],
        }),
      },
      'no room on any node',
      'raiseNodePool',
    ],
    [
      'service-not-starting',
      'a container killed for memory',
      { objects: withPod(container({ lastState: { terminated: { reason: 'OOMKilled' } } })) },
      'memory limit',
      'setResources',
    ],
    [
      'service-not-starting',
      'an image that is not there',
      { objects: withPod(waits('ImagePullBackOff', 'not found')), rollouts: recent },
      'image',
      'rollBack',
    ],
    [
      'service-not-starting',
      'a key that is missing',
      { objects: withPod(waits('CreateContainerConfigError', 'couldn’t find key JWT_SECRET')) },
      'configuration',
    ],
    [
      'service-not-starting',
      'a database that refuses',
      { log: ['dial tcp 10.0.0.1:25060: connection refused'] },
      'database connection',
    ],
    [
      'service-not-starting',
      'a release that crashes',
      { objects: withPod(crashing), rollouts: recent },
      'bad release',
      'rollBack',
    ],
    ['high-usage', 'a pod above its CPU', { readings: { cpuOfRequest: 1.4 } }, 'CPU of a pod', 'scaleWorkload'],
    ['high-usage', 'a pod near its memory', { readings: { memoryOfRequest: 0.97 } }, 'memory of a pod', 'setResources'],
    ['high-usage', 'a node that is full', { readings: { nodeCpu: 0.95 } }, 'CPU of a node', 'scaleWorkload'],
    ['database', 'a cluster that is down', { status: 'forking' }, 'managed service'],
    ['database', 'a PostgreSQL that does not answer', { readings: { postgresUp: 0 } }, 'PostgreSQL'],
    ['database', 'connections used up', { readings: { connectionsUsed: 0.99 } }, 'connections used up'],
    ['database', 'no pooler', { objects: emptied('p1') }, 'connection pooler', 'restartWorkload'],
    [
      'load-balancer',
      'nothing behind it',
      { objects: emptied('t1') },
      'nothing behind the load balancer',
      'restartWorkload',
    ],
    [
      'load-balancer',
      'names that point elsewhere',
      { edge: memoryEdge({ domain, records: namesAt('198.51.100.1'), firewall: declared.firewall.name, inbound }) },
      'DNS',
      'repairDns',
    ],
    [
      'load-balancer',
      'a port that the firewall does not let in',
      {
        edge: memoryEdge({
          domain,
          records: namesAt('203.0.113.5'),
          firewall: declared.firewall.name,
          inbound: inbound.slice(1),
        }),
      },
      'firewall',
      'repairFirewall',
    ],
    ['load-balancer', 'a probe that does not get through', { readings: { outsideUp: 0 } }, 'not reached from outside'],
  ];
  for (const [entry, what, scene, cause, action] of cases)
    it(`${entry}: ${what}`, async () => {
      const found = await diagnosed(entry, scene);

      assert.deepEqual(causes(found), [cause], found.says);
      const [answer] = found.answers.filter(({ answer: one }) => 'found' in one).map(({ answer: one }) => one);
      assert.equal(answer !== undefined && 'found' in answer ? answer.fix?.action : undefined, action);
    });

  for (const { name } of entries)
    it(`${name}: names none where all is well, and says what is ruled out`, async () => {
      const found = await diagnosed(name, { rollouts: recent });
      assert.deepEqual(causes(found), []);
      assert.match(found.says, /ruled out$|could not rule out: autoscaler/);
    });

  for (const { name } of entries)
    it(`${name}: rules nothing out that it could not look at`, async () => {
      const away = new PortError('kubernetes', 'unreachable', 'away');
      const blind = {
        ...memoryObjects(),
        list: async () => Promise.reject(away),
        get: async () => Promise.reject(away),
      };
      const readings = Object.fromEntries((Object.keys(figures) as Figure[]).map((figure) => [figure, away]));
      const found = await diagnosed(name, { objects: blind, readings, log: [] });

      assert.deepEqual(causes(found), []);
      assert.match(found.says, /could not rule out/);
    });

  it('does not blame a release of yesterday', async () => {
    const old = recent.map((one) => ({ ...one, atMs: one.atMs - 86_400_000 }));
    assert.deepEqual(
      causes(await diagnosed('service-not-starting', { objects: withPod(crashing), rollouts: old })),
      [],
    );
  });

  it('takes a restart for no release, and sees the release behind one', async () => {
    const restart = { atMs: nowMs - 60_000, revision: '4', image: 'reg/auth:v2' };
    const blamed = async (releasedMs: number) => {
      const released = recent.map((one) => ({ ...one, atMs: one.atMs - releasedMs }));
      const scene = { objects: withPod(crashing), rollouts: [restart, ...released] };
      return causes(await diagnosed('service-not-starting', scene));
    };
    assert.deepEqual(await blamed(86_400_000), []);
    assert.deepEqual(await blamed(0), ['bad release']);
  });
});

describe('quantities', () => {
  it('are read and multiplied', () => {
    assert.equal(quantity('500m'), 0.5);
    assert.equal(quantity('2Gi'), 2 * 1024 ** 3);
    assert.equal(quantity('-1'), undefined);
    assert.equal(wantedQuantity('×1.5', '1Gi', 'memory'), '1536Mi');
    assert.equal(wantedQuantity('x2', '500m', 'cpu'), '1000m');
    assert.equal(wantedQuantity('x2', undefined, 'cpu'), undefined);
    assert.equal(wantedQuantity('lots', '1', 'cpu'), undefined);
  });
});
