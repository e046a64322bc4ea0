import type { Observed } from '../../deploy/infra/observed.ts';
import { environments } from '../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';

/** Staging with two pools: small enough to read. */
export const smallInfrastructure: Infrastructure = declareInfrastructure({
  ...environments.staging,
  pools: [
    { name: 'sfu', size: 'c-32', nodes: 1, minNodes: 1, maxNodes: 3, dedicated: true, sources: ['bundle'] },
    { name: 'api', size: 'c-16', nodes: 2, minNodes: 2, maxNodes: 4, sources: ['bundle'] },
  ],
});

/** An account that has nothing and may have 25 Droplets. */
export const emptyAccount: Observed = {
  dropletLimit: 25,
  droplets: 0,
  vpcs: [],
  clusters: [],
  databases: [],
  firewalls: [],
  registry: undefined,
  domains: [],
  loadBalancers: [],
  buckets: undefined,
  offers: {
    sizes: ['c-16', 'c-32'],
    versions: ['1.34.1-do.2', '1.34.0-do.0'],
    databaseSizes: {
      pg: ['db-s-1vcpu-2gb', 'db-s-2vcpu-4gb', 'gd-16vcpu-64gb'],
      valkey: ['db-s-1vcpu-2gb', 'db-s-8vcpu-32gb'],
    },
  },
};

/** The same account once everything stands as declared. */
export const completeAccount: Observed = {
  ...emptyAccount,
  droplets: 3,
  vpcs: [{ id: 'v', name: 'gomeet-staging', region: 'nyc1', ipRange: '10.110.0.0/16' }],
  clusters: [
    {
      id: 'c',
      name: 'gomeet-staging',
      region: 'nyc1',
      version: '1.34.1-do.2',
      ha: false,
      tags: ['gomeet-staging', 'k8s', 'k8s:c'],
      status: 'running',
      podRange: '10.111.0.0/16',
      serviceRange: smallInfrastructure.cluster.serviceRange,
      pools: smallInfrastructure.cluster.pools.map((pool) => ({
        ...pool,
        id: `p-${pool.name}`,
        count: pool.minNodes,
        autoScale: true,
        tags: [],
      })),
    },
  ],
  databases: smallInfrastructure.databases.map(({ name, engine, size, nodes, pools, evictionPolicy }) => ({
    id: `d-${name}`,
    name,
    engine,
    size,
    nodes,
    tags: ['gomeet-staging'],
    status: 'online',
    trusted: [{ type: 'k8s', value: 'c' }],
    databases: ['gomeet'],
    pools: pools.map((pool) => pool.name),
    evictionPolicy,
  })),
  firewalls: [
    { id: 'f', name: 'gomeet-staging-media', tags: ['k8s:c'], inbound: smallInfrastructure.firewall.inbound },
  ],
  registry: 'gomeet',
  domains: [
    {
      name: 'staging.gomeet.com',
      records: smallInfrastructure.domain.records.map(({ type, name }) => ({ type, name, data: '203.0.113.7' })),
    },
  ],
  loadBalancers: [{ name: 'gomeet-staging-gateway', ip: '203.0.113.7', status: 'active' }],
  buckets: smallInfrastructure.buckets.map(({ name }) => name),
};
