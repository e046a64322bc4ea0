import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '../../../manifests/catalogue/define.ts';
import { workloadNamed } from '../../../manifests/catalogue/index.ts';
import { documentedPool } from '../../../manifests/catalogue/pools.ts';
import type { Environment } from '../../../manifests/environments/define.ts';
import { environments } from '../../../manifests/environments/index.ts';
import type { CheckName, FitReport } from '../../../manifests/fit/define.ts';
import { fit, withSize } from '../../../manifests/fit/fit.ts';
import { reservedRanges } from '../../../manifests/settings.ts';

const { production, staging, starter } = environments;
const refused = (report: FitReport) => [
  ...new Set(report.findings.filter(({ fits }) => !fits).map(({ check }) => check)),
];

/** Production with one thing made wrong. */
function broken(change: Partial<Environment>): readonly CheckName[] {
  return refused(fit({ ...production, ...change }));
}

function changed(name: string, figures: Partial<Workload>): Partial<Environment> {
  return { workloads: production.workloads.map((one) => (one.name === name ? { ...one, ...figures } : one)) };
}

test('production, staging and starter fit at their declared, least and most', () => {
  for (const name of ['production', 'staging', 'starter'] as const) {
    const report = fit(environments[name]);
    assert.deepEqual(
      report.findings.filter(({ fits }) => !fits),
      [],
      name,
    );
    assert.ok(report.fits, name);
  }
});

test("the README's numbers are refused on the nodes of its script, with what does not fit on which node", () => {
  const report = fit(environments.readme);
  assert.ok(!report.fits);
  assert.deepEqual(refused(report), ['pool', 'largest-meeting', 'participants', 'connections']);
  assert.match(
    report.findings[0]?.arithmetic ?? '',
    /auth-service asks for 4 cores and 8 GiB; a c-4 gives pods 3.92 cores and 6 GiB/,
  );
});

