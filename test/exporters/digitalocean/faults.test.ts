import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { recordedAnswers } from '../../../exporters/digitalocean/source-recorded.ts';
import { selfTest } from '../../../exporters/digitalocean/source-selftest.ts';
import type { ApiFault } from '../../../lab/fakes/digitalocean.ts';
import { type Stage, startStage, uuid } from './stage.ts';

const minuteMs = 60_000;

async function on(options: Parameters<typeof startStage>[0], play: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await startStage({ nodes: 2, ...options });
  try {
    await stage.pass(10_000);
    await play(stage);
  } finally {
    await stage.close();
  }
}
const nodes = 'digitalocean_node_pool_nodes{cluster="gomeet",pool="sfu",size="c-32"}';
const up = 'digitalocean_exporter_collector_up{collector="clusters"}';
const success = 'digitalocean_exporter_last_success_timestamp_seconds{collector="clusters"}';

const faults: readonly (readonly [string, ApiFault, string])[] = [
  ['an error of the server', { kind: 'status', status: 500 }, 'unavailable'],
  ['a service that is away', { kind: 'status', status: 503 }, 'unavailable'],
  ['no answer in time', { kind: 'hang' }, 'timeout'],
  ['an answer cut in half', { kind: 'truncate' }, 'unavailable'],
  ['a connection that breaks', { kind: 'lose-answer' }, 'unreachable'],
];
for (const [what, fault, code] of faults)
  test(`${what}: the last good values stay, their age rises, and the next reading heals`, () =>
    on({ timeoutMs: fault.kind === 'hang' ? 700 : 5_000 }, async (stage) => {
      const before = await stage.samples();
      stage.fake.inject(fault, { path: /kubernetes\/clusters/, times: 2 });
      stage.fake.pool('sfu').count = 3;
      await stage.pass(5 * minuteMs, 5_000);
      if (fault.kind === 'hang') await delay(1_500);
      await stage.pass(1_000);
      const during = await stage.samples();

      assert.equal(during.get(nodes), 2);
      assert.equal(during.get(up), 0);
      assert.equal(during.get(success), before.get(success));
      assert.equal(during.get(`digitalocean_exporter_api_requests_total{route="clusters",code="${code}"}`), 1);
      assert.ok(stage.exporter.inventory().gaps.some((gap) => gap.part === 'clusters' && gap.code === code));

      await stage.pass(10 * minuteMs, 5_000);
      const healed = await stage.samples();
      assert.deepEqual([healed.get(nodes), healed.get(up)], [3, 1]);
      assert.ok((healed.get(success) ?? 0) > (before.get(success) ?? Number.NaN));
      assert.ok(stage.exporter.inventory().gaps.every(({ part }) => part !== 'clusters'));
    }));

test('after a 429 nobody calls before Retry-After has passed', () =>
  on({}, async (stage) => {
    stage.fake.inject({ kind: 'status', status: 429, retryAfterSeconds: 1_800 }, { path: /kubernetes\/clusters/ });
    await stage.pass(5 * minuteMs, 5_000);
    const calls = stage.fake.requests.length;
    await stage.pass(20 * minuteMs, 5_000);
    assert.equal(stage.fake.requests.length, calls);
    assert.equal((await stage.samples()).get(nodes), 2);

    await stage.pass(10 * minuteMs, 5_000);
    assert.ok(stage.fake.requests.length > calls);
    assert.equal((await stage.samples()).get(up), 1);
  }));

test('what is too old is dropped and not shown as if it were so, and the rest stays', () =>
  on({}, async (stage) => {
    stage.fake.inject({ kind: 'status', status: 500 }, { path: /kubernetes\/clusters/, times: 10_000 });
    await stage.pass(50 * minuteMs, 10_000);
    assert.equal((await stage.samples()).get(nodes), 2);
    await stage.pass(20 * minuteMs, 10_000);
    const samples = await stage.samples();

    assert.equal(samples.get(nodes), undefined);
    assert.equal(samples.get('digitalocean_month_to_date_usage'), 1_234.56);
  }));

test('a token without a scope: the message says which, everything else is read', () =>
  on({ nodes: 1 }, async (stage) => {
    stage.fake.inject(
      { kind: 'status', status: 403, message: 'You are missing the required permission' },
      { path: /databases/, times: 10_000 },
    );
    await stage.pass(15 * minuteMs, 5_000);
    const [gap, ...others] = stage.exporter.inventory().gaps;

    assert.deepEqual(others, []);
    assert.match(gap?.message ?? '', /the token lacks the scope database:read/);
    assert.equal((await stage.samples()).get(nodes), 1);
  }));

