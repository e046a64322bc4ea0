import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { infrastructureCost, totalCost } from '../../../deploy/infra/cost.ts';
import type { Observed, ObservedCluster } from '../../../deploy/infra/observed.ts';
import { planInfrastructure } from '../../../deploy/infra/plan.ts';
import { formatUsd } from '../../../kernel/money.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../../manifests/infrastructure/declare.ts';
import { completeAccount, smallInfrastructure as declared, emptyAccount } from '../../support/infrastructure.ts';

const plan = (observed: Observed, skip: Parameters<typeof planInfrastructure>[2] = new Set()) =>
  planInfrastructure(declared, observed, skip);
const [cluster] = completeAccount.clusters as [ObservedCluster];
const withCluster = (change: Partial<ObservedCluster>): Observed => ({
  ...completeAccount,
  clusters: [{ ...cluster, ...change }],
});
const problemsOf = (observed: Observed, of = declared) =>
  planInfrastructure(of, observed).problems.map(({ says }) => says);

describe('the plan of an infrastructure', () => {
  it('has nothing to do where everything stands', () => {
    const { steps, problems } = plan(completeAccount);

    assert.deepEqual(steps, []);
    assert.deepEqual(problems, []);
  });

  it('begins with what needs nothing, and lets the rest wait for it', () => {
    const { steps } = plan(emptyAccount);

    const now = steps.filter(({ next }) => next.is === 'call').map(({ id }) => id);
    assert.deepEqual(now, ['create vpc gomeet-staging', 'create registry gomeet', 'create domain staging.gomeet.com']);
    assert.ok(steps.some(({ id, next }) => id === 'create cluster gomeet-staging' && next.is === 'later'));
  });

  it('asks for the newest patch of the declared minor version, in the VPC, with labels and taints', () => {
    const { steps } = plan({ ...emptyAccount, vpcs: completeAccount.vpcs });

    const step = steps.find(({ id }) => id === 'create cluster gomeet-staging');
    assert.ok(step?.next.is === 'call' && step.next.call.kind === 'create-cluster');
    const { call } = step.next;
    assert.equal(call.version, '1.34.1-do.2');
    assert.equal(call.vpcId, 'v');
    assert.deepEqual(call.tags, ['gomeet-staging']);
    assert.deepEqual(call.pools[0]?.taints, [{ key: 'gomeet.dev/dedicated', value: 'sfu', effect: 'NoSchedule' }]);
    assert.deepEqual(call.pools[1]?.labels, { 'gomeet.dev/pool': 'api' });
  });

  it('waits for a cluster that is being made, and never asks for a second', () => {
    const { steps } = plan(withCluster({ status: 'provisioning' }));

    assert.deepEqual(
      steps.filter(({ resource }) => resource === 'cluster').map(({ next }) => next.is),
      ['provisioning'],
    );
  });

  it('raises the maximum of a pool, and leaves its floor to the responder', () => {
    const pools = cluster.pools.map((pool) => ({ ...pool, minNodes: 3, count: 3, maxNodes: 9 }));

    const { steps } = plan(withCluster({ pools }));

    assert.deepEqual(
      steps.map(({ says }) => says),
      ['pool sfu: at most 9 -> 3 nodes', 'pool api: at most 9 -> 4 nodes'],
    );
    const floorOnly = plan(withCluster({ pools: cluster.pools.map((pool) => ({ ...pool, minNodes: 3, count: 3 })) }));
    assert.deepEqual(floorOnly.steps, []);
    assert.match(floorOnly.kept.find(({ name }) => name === 'pool sfu')?.says ?? '', /floor 3 \(declared 1\)/);
  });

  it('touches nothing that has not its tag', () => {
    const pools = cluster.pools.map((pool) => ({ ...pool, maxNodes: 9 }));
    const databases = completeAccount.databases.map((one) => ({ ...one, tags: [], trusted: [] }));

    const { steps, kept } = plan({ ...withCluster({ tags: [], pools }), databases });

    assert.deepEqual(steps, []);
    assert.ok(kept.some(({ says }) => says.includes('no tag gomeet-staging: left alone')));
    assert.ok(kept.some(({ says }) => says.includes('left to you')));
  });

  it('leaves alone what nobody declared, and what others opened', () => {
    const firewalls = [
      {
        id: 'f',
        name: 'gomeet-staging-media',
        tags: ['k8s:c', 'other'],
        inbound: [{ protocol: 'tcp' as const, ports: '22' }],
      },
    ];
    const foreign = { ...(cluster.pools[0] ?? assert.fail()), id: 'x', name: 'additional-pool' };

    const { steps, kept } = plan({ ...withCluster({ pools: [...cluster.pools, foreign] }), firewalls });

    const [update] = steps;
    assert.ok(update?.next.is === 'call' && update.next.call.kind === 'update-firewall');
    assert.ok(update.next.call.inbound.some(({ ports }) => ports === '22'));
    assert.ok(update.next.call.tags.includes('other'));
    assert.match(kept.find(({ name }) => name === 'pool additional-pool')?.says ?? '', /not declared: left alone/);
  });

  it('lets a connection pool wait for its database', () => {
    const databases = completeAccount.databases.map((one) => ({ ...one, databases: ['defaultdb'], pools: [] }));

    const { steps } = plan({ ...completeAccount, databases });

    assert.deepEqual(
      steps.map(({ next }) => next.is),
      ['later'],
    );
  });

  it('keeps a record that points elsewhere', () => {
    const domains = [{ name: 'staging.gomeet.com', records: [{ type: 'A', name: 'app', data: '198.51.100.1' }] }];

    const { steps, kept } = plan({ ...completeAccount, domains });

    assert.ok(!steps.some(({ id }) => id === 'create record A app'));
    assert.match(kept.find(({ name }) => name === 'A app')?.says ?? '', /not 203\.0\.113\.7: left alone/);
  });

  it('leaves out what is skipped', () => {
    const { steps } = plan(emptyAccount, new Set(['database', 'redis', 'domain', 'registry', 'firewall']));

    assert.deepEqual([...new Set(steps.map(({ resource }) => resource))], ['vpc', 'cluster']);
  });
});

