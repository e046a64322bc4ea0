import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Stage, startStage, token, uuid } from './stage.ts';

let stage: Stage;
before(async () => {
  stage = await startStage();
  await stage.pass(20_000);
});
after(() => stage.close());

test('it says what runs, what it costs and how much is left of each limit', async () => {
  const samples = await stage.samples();
  const at = (name: string) => samples.get(`digitalocean_${name}`);

  assert.equal(at('month_to_date_usage'), 1_234.56);
  assert.equal(at('month_to_date_cost_usd{product="Databases",project="production"}'), 100.5);
  assert.equal(at('invoice_amount_usd{period="2026-10",product="Databases"}'), 5_018);
  assert.equal(at('sku_daily_cost_usd{sku="1-DO-DROP-0109"}'), 12.45);
  assert.equal(at('account_droplet_limit'), 25);
  assert.equal(at('node_pool_nodes{cluster="gomeet",pool="sfu",size="c-32"}'), 6);
  assert.equal(at('node_pool_max_nodes{cluster="gomeet",pool="sfu"}'), 20);
  assert.equal(
    at(`database_nodes{id="${uuid('db1')}",name="main",engine="pg",size="gd-16vcpu-64gb",region="fra1"}`),
    3,
  );
  assert.equal(at(`volume_size_bytes{id="${uuid('f1')}",name="pvc-1",region="fra1",attached="no"}`), 1_024 ** 4);
  assert.equal(at(`loadbalancer_connections{id="${uuid('1b1')}"}`), 1_200);
  assert.equal(at('spaces_buckets'), 1);
  assert.equal(at('registry_untagged_bytes{repository="chat-service"}'), 300);
  for (const version of [':1.2.3', ':latest', '@sha256:aa'])
    assert.equal(
      at(`registry_image_pushed_timestamp_seconds{image="registry.digitalocean.com/gomeet/chat-service${version}"}`),
      Date.parse('2026-08-01T00:00:00Z') / 1_000,
    );
  assert.equal(
    at(`certificate_expiry_timestamp_seconds{id="${uuid('c1')}",name="edge"}`),
    Date.UTC(2027, 0, 1) / 1_000,
  );
  const cost = [...samples].filter(([name]) => name.startsWith('digitalocean_resource_cost_usd_per_hour'));
  const nodes = cost.filter(([name]) => name.includes('project="production",cluster="gomeet",pool="sfu"'));
  assert.deepEqual(
    nodes.map(([, value]) => value),
    [1, 1, 1, 1, 1, 1],
  );
  assert.ok(nodes.every(([name]) => name.endsWith('price_source="api"}')));
  assert.ok((at('cost_usd_per_hour{bound="low"}') ?? 0) < (at('cost_usd_per_hour{bound="high"}') ?? 0));
  assert.equal(at('unconfirmed_prices{resource_type="database",basis="unconfirmed"}'), 1);
});

test('the transfer of the month is what the curve holds, against the pool of what stands', async () => {
  const samples = await stage.samples();
  const droplets = 6;
  const secondsSoFar = (Date.UTC(2026, 10, 21, 12) - Date.UTC(2026, 10, 1)) / 1_000;

  const used = samples.get('digitalocean_transfer_used_bytes') ?? 0;
  assert.ok(Math.abs(used / (droplets * 1e6 * secondsSoFar) - 1) < 0.001, `${used}`);
  assert.equal(samples.get('digitalocean_transfer_pool_bytes'), droplets * 9_000 * 1_024 ** 3);
  assert.equal(samples.get('digitalocean_transfer_projected_overage_usd'), 0);
});

test('nothing that names a person or lets in is shown: no address, zone, key or token', async () => {
  const everything = (await stage.text()) + JSON.stringify(stage.said);

  for (const secret of [token, 'DOKEY', 'example.com', 'lab@example.com'])
    assert.ok(!everything.includes(secret), secret);
});

test("OpenCost's names are not there unless asked for", async () => {
  assert.doesNotMatch(await stage.text(), /node_total_hourly_cost|kubecost_/);
});

test("with the flag they are, and a node's vCPU and GiB make its price", async () => {
  const other = await startStage({ nodes: 1, openCost: true });
  try {
    await other.pass(10_000);
    const samples = [...(await other.samples())];
    const of = (name: string) => samples.find(([key]) => key.startsWith(`${name}{`))?.[1] ?? Number.NaN;

    assert.ok(Math.abs(32 * of('node_cpu_hourly_cost') + 64 * of('node_ram_hourly_cost') - 1) < 0.0001);
    assert.equal(of('node_total_hourly_cost'), 1);
    assert.ok(samples.some(([key]) => key.includes('provider_id="digitalocean://')));
  } finally {
    await other.close();
  }
});

test('the same account read again says the same', async () => {
  const facts = async () => [...(await stage.samples())].filter(([name]) => /^digitalocean_(?!exporter_)/.test(name));
  const before = await facts();
  await stage.pass(10_000);

  assert.deepEqual(await facts(), before);
});

test('two hundred Droplets are read over all pages, and their traffic within the budget', async () => {
  const other = await startStage({ nodes: 200, dropletLimit: 250, maxPageSize: 50 });
  try {
    await other.pass(240_000, 2_000);
    const samples = [...(await other.samples())];

    assert.equal(samples.filter(([name]) => name.startsWith('digitalocean_droplet_up{')).length, 200);
    assert.deepEqual(
      new Set(other.fake.requests.filter(({ path }) => path === '/v2/droplets').map(({ query }) => query['page'])),
      new Set(['1', '2', '3', '4']),
    );
    assert.equal((await other.samples()).get('digitalocean_transfer_pool_bytes'), 200 * 9_000 * 1_024 ** 3);
    await other.pass(3_600_000, 20_000);
    const ofAnHour = (await other.samples()).get('digitalocean_exporter_api_calls_last_hour') ?? Number.NaN;
    assert.ok(ofAnHour > 100 && ofAnHour <= 500, `${ofAnHour} calls`);
  } finally {
    await other.close();
  }
});

test('when the month changes, its transfer begins at nothing', async () => {
  const other = await startStage({ nodes: 1, startMs: Date.UTC(2026, 10, 30, 23, 30) });
  try {
    await other.pass(10_000);
    const november = (await other.samples()).get('digitalocean_transfer_used_bytes') ?? 0;
    await other.pass(3_600_000, 10_000);
    const december = (await other.samples()).get('digitalocean_transfer_used_bytes') ?? Number.NaN;

    assert.ok(november > 1e6 * 86_400 * 29);
    assert.ok(december >= 0 && december <= 1e6 * 1_900, `${december}`);
  } finally {
    await other.close();
  }
});
