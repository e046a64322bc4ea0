import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createInfraCloud } from '../../../deploy/adapters/digitalocean.ts';
import { applyInfrastructure } from '../../../deploy/infra/apply.ts';
import { planInfrastructure } from '../../../deploy/infra/plan.ts';
import type { InfraCloud } from '../../../deploy/infra/port.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type DigitalOceanFake, startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { smallInfrastructure as declared } from '../../support/infrastructure.ts';

const token = 'dop_v1_0123456789abcdef0123456789abcdef';

describe('applying an infrastructure to an account', () => {
  let fake: DigitalOceanFake;
  let cloud: InfraCloud;
  let said: string[];
  let clock: Clock;

  beforeEach(async () => {
    said = [];
    let nowMs = 0;
    clock = {
      now: () => nowMs,
      async sleep(ms) {
        nowMs += ms;
      },
    };
    fake = await startDigitalOceanFake({ token, clusters: [], dropletLimit: 25, monthToDateUsd: 0, maxPageSize: 2 });
    cloud = await createInfraCloud({ token, url: fake.url, timeoutMs: 1_000, retry: { firstWaitMs: 1 } });
  });
  afterEach(() => fake.stop());

  const apply = (more: Partial<Parameters<typeof applyInfrastructure>[0]> = {}) =>
    applyInfrastructure({ declared, cloud, clock, tell: (line) => said.push(line), ...more });
  const creates = () => fake.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const writes = () => fake.requests.filter(({ method }) => method !== 'GET').length;

  it('makes everything once, and waits until DigitalOcean is ready', async () => {
    const outcome = await apply();

    assert.equal(outcome.is, 'done');
    assert.deepEqual(creates(), [
      '/v2/vpcs',
      '/v2/kubernetes/clusters',
      '/v2/databases',
      '/v2/databases',
      '/v2/databases',
      '/v2/registry',
      '/v2/firewalls',
      '/v2/domains',
    ]);
    const [cluster] = fake.account.clusters;
    assert.equal(cluster?.node_pools[0]?.taints[0]?.value, 'sfu');
    assert.equal(cluster?.cluster_subnet, '10.111.0.0/16');
    assert.deepEqual(fake.account.infra.firewalls[0]?.tags, [`k8s:${cluster?.id}`]);
    for (const { parts, engine } of fake.account.infra.databases) {
      assert.deepEqual(parts.rules, [{ type: 'k8s', value: cluster?.id }]);
      if (engine === 'valkey') assert.equal(parts.evictionPolicy, 'noeviction');
    }
    // Left for later: the connection pool waits for its database, the records for the load balancer.
    assert.ok(
      outcome.is === 'done' && outcome.later.every(({ resource }) => ['database', 'domain'].includes(resource)),
    );
  });

  it('changes nothing when run again', async () => {
    await apply();
    const before = writes();

    await apply();

    assert.equal(writes(), before);
    assert.equal(fake.account.clusters.length, 1);
  });

  it('goes on with records and connection pool once what they wait for stands', async () => {
    await apply();
    fake.account.estate.loadBalancers.push({ name: 'gomeet-staging-gateway', ip: '203.0.113.7', status: 'active' });
    fake.account.infra.databases.find(({ engine }) => engine === 'pg')?.parts.dbs.push('gomeet');

    const outcome = await apply();

    assert.deepEqual(outcome, { is: 'done', later: [] });
    const records = fake.account.infra.records['staging.gomeet.com'] ?? [];
    assert.deepEqual(new Set(records.map(({ data }) => data)), new Set(['203.0.113.7']));
    assert.equal(records.length, declared.domain.records.length);
  });

  for (const path of [
    '/v2/vpcs',
    '/v2/kubernetes/clusters',
    '/v2/databases',
    '/v2/firewalls',
    '/v2/registry',
    '/v2/domains',
  ])
    it(`sends the create of ${path} once when its answer is lost, and sees that it happened`, async () => {
      fake.inject({ kind: 'lose-answer' }, { method: 'POST', path: new RegExp(`^${path}$`), times: 1 });

      const outcome = await apply();

      assert.equal(outcome.is, 'done');
      const times = path === '/v2/databases' ? 3 : 1;
      assert.equal(creates().filter((one) => one === path).length, times);
    });

  it('does not repeat a create that got no answer and cannot be seen: a person looks', async () => {
    fake.inject({ kind: 'status', status: 503 }, { method: 'POST', path: /clusters$/, times: 9 });

    const outcome = await apply();

    assert.ok(outcome.is === 'failed');
    assert.match(outcome.why, /asked for once, the answer was lost/);
    assert.match(outcome.todo, /looks before it asks/);
    assert.equal(creates().filter((one) => one.endsWith('/clusters')).length, 1);
  });

  it('sends again what was turned away for haste, after the pause that was asked for', async () => {
    fake.inject({ kind: 'status', status: 429, retryAfterSeconds: 30 }, { method: 'POST', path: /vpcs$/, times: 2 });

    const outcome = await apply();

    assert.equal(outcome.is, 'done');
    assert.equal(fake.account.infra.vpcs.length, 1);
    assert.ok(clock.now() >= 60_000);
  });

  it('stops at what the API refuses, and says what it said', async () => {
    fake.inject({ kind: 'status', status: 422, message: 'region is closed' }, { method: 'POST', path: /clusters$/ });

    const outcome = await apply();

    assert.ok(outcome.is === 'failed');
    assert.match(outcome.why, /region is closed/);
  });

  it('changes nothing at all while one thing is wrong', async () => {
    fake.account.dropletLimit = 3;

    const outcome = await apply();

    assert.equal(outcome.is, 'refused');
    assert.equal(writes(), 0);
  });

  it('makes nothing from half a look: a list that cannot be read is no empty list', async () => {
    fake.inject({ kind: 'status', status: 500 }, { method: 'GET', path: /clusters$/, times: 9 });

    await assert.rejects(apply(), /HTTP 500/);
    assert.equal(writes(), 0);
  });

  it('sees a cluster on a later page', async () => {
    await apply();
    const others = ['a', 'b', 'c'].map((name) => ({
      id: randomUUID(),
      name,
      region: 'nyc1',
      tags: [],
      node_pools: [],
    }));
    fake.account.clusters.unshift(...others);
    const before = writes();

    await apply();

    assert.equal(writes(), before);
  });

  it('gives a pool its new maximum and leaves floor, other labels and other tags as they are', async () => {
    await apply();
    const pool = fake.pool('sfu');
    Object.assign(pool, { min_nodes: 2, count: 2, max_nodes: 2, labels: { ...pool.labels, theirs: 'yes' } });

    await apply();

    assert.deepEqual(
      [pool.min_nodes, pool.max_nodes, pool.labels?.['theirs'], pool.labels?.['gomeet.dev/pool']],
      [2, 3, 'yes', 'sfu'],
    );
    assert.ok(pool.tags.some((tag) => tag.startsWith('k8s:')));
  });

  it('is killed after any call and run again: the same account, no second of anything', async () => {
    for (let calls = 1; ; calls += 1) {
      let left = calls;
      const killed: InfraCloud = {
        ...cloud,
        async carryOut(call) {
          await cloud.carryOut(call);
          left -= 1;
          if (left === 0) throw new Error('killed');
        },
      };
      const first = await apply({ cloud: killed }).catch((error: Error) => error.message);
      await apply();
      assert.equal(fake.account.clusters.length, 1);
      assert.equal(fake.account.infra.databases.length, 3);
      assert.equal(fake.account.infra.vpcs.length, 1);
      assert.deepEqual(
        planInfrastructure(declared, await cloud.observe(declared)).steps.filter(({ next }) => next.is === 'call'),
        [],
      );
      if (first !== 'killed') break;
      fake.account.clusters.splice(0);
      Object.assign(fake.account.infra, { vpcs: [], databases: [], firewalls: [], records: {} });
      Object.assign(fake.account.estate, { domains: [], registry: undefined });
    }
  });

  it('never shows the token', async () => {
    fake.inject({ kind: 'status', status: 401, message: `bad ${token}` }, { times: 99 });

    await assert.rejects(apply(), (error: Error) => !error.message.includes(token));
  });
});