describe('the pre-flight of an infrastructure', () => {
  it("refuses DigitalOcean's own ranges, the runbook's VPC among them", () => {
    const vpc = { ...declared.vpc, ipRange: '10.244.0.0/16' };

    assert.match(
      problemsOf(emptyAccount, { ...declared, vpc }).join(),
      /touches 10\.244\.0\.0\/16, which DigitalOcean keeps/,
    );
  });

  it('refuses ranges that overlap each other or a neighbour', () => {
    const own = { ...declared, cluster: { ...declared.cluster, podRange: '10.110.128.0/18' } };
    const neighbour = { id: 'n', name: 'other', region: 'fra1', ipRange: '10.112.16.0/20' };

    assert.match(problemsOf(emptyAccount, own).join(), /VPC: 10\.110\.0\.0\/16 overlaps the range of pods/);
    assert.match(
      problemsOf({ ...emptyAccount, vpcs: [neighbour] }).join(),
      /services: 10\.112\.0\.0\/18 overlaps VPC other/,
    );
  });

  it('refuses sizes and versions that are not offered, and slugs that never were', () => {
    const offers = { ...emptyAccount.offers, sizes: ['c-16'], versions: ['1.33.6-do.0'] };
    const [postgresql] = declared.databases;
    assert.ok(postgresql);
    const databases = [{ ...postgresql, size: 'prod-16vcpu-64gb' }];

    const problems = problemsOf({ ...emptyAccount, offers }, { ...declared, databases }).join('\n');

    assert.match(problems, /pool sfu: region nyc1 has no c-32/);
    assert.match(problems, /DOKS offers no 1\.34; it has 1\.33\.6-do\.0/);
    assert.match(problems, /there is no prod-16vcpu-64gb for pg/);
  });

  it("refuses pools that may outgrow the account's Droplet limit", () => {
    assert.match(problemsOf({ ...completeAccount, dropletLimit: 6 }).join(), /may grow to 7 nodes .* may have 6/);
    assert.deepEqual(problemsOf({ ...completeAccount, dropletLimit: 7 }), []);
  });

  it('refuses to choose between two of one name, or to move one', () => {
    const second: Observed = { ...completeAccount, clusters: [cluster, { ...cluster, id: 'c2' }] };

    assert.match(problemsOf(second).join(), /2 are named gomeet-staging/);
    assert.match(problemsOf(withCluster({ region: 'fra1' })).join(), /is in fra1, not in nyc1/);
  });

  it('refuses a maximum below what runs: the nodes above it hold meetings', () => {
    const pools = cluster.pools.map((pool) => ({ ...pool, count: 5, maxNodes: 9 }));

    assert.match(problemsOf(withCluster({ pools })).join(), /pool sfu: 5 nodes run, declared are at most 3/);
  });

  it('refuses what can never be changed: ranges, sizes of nodes, high availability', () => {
    const [pool] = cluster.pools;
    assert.ok(pool);
    const problems = problemsOf(
      withCluster({ podRange: '10.9.0.0/16', ha: true, pools: [{ ...pool, size: 'c-16' }, ...cluster.pools.slice(1)] }),
    ).join('\n');

    assert.match(problems, /range of pods is 10\.9\.0\.0\/16/);
    assert.match(problems, /highly available, declared is not/);
    assert.match(problems, /pool sfu: has c-16, declared is c-32/);
  });
});

describe('the price of an infrastructure', () => {
  it('prices every line, and a sum that is its parts', () => {
    const lines = infrastructureCost(declared);

    const total = totalCost(lines);
    const pools = lines.filter(({ item }) => item.startsWith('pool'));
    assert.deepEqual(
      pools.map(({ low, atMost }) => [formatUsd(low), formatUsd(atMost)]),
      [
        ['$672.00', '$2,016'],
        ['$672.00', '$1,344'],
      ],
    );
    assert.equal(
      total.high,
      lines.reduce((sum, { high }) => sum + high, 0),
    );
    assert.ok(total.atMost > total.high);
  });

  it('says where a price is only a range: the documented databases', () => {
    const lines = infrastructureCost(declareInfrastructure(environments.production));

    const postgresql = lines.find(({ resource }) => resource === 'database');
    assert.ok(postgresql && postgresql.low < postgresql.high);
    assert.equal(postgresql.basis, 'unconfirmed');
  });
});
