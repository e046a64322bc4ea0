import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type DigitalOceanFake, type FakePool, startDigitalOceanFake } from '../../../../lab/fakes/digitalocean.ts';
import { createDigitalOcean, type DigitalOcean } from '../../../../responders/adapters/digitalocean/account.ts';
import { recordedAnswers, selfTest } from '../../../../responders/adapters/digitalocean/selftest.ts';
import { known, rejectsWith } from '../kubernetes/contract.ts';
import { cloudContract } from './contract.ts';

const token = 'dop_v1_0123456789abcdef0123456789abcdef';
const clusterId = 'bd5f5959-5e1e-4205-a714-a914373942af';
const sfu: FakePool = {
  id: 'cdda885e-7663-40c8-bc74-3a036c66545d',
  name: 'sfu',
  size: 'c-32',
  count: 3,
  auto_scale: true,
  min_nodes: 3,
  max_nodes: 20,
  labels: { 'gomeet.dev/role': 'sfu' },
  taints: [{ key: 'dedicated', value: 'sfu', effect: 'NoSchedule' }],
  tags: ['production', 'k8s', `k8s:${clusterId}`, 'k8s:worker'],
};
const fixed: FakePool = {
  ...sfu,
  id: 'f49f4379-7e7f-4af5-aeb6-0354bd840778',
  name: 'monitoring',
  count: 2,
  auto_scale: false,
  min_nodes: 0,
  max_nodes: 0,
  labels: null,
  taints: [],
};

const volume = (name: string, droplets: readonly number[]) => ({
  id: `506f78a4-e098-11e5-ad9f-${name.padStart(12, '0')}`,
  name,
  size_gigabytes: 500,
  droplet_ids: droplets,
  region: { slug: 'fra1' },
  created_at: '2026-01-01T00:00:00Z',
  tags: [],
});

function startFake(maxPageSize?: number): Promise<DigitalOceanFake> {
  const cluster = { id: clusterId, name: 'gomeet', region: 'fra1', tags: ['k8s'], node_pools: [sfu, fixed] };
  const other = {
    id: 'a0000000-0000-4000-8000-000000000001',
    name: 'other',
    region: 'fra1',
    tags: [],
    node_pools: [{ ...fixed, id: 'b0000000-0000-4000-8000-000000000001', name: 'elsewhere' }],
  };
  return startDigitalOceanFake({
    token,
    clusters: [cluster, other],
    dropletLimit: 25,
    monthToDateUsd: 1_234.56,
    estate: { volumes: [volume('old', []), volume('data', [205_545_373])] },
    ...(maxPageSize === undefined ? {} : { maxPageSize }),
  });
}

const connect = (
  url: string,
  more: { token?: string; timeoutMs?: number; clusterIds?: readonly string[] } = {},
): Promise<DigitalOcean> =>
  createDigitalOcean({ token, url, timeoutMs: 2_000, retry: { firstWaitMs: 5, maxWaitMs: 1_500 }, ...more });

cloudContract("DigitalOcean's SDK over HTTP", async () => {
  const fake = await startFake();
  return {
    cloud: await connect(fake.url),
    autoscaled: 'sfu',
    fixed: 'monitoring',
    volumes: { idle: 'old', held: 'data' },
    close: () => fake.stop(),
  };
});