test("and on the runbook's six c-32 too: 64 GiB on none, 15,050 connections of 997, a VPC that is DigitalOcean's own", () => {
  const report = fit(environments.documented);
  assert.deepEqual(refused(report), ['pool', 'connections', 'ranges']);
  const says = report.findings
    .filter(({ fits }) => !fits)
    .map(({ arithmetic }) => arithmetic)
    .join('\n');
  assert.match(says, /livekit-sfu asks for 16 cores and 64 GiB; a c-32 gives pods 31.85 cores and 58 GiB/);
  assert.match(says, /15050 of 997/);
  assert.match(says, /10\.244\.0\.0\/16 is DigitalOcean's own/);
});

test('each check refuses what it is for, and says what to change', () => {
  const api = production.pools.map((pool) => (pool.name === 'api' ? { ...pool, nodes: 3, minNodes: 3 } : pool));
  const { settings } = production;
  assert.deepEqual(broken({ pools: api }), ['pool']);
  assert.deepEqual(broken(changed('livekit-sfu', { requests: { cpuCores: 16, memoryGib: 64 } })), ['pool']);
  assert.deepEqual(broken({ settings: { ...settings, largestMeeting: 2_000 } }), ['largest-meeting', 'participants']);
  assert.deepEqual(broken({ settings: { ...settings, participants: 50_001 } }), ['participants']);
  assert.deepEqual(broken({ settings: { ...settings, connectionsPerBouncer: 200 } }), ['connections']);
  assert.deepEqual(broken({ settings: { ...settings, vpcRange: '10.101.128.0/20' } }), ['ranges']);
  assert.deepEqual(broken({ settings: { ...settings, podRange: '10.101.0.0/20' } }), ['ranges']);
  assert.deepEqual(broken({ settings: { ...settings, vpcRange: 'ten' } }), ['ranges']);
  assert.deepEqual(broken({ settings: { ...settings, dropletLimit: 100 } }), ['droplet-limit']);
  assert.deepEqual(
    broken({
      workloads: production.workloads.map((one) => (one.name === 'prometheus' ? { ...one, kind: 'Deployment' } : one)),
    }),
    // A Deployment's rollout wants a third Prometheus beside the two, too.
    ['pool', 'volumes'],
  );
  const onHost = production.workloads.map((one) =>
    one.name === 'node-exporter'
      ? { ...one, ports: [{ name: 'metrics', port: 6_789, protocol: 'TCP' as const }] }
      : one,
  );
  assert.deepEqual(broken({ workloads: onHost }), ['host-ports']);
  for (const { fits, change } of fit({ ...production, pools: api }).findings) assert.equal(change === undefined, fits);
});

test("a budget that keeps as many pods as the autoscaler's least is refused: the survey's kept 20 of 15, and no node could be emptied", () => {
  const report = fit({ ...production, ...changed('signaling-service', { replicas: 15, minAvailable: 20 }) });
  const wrong = report.findings.filter(({ check, fits }) => check === 'disruption' && !fits);
  assert.equal(wrong.length, 1);
  assert.match(wrong[0]?.arithmetic ?? '', /signaling-service keeps 20, its autoscaler's least is 15/);
  assert.match(wrong[0]?.change ?? '', /keeps at most 14/);
  assert.deepEqual(broken(changed('signaling-service', { minAvailable: 25 })), ['disruption']);
  assert.deepEqual(broken(changed('signaling-service', { minAvailable: 24 })), []);
});

test('every range that DigitalOcean keeps is refused, for nodes, pods and Services alike; one of another region is not', () => {
  const { settings } = production;
  for (const { range } of reservedRanges)
    for (const which of ['vpcRange', 'podRange', 'serviceRange'] as const)
      assert.ok(broken({ settings: { ...settings, [which]: range } }).includes('ranges'), `${which} ${range}`);
  const regional = reservedRanges.find(({ region }) => region !== undefined);
  assert.ok(regional && regional.region === settings.region);
  assert.deepEqual(broken({ settings: { ...settings, region: 'fra1', vpcRange: regional.range } }), []);
});

test('no volume of a deployable environment is asked to be on two nodes at once', () => {
  for (const name of ['production', 'staging', 'starter'] as const) {
    const about = fit(environments[name]).findings.filter(({ check }) => check === 'volumes');
    assert.deepEqual(
      about.map(({ about: workload }) => workload).sort(),
      environments[name].workloads
        .filter(({ storage }) => storage !== undefined)
        .map((one) => one.name)
        .sort(),
    );
    for (const { fits, arithmetic } of about) assert.ok(fits && /ReadWriteOnce/.test(arithmetic), arithmetic);
  }
});

test('nodes on which everything fits only when packed are refused: the scheduler spreads, and left pods without a place on twelve', () => {
  const api = production.pools.map((pool) => (pool.name === 'api' ? { ...pool, nodes: 12, minNodes: 12 } : pool));
  const { findings } = fit({ ...production, pools: api });
  const wrong = findings.filter(({ fits }) => !fits);
  assert.deepEqual(
    wrong.map(({ about }) => about),
    ['pool api, declared', 'pool api, least'],
  );
  assert.match(wrong[0]?.arithmetic ?? '', /15 x c-32 of 12 in whatever order they are placed, 12 packed/);
});

test('a rollout of everything at once must find nodes up to the most of its pool', () => {
  const api = production.pools.map((pool) => (pool.name === 'api' ? { ...pool, maxNodes: 18 } : pool));
  const { findings } = fit({ ...production, pools: api });
  const rollout = findings.find(({ about }) => about === 'pool api, everything at once');
  assert.deepEqual([rollout?.fits, rollout?.change], [false, 'at the most 19 nodes in pool api, $12,768 a month']);
  const sfu = production.pools.map((pool) => (pool.name === 'sfu' ? { ...pool, maxNodes: 100 } : pool));
  assert.deepEqual(broken({ pools: sfu }), ['pool'], 'a hundred SFUs and the new one of a rollout');
});

test('a bandwidth target above the line of a node is refused', () => {
  const workloads = production.workloads.map((one) => {
    if (one.name !== 'livekit-sfu' || one.scaling?.kind !== 'auto') return one;
    const metrics =
      one.scaling.metrics?.map((metric) =>
        metric.name === 'bandwidth-mbps' ? { ...metric, perReplica: 1_500 } : metric,
      ) ?? [];
    return { ...one, scaling: { ...one.scaling, metrics } };
  });
  assert.deepEqual(broken({ workloads }), ['network']);
});

test('smaller nodes for the SFU are refused, and the cheapest size that carries each pool is offered', () => {
  assert.ok(!fit(withSize(production, 'c-16', 'sfu')).fits);
  const { choices } = fit(production);
  assert.equal(choices.find(({ pool }) => pool === 'sfu')?.size, 'c-32');
  for (const { pool, least, most } of choices) assert.ok(least >= 1 && most >= least, pool);
});

test('every deviation from the documented figures has its reason', () => {
  for (const { name, deviations } of Object.values(environments))
    for (const { about, field, why } of deviations) assert.ok(why.length > 20, `${name}: ${about} ${field}`);
  assert.deepEqual(environments.readme.deviations, [], 'the fixture is verbatim');
  assert.deepEqual(environments.documented.deviations, []);
  const changes = production.deviations.map(({ about, field }) => `${about} ${field}`);
  assert.deepEqual(changes.slice(0, 3), ['livekit-sfu requests', 'prometheus maxReplicas', 'grafana maxReplicas']);
  assert.ok(changes.slice(3).every((one) => one.startsWith('pool ')));
});

test('whatever an environment has other than the catalogue, the one documented pool or production is among its deviations', () => {
  for (const { name, deviations, workloads: own, pools, settings } of [production, staging, starter]) {
    const listed = new Set(deviations.map(({ about, field }) => `${about} ${field}`));
    const differs = (about: string, before: object | undefined, after: object) =>
      Object.entries(after)
        .filter(([field, value]) => JSON.stringify(Reflect.get(before ?? {}, field)) !== JSON.stringify(value))
        .map(([field]) => `${about} ${field}`);
    const found = [
      ...own.flatMap((one) => differs(one.name, workloadNamed(one.name), one)),
      ...pools.flatMap(({ size, nodes, minNodes, maxNodes, name: pool }) =>
        differs(`pool ${pool}`, documentedPool, { size, nodes, minNodes, maxNodes }),
      ),
      ...differs('settings', production.settings, settings),
    ];
    assert.deepEqual(new Set(found), listed, name);
  }
});
