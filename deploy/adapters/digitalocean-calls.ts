import { assertNever, PortError } from '../../kernel/errors.ts';
import type { DeclaredPool } from '../../manifests/infrastructure/define.ts';
import type { Call } from '../infra/plan-types.ts';
import type { InfraRoutes } from './digitalocean-routes.ts';

/** Buckets, which DigitalOcean's API neither lists nor makes: the S3 API of Spaces does. */
export interface Buckets {
  list(): Promise<readonly string[]>;
  create(name: string): Promise<void>;
}

/** Sends one call, once: the SDK's own retries repeat a POST, so they are off. */
export async function send({ v2 }: InfraRoutes, call: Call, buckets: Buckets | undefined): Promise<void> {
  switch (call.kind) {
    case 'create-vpc':
      await v2.vpcs.post({ name: call.name, region: call.region, ipRange: call.ipRange });
      return;
    case 'create-cluster':
      await v2.kubernetes.clusters.post({
        name: call.name,
        region: call.region,
        version: call.version,
        vpcUuid: call.vpcId,
        clusterSubnet: call.podRange,
        serviceSubnet: call.serviceRange,
        ha: call.ha,
        autoUpgrade: true,
        surgeUpgrade: true,
        tags: call.tags,
        nodePools: call.pools.map((pool) => newPool(pool)),
      });
      return;
    case 'create-node-pool':
      await v2.kubernetes.clusters.byCluster_id(call.clusterId).node_pools.post(newPool(call.pool));
      return;
    case 'update-node-pool': {
      const { clusterId, observed, pool } = call;
      await v2.kubernetes.clusters
        .byCluster_id(clusterId)
        .node_pools.byNode_pool_id(observed.id)
        // A PUT takes what is absent as empty: all that stands goes back, the floor among it.
        .put({
          ...newPool(pool),
          minNodes: observed.autoScale ? observed.minNodes : Math.min(observed.count, pool.maxNodes),
          labels: { additionalData: { ...observed.labels, ...pool.labels } },
          taints: [
            ...observed.taints.filter((taint) => !pool.taints.some(({ key }) => key === taint.key)),
            ...pool.taints,
          ],
          tags: observed.tags.filter((tag) => tag !== 'k8s' && tag !== 'k8s-worker' && !tag.startsWith('k8s:')),
        });
      return;
    }
    case 'create-database': {
      const { name, engine, version, size, nodes } = call.database;
      await v2.databases.post({
        name,
        engine,
        version,
        size,
        numNodes: nodes,
        region: call.region,
        privateNetworkUuid: call.vpcId,
        tags: call.tags,
      });
      return;
    }
    case 'trust-cluster': {
      const path = v2.databases.byDatabase_cluster_uuid(call.databaseId).firewall;
      await path.put({ rules: [...call.standing, { type: 'k8s', value: call.clusterId }] });
      return;
    }
    case 'set-eviction-policy':
      await v2.databases.byDatabase_cluster_uuid(call.databaseId).eviction_policy.put({ evictionPolicy: call.policy });
      return;
    case 'create-connection-pool': {
      const { name, mode, size, database } = call.pool;
      // Without a user the pool serves whoever connects.
      await v2.databases.byDatabase_cluster_uuid(call.databaseId).pools.post({ name, mode, size, db: database });
      return;
    }
    case 'create-registry':
      await v2.registry.post({ name: call.name, subscriptionTierSlug: call.tier, region: call.region });
      return;
    case 'create-bucket':
      if (buckets === undefined) throw new PortError('spaces', 'unsupported', 'no Spaces key is set');
      await buckets.create(call.name);
      return;
    case 'create-firewall':
      await v2.firewalls.post(firewallBody(call));
      return;
    case 'update-firewall':
      await v2.firewalls.byFirewall_id(call.id).put(firewallBody(call));
      return;
    case 'create-domain':
      await v2.domains.post({ name: call.name });
      return;
    case 'create-record':
      await v2.domains.byDomain_name(call.domain).records.post({ ...call.record, ttl: 300 });
      return;
    default:
      assertNever(call);
  }
}

function newPool({ name, size, minNodes, maxNodes, labels, taints }: DeclaredPool) {
  return {
    name,
    size,
    autoScale: true,
    minNodes,
    maxNodes,
    labels: { additionalData: labels },
    taints: [...taints],
    tags: [],
  };
}

function firewallBody({ name, tags, inbound }: Extract<Call, { kind: 'create-firewall' | 'update-firewall' }>) {
  return {
    name,
    tags,
    inboundRules: inbound.map(({ protocol, ports }) => ({
      protocol,
      ports,
      sources: { addresses: ['0.0.0.0/0', '::/0'] },
    })),
    outboundRules: [],
  };
}