describe('DigitalOcean adapter', () => {
  let fake: DigitalOceanFake;
  let cloud: DigitalOcean;
  const pool = async (name: string) => known((await cloud.read()).pools.find((one) => one.name === name));
  const puts = () => fake.requests.filter(({ method }) => method === 'PUT');

  before(async () => {
    fake = await startFake(1);
  });
  after(async () => {
    await fake.stop();
  });
  beforeEach(async () => {
    fake.clear();
    cloud = await connect(fake.url);
  });

  it('proves at start that the installed SDK can read every route in use', async () => {
    await selfTest();
  });

  it('says at start which route the installed SDK cannot read', async () => {
    const lossy = { ...recordedAnswers, '/v2/customers/my/balance': { month_to_date_usage: null } };

    const error = await rejectsWith(selfTest(lossy), 'unsupported');

    assert.match(error.message, /cannot read balance/);
    assert.equal(error.retryable, false);
  });

  it('follows the pages of clusters to the last', async () => {
    const { pools, droplets, dropletLimit, monthToDate } = await cloud.read();

    assert.deepEqual(pools.map(({ name }) => name).sort(), ['elsewhere', 'monitoring', 'sfu']);
    assert.deepEqual([droplets, dropletLimit, monthToDate], [7, 25, 1_234_560_000]);
  });

  it('leaves out the pools of clusters that are not ours', async () => {
    const ours = await connect(fake.url, { clusterIds: [clusterId] });

    assert.deepEqual((await ours.read()).pools.map(({ name }) => name).sort(), ['monitoring', 'sfu']);
  });

  it('keeps labels, taints and tags of the pool, and sends no count while it autoscales', async () => {
    const seen = await pool('sfu');

    await cloud.setPoolFloor({ pool: seen, nodes: seen.minNodes + 1, runId: 'r1' });

    const body = known(puts().at(-1)).body as Record<string, unknown>;
    assert.equal('count' in body, false);
    assert.deepEqual(body, {
      name: 'sfu',
      auto_scale: true,
      min_nodes: seen.minNodes + 1,
      max_nodes: 20,
      labels: sfu.labels,
      taints: sfu.taints,
      tags: ['production'],
    });
    assert.deepEqual([...fake.pool('sfu').tags].sort(), [...sfu.tags].sort());
  });

  it('writes nothing when the value already stands', async () => {
    const seen = await pool('sfu');
    const before = puts().length;

    await cloud.setPoolFloor({ pool: seen, nodes: seen.minNodes, runId: 'r2' });

    assert.equal(puts().length, before);
  });

  it('writes nothing and says conflict when somebody moved the floor meanwhile', async () => {
    const seen = await pool('sfu');
    fake.pool('sfu').min_nodes = seen.minNodes + 5;
    const before = puts().length;

    await rejectsWith(cloud.setPoolFloor({ pool: seen, nodes: seen.minNodes + 1, runId: 'r3' }), 'conflict');

    assert.equal(puts().length, before);
    assert.equal(fake.pool('sfu').min_nodes, seen.minNodes + 5);
  });

  it('writes nothing and says conflict when autoscaling was switched meanwhile', async () => {
    const seen = await pool('monitoring');
    Object.assign(fake.pool('monitoring'), { auto_scale: true, min_nodes: 1, max_nodes: 4 });
    const before = puts().length;

    await rejectsWith(cloud.setPoolFloor({ pool: seen, nodes: seen.count + 1, runId: 'r4' }), 'conflict');

    assert.equal(puts().length, before);
    Object.assign(fake.pool('monitoring'), { auto_scale: false, min_nodes: 0, max_nodes: 0 });
  });

  it('passes on what the API refuses, such as the Droplet limit', async () => {
    const seen = await pool('monitoring');

    const error = await rejectsWith(cloud.setPoolFloor({ pool: seen, nodes: seen.count + 50, runId: 'r5' }), 'invalid');

    assert.match(error.message, /droplet limit/);
    assert.equal(error.retryable, false);
  });

  it('sends a write once when the API is unavailable, throttled, or does not answer', async () => {
    const hasty = await connect(fake.url, { timeoutMs: 200 });
    const faults = [
      { fault: { kind: 'status', status: 503 }, code: 'unavailable' },
      { fault: { kind: 'status', status: 500 }, code: 'unavailable' },
      { fault: { kind: 'status', status: 429, retryAfterSeconds: 1 }, code: 'throttled' },
      { fault: { kind: 'hang' }, code: 'timeout' },
    ] as const;
    for (const { fault, code } of faults) {
      const seen = await pool('sfu');
      const before = puts().length;
      fake.inject(fault, { method: 'PUT', times: 5 });

      const error = await rejectsWith(hasty.setPoolFloor({ pool: seen, nodes: seen.minNodes + 1, runId: 'r6' }), code);

      assert.equal(puts().length, before + 1);
      assert.equal(error.retryable, true);
      assert.equal(fake.pool('sfu').min_nodes, seen.minNodes);
      fake.clear();
    }
  });

  it('recognises on the second try a write that took effect although its answer was lost', async () => {
    const seen = await pool('sfu');
    const change = { pool: seen, nodes: seen.minNodes + 1, runId: 'r7' };
    const before = puts().length;
    fake.inject({ kind: 'lose-answer' }, { method: 'PUT' });
    await rejectsWith(cloud.setPoolFloor(change), 'unreachable');

    await cloud.setPoolFloor(change);

    assert.equal(puts().length, before + 1);
    assert.equal(fake.pool('sfu').min_nodes, seen.minNodes + 1);
  });

  it('repeats a read after 500, 503, a cut answer, and after the pause that 429 asks for', async () => {
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503 },
      { kind: 'truncate' },
    ] as const) {
      fake.inject(fault, { path: /account/ });
      assert.equal((await cloud.read()).dropletLimit, 25);
    }
    fake.inject({ kind: 'status', status: 429, retryAfterSeconds: 1 }, { path: /account/ });
    const startedAt = Date.now();

    assert.equal((await cloud.read()).dropletLimit, 25);

    assert.ok(Date.now() - startedAt >= 950, 'it waited for less than Retry-After');
  });

  it('does not wait for a pause longer than a decision can bear, and says how long it would be', async () => {
    fake.inject({ kind: 'status', status: 429, retryAfterSeconds: 120 }, { path: /balance/, times: 3 });

    const error = await rejectsWith(cloud.read(), 'throttled');

    assert.equal(error.retryAfterMs, 120_000);
  });

  it('gives up on reads that keep failing, and on one that never ends', async () => {
    fake.inject({ kind: 'status', status: 503 }, { path: /droplets/, times: 9 });
    await rejectsWith(cloud.read(), 'unavailable');
    fake.clear();
    fake.inject({ kind: 'hang' }, { path: /droplets/ });

    await rejectsWith((await connect(fake.url, { timeoutMs: 200 })).read(), 'timeout');
  });

  it('shows no token in an error, even when the API echoes it', async () => {
    const wrong = 'dop_v1_this-token-is-not-valid-here';
    const stranger = await connect(fake.url, { token: wrong });
    await rejectsWith(stranger.read(), 'unauthorized');
    fake.inject(
      {
        kind: 'status',
        status: 403,
        message: `token ${token} lacks kubernetes:update; Authorization: Bearer ${token}`,
      },
      { method: 'PUT' },
    );
    const seen = await pool('sfu');

    const error = await rejectsWith(
      cloud.setPoolFloor({ pool: seen, nodes: seen.minNodes + 1, runId: 'r8' }),
      'forbidden',
    );

    assert.match(error.message, /kubernetes:update/);
    assert.equal(JSON.stringify({ ...error, message: error.message, stack: error.stack }).includes(token), false);
  });

  it('keeps the quota of the last answer', async () => {
    await cloud.read();

    assert.equal(cloud.quota?.limit, 5_000);
    assert.ok((cloud.quota?.remaining ?? 5_000) < 5_000);
  });
});
