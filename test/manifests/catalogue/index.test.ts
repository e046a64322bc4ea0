import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { registerAll } from '../../../cli/commands.ts';
import { unknownIn } from '../../../cli/map/page.ts';
import { workloadNamed, workloads } from '../../../manifests/catalogue/index.ts';
import { sfuWorkload } from '../../../manifests/catalogue/livekit-sfu.ts';
import { bundleImage } from '../../../manifests/catalogue/parts.ts';
import { documentedPool, poolNamed, pools } from '../../../manifests/catalogue/pools.ts';
import { nodeSize } from '../../../model/prices.ts';

const folder = fileURLToPath(new URL('../../../manifests/catalogue', import.meta.url));

test('the list names every file of the folder', () => {
  const files = readdirSync(folder).filter((file) => !['define.ts', 'index.ts', 'parts.ts', 'pools.ts'].includes(file));
  assert.deepEqual(files.sort(), workloads.map(({ name }) => `${name}.ts`).sort());
});

test('the figures are those of the deployment README', () => {
  // Service, replicas, CPU, memory in GiB, most replicas; gateway and monitoring have no most there.
  const readme = [
    ['auth-service', 8, 4, 8, 20],
    ['meeting-service', 12, 4, 8, 30],
    ['signaling-service', 25, 6, 12, 60],
    ['chat-service', 10, 3, 6, 25],
    ['turn-service', 8, 2, 4, 20],
    ['livekit-sfu', 25, 16, 64, 100],
    ['livekit-recorder', 3, 4, 8, 10],
    ['traefik', 6, 4, 8, undefined],
    ['prometheus', 2, 8, 16, undefined],
    ['grafana', 3, 2, 4, undefined],
  ] as const;
  for (const [name, replicas, cpuCores, memoryGib, maxReplicas] of readme) {
    const workload = workloadNamed(name);
    assert.ok(workload, name);
    assert.deepEqual([workload.replicas, workload.requests], [replicas, { cpuCores, memoryGib }], name);
    if (maxReplicas !== undefined) assert.equal(workload.maxReplicas, maxReplicas, name);
    assert.ok(
      workload.sources.some((source) => source === 'deployment-readme'),
      name,
    );
  }
});

test('what the README asks for does not fit the nodes of the runbook, and the catalogue does not hide it', () => {
  const declared = workloads.filter((workload) => workload.sources.some((source) => source === 'deployment-readme'));
  const cores = declared.reduce((sum, { replicas, requests }) => sum + replicas * requests.cpuCores, 0);
  const size = nodeSize(documentedPool.size);
  assert.ok(size);
  assert.equal(cores, 734 + 12, 'the README names no request of PgBouncer, which the survey has');
  assert.ok(cores > documentedPool.maxNodes * size.vcpus);
  assert.ok(sfuWorkload.requests.memoryGib >= size.memoryGib, 'an SFU asks for all the memory of a node');
});

test('whoever may talk to a workload is in the catalogue, and the port exists', () => {
  for (const { name, clients, ports } of workloads) {
    for (const { from, port } of clients) {
      assert.ok(workloadNamed(from), `${name}: ${from} is not in the catalogue`);
      assert.ok(
        ports.some((one) => one.name === port),
        `${name} has no port ${port}`,
      );
    }
  }
});

test('ports and port names of one workload differ, a probe asks a port that is open, and a ceiling is no floor', () => {
  for (const { name, ports, probe, replicas, maxReplicas } of workloads) {
    assert.equal(new Set(ports.map((port) => port.name)).size, ports.length, name);
    assert.equal(new Set(ports.map((port) => `${port.port}/${port.protocol}`)).size, ports.length, name);
    if (probe !== undefined)
      assert.ok(
        ports.some(({ port }) => port === probe.port),
        `${name} is probed where it does not listen`,
      );
    assert.ok(replicas >= 1 && replicas <= maxReplicas, name);
    for (const { port, endPort } of ports)
      assert.ok(port >= 1 && (endPort ?? port) >= port && (endPort ?? port) <= 65_535, name);
  }
});

test('a Deployment runs in a declared pool, of a size with a price; what is managed runs in none', () => {
  for (const { name, kind, pool, image } of workloads) {
    if (kind === 'managed') assert.deepEqual([pool, image], [undefined, undefined], name);
    else if (kind === 'DaemonSet') assert.ok(pool === undefined && image !== undefined, name);
    else assert.ok(pool !== undefined && poolNamed(pool) !== undefined && image !== undefined, name);
  }
  for (const { size, minNodes, nodes, maxNodes } of pools) {
    assert.ok(nodeSize(size), size);
    assert.ok(minNodes <= nodes && nodes <= maxNodes);
  }
  assert.equal(poolNamed('worker-pool'), undefined, 'the original set had one pool for everything');
});

test('nothing that holds meetings, recordings, relayed media or data may be restarted by itself', () => {
  const held = ['livekit-sfu', 'livekit-recorder', 'turn-service'];
  assert.deepEqual(
    workloads
      .filter(({ restartable, kind }) => !restartable && kind === 'Deployment')
      .map(({ name }) => name)
      .sort(),
    held.sort(),
  );
  for (const { name, kind, restartable } of workloads) assert.ok(kind === 'Deployment' || !restartable, name);
  assert.equal(workloadNamed('no-such-service'), undefined);
});

test('secrets are named by key and hold no value', () => {
  for (const { secretKeys } of workloads) for (const key of secretKeys) assert.match(key, /^[a-z-]+\/[A-Z][A-Z0-9_]+$/);
});

test('what a workload runs of this bundle is a command of it, with options that it has', () => {
  const program = new Command('gomeet');
  registerAll(program);
  const lines = workloads.flatMap(({ image, args = [] }) =>
    image === bundleImage ? [['gomeet', ...args.map((arg) => arg.split('=')[0])].join(' ')] : [],
  );
  assert.ok(lines.length >= 4);
  assert.deepEqual(
    lines.flatMap((line) => unknownIn(line, program) ?? []),
    [],
  );
});