test('a token that is not accepted gives no figure at all, and none that is zero', async () => {
  const stage = await startStage({ sentToken: 'dop_v1_ffffffffffffffffffffffffffffffff' });
  try {
    await stage.pass(10_000);
    const facts = [...(await stage.samples())].filter(([name]) => /^digitalocean_(?!exporter_)/.test(name));

    assert.deepEqual(facts, []);
    assert.equal((await fetch(`http://127.0.0.1:${stage.exporter.port}/readyz`)).status, 503);
    assert.ok(!JSON.stringify(stage.said).includes('ffffffff'));
  } finally {
    await stage.close();
  }
});

test('values that DigitalOcean adds are read and shown, and priced as a range', () =>
  on(
    {
      estate: {
        databases: [
          {
            id: uuid('d'),
            name: 'new',
            engine: 'duckdb',
            num_nodes: 1,
            size: 'xl',
            region: 'mars1',
            status: 'dreaming',
          },
        ],
        loadBalancers: [
          { id: uuid('1'), name: 'new', type: 'QUANTUM', size_unit: 1, status: 'entangled', droplet_ids: [] },
        ],
      },
    },
    async (stage) => {
      const samples = await stage.samples();

      assert.equal(samples.get(`digitalocean_database_status{id="${uuid('d')}",name="new"}`), 0);
      assert.equal(samples.get('digitalocean_unconfirmed_prices{resource_type="database",basis="unknown"}'), 1);
      // The SDK turns a type it does not know into its default, REGIONAL: that one alone passes for what it is not.
      assert.equal(samples.get(`digitalocean_loadbalancer_status{id="${uuid('1')}",name="new"}`), 0);
      assert.deepEqual(stage.exporter.inventory().gaps, []);
    },
  ));

test('a project that vanishes between two calls, and a load balancer without metrics, leave the others', () =>
  on({}, async (stage) => {
    stage.fake.inject({ kind: 'status', status: 404 }, { path: /projects\/[^/]+\/resources/, times: 10 });
    stage.fake.inject({ kind: 'status', status: 404 }, { path: /monitoring\/metrics\/load_balancer/, times: 10 });
    await stage.pass(65 * minuteMs, 10_000);

    assert.deepEqual(stage.exporter.inventory().gaps, []);
    assert.deepEqual(stage.exporter.inventory().parts.projects?.value, []);
  }));

test('a list that changes between two pages is read again, so that nothing slips through', async () => {
  const volume = (id: number) => ({
    id: uuid(`f${id}`),
    name: `pvc-${id}`,
    size_gigabytes: 1,
    droplet_ids: [],
    tags: [],
  });
  const stage = await startStage({
    nodes: 1,
    maxPageSize: 2,
    estate: { volumes: [1, 2, 3, 4].map(volume) },
  });
  try {
    const { volumes } = stage.fake.account.estate;
    let asked = 0;
    Object.defineProperty(stage.fake.account.estate, 'volumes', {
      get() {
        asked += 1;
        return asked === 1 ? volumes : volumes.slice(1);
      },
    });
    await stage.pass(10_000);

    assert.deepEqual(
      stage.exporter.inventory().parts.volumes?.value.map(({ id }) => id),
      ['f2', 'f3', 'f4'].map(uuid),
    );
  } finally {
    await stage.close();
  }
});

test('with little left of the quota it reads less often, and says so', () =>
  on({}, async (stage) => {
    const before = (await stage.samples()).get('digitalocean_exporter_interval_stretch_ratio');
    stage.fake.quotaLeft = 30;
    await stage.pass(11 * minuteMs, 5_000);
    const samples = await stage.samples();

    assert.equal(before, 1);
    assert.ok((samples.get('digitalocean_exporter_interval_stretch_ratio') ?? 0) > 5);
    assert.ok((samples.get('digitalocean_exporter_api_ratelimit_remaining') ?? 100) < 30);
  }));

test('the installed SDK reads a recorded answer of every route, and a broken one is named', async () => {
  await selfTest();
  await assert.rejects(
    selfTest({ ...recordedAnswers, '/v2/sizes': { sizes: [{ slug: 'c-32' }] } }),
    /cannot read sizes/,
  );
  await assert.rejects(
    selfTest({ ...recordedAnswers, '/v2/volumes': { volumes: [], meta: { total: 0 } } }),
    /cannot read volumes: it was lost/,
  );
});
