import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FakeEstate } from './digitalocean-estate.ts';
import { type FakeCluster, type FakePool, Refused } from './digitalocean-pools.ts';

/** A database cluster as the API lists it, with the parts that have routes of their own. */
interface FakeDatabase {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  readonly size: string;
  readonly region: string;
  readonly num_nodes: number;
  readonly private_network_uuid: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  status: string;
  looks?: number;
  readonly parts: {
    rules: { type: string; value: string }[];
    dbs: string[];
    pools: { name: string; db: string }[];
    evictionPolicy: string;
  };
}

/** What infrastructure is made of beside clusters; a database becomes usable after so many looks at the list. */
export interface FakeInfra {
  vpcs: { id: string; name: string; region: string; ip_range: string }[];
  databases: FakeDatabase[];
  firewalls: { id: string; name: string; tags: string[]; inbound_rules: object[]; outbound_rules: object[] }[];
  records: Record<string, { id: number; type: string; name: string; data: string }[]>;
  /** Looks until what was asked for is ready. */
  provisionLooks: number;
}

/** Nothing made yet. */
export function emptyInfra(): FakeInfra {
  return { vpcs: [], databases: [], firewalls: [], records: {}, provisionLooks: 2 };
}

/** What a route answers; undefined where there is no such route. */
interface Made {
  readonly status: number;
  readonly body: object | undefined;
}

const text = z.string().min(1);
const Taint = z.object({ key: text, value: text, effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']) });
const Pool = z.object({
  name: text,
  size: text,
  count: z.number().int().positive().optional(),
  auto_scale: z.boolean().default(false),
  min_nodes: z.number().int().nonnegative().default(0),
  max_nodes: z.number().int().nonnegative().default(0),
  labels: z.record(z.string(), z.string()).default({}),
  taints: z.array(Taint).default([]),
  tags: z.array(z.string()).default([]),
});
const Vpc = z.object({ name: text, region: text, ip_range: text.regex(/^10\.|^172\.|^192\.168\./) });
const Cluster = z.object({
  name: text,
  region: text,
  version: text,
  vpc_uuid: text,
  cluster_subnet: text,
  service_subnet: text,
  ha: z.boolean(),
  tags: z.array(z.string()).default([]),
  node_pools: z.array(Pool).min(1),
});
const Database = z.object({
  name: text,
  engine: z.enum(['pg', 'valkey', 'mysql']),
  version: text,
  size: text,
  region: text,
  num_nodes: z.number().int().min(1).max(3),
  private_network_uuid: text,
  tags: z.array(z.string()).default([]),
});
const Rules = z.object({
  rules: z.array(z.object({ type: z.enum(['k8s', 'ip_addr', 'droplet', 'tag', 'app']), value: text })),
});
const Firewall = z.object({
  name: text,
  tags: z.array(text),
  inbound_rules: z.array(
    z.object({
      protocol: z.enum(['tcp', 'udp', 'icmp']),
      ports: text,
      sources: z.object({ addresses: z.array(text).min(1) }),
    }),
  ),
  outbound_rules: z.array(z.object({})).default([]),
});
const Record_ = z.object({ type: z.enum(['A', 'CNAME', 'CAA', 'TXT']), name: text, data: text, ttl: z.number() });

/** The account as these routes change it. */
export interface InfraAccount {
  readonly clusters: FakeCluster[];
  readonly dropletLimit: number;
  readonly estate: FakeEstate;
  readonly infra: FakeInfra;
}

/** Answers what makes infrastructure; undefined for every other route. Throws Refused where the API would say 422. */
export function infraRoute(method: string, path: string, body: unknown, account: InfraAccount): Made | undefined {
  const { infra, estate } = account;
  const part = /^\/v2\/databases\/([^/]+)\/(firewall|dbs|pools|eviction_policy)$/.exec(path);
  if (part !== null) {
    const database = infra.databases.find(({ id }) => id === part[1]);
    return database === undefined ? undefined : databasePart(method, part[2] ?? '', body, database);
  }
  const pools = /^\/v2\/kubernetes\/clusters\/([^/]+)\/node_pools$/.exec(path);
  const records = /^\/v2\/domains\/([^/]+)\/records$/.exec(path);
  const firewall = /^\/v2\/firewalls\/([^/]+)$/.exec(path);
  if (method === 'POST' && pools !== null) return made('node_pool', addPool(pools[1] ?? '', body, account));
  if (method === 'POST' && records !== null) return made('domain_record', addRecord(records[1] ?? '', body, infra));
  if (method === 'PUT' && firewall !== null) return changeFirewall(firewall[1] ?? '', body, infra);
  if (method !== 'POST') return undefined;
  switch (path) {
    case '/v2/vpcs': {
      const wanted = parsed(Vpc, body);
      unique('VPC', wanted.name, infra.vpcs);
      return made('vpc', add(infra.vpcs, { id: randomUUID(), ...wanted }));
    }
    case '/v2/kubernetes/clusters':
      return made('kubernetes_cluster', addCluster(parsed(Cluster, body), account));
    case '/v2/databases': {
      const { tags, ...wanted } = parsed(Database, body);
      unique('database cluster', wanted.name, infra.databases);
      const parts = { rules: [], dbs: ['defaultdb'], pools: [], evictionPolicy: 'allkeys_lru' };
      const created_at = '2026-01-01T00:00:00Z';
      return made(
        'database',
        add(infra.databases, { id: randomUUID(), ...wanted, tags, created_at, status: 'creating', looks: 0, parts }),
      );
    }
    case '/v2/firewalls': {
      const wanted = parsed(Firewall, body);
      unique('firewall', wanted.name, infra.firewalls);
      return made('firewall', add(infra.firewalls, { id: randomUUID(), ...wanted }));
    }
    case '/v2/registry': {
      const { name } = parsed(z.object({ name: text, subscription_tier_slug: text, region: text }), body);
      if (estate.registry !== undefined) throw new Refused('registry already exists');
      estate.registry = { subscription: { tier: { slug: 'professional' } }, registry: { name } };
      return made('registry', { name });
    }
    case '/v2/domains': {
      const { name } = parsed(z.object({ name: text }), body);
      if (estate.domains.some((one) => 'name' in one && one.name === name)) throw new Refused('domain already exists');
      infra.records[name] = [];
      return made('domain', add(estate.domains, { name, ttl: 1_800 }));
    }
    default:
      return undefined;
  }
}

/** Lists that move: each look brings what is being made a little nearer. */
export function advance({ databases, provisionLooks }: FakeInfra, clusters: readonly FakeCluster[]): void {
  for (const cluster of clusters) {
    if (cluster.status?.state !== 'provisioning') continue;
    cluster.looks = (cluster.looks ?? 0) + 1;
    if (cluster.looks > provisionLooks) cluster.status = { state: 'running' };
  }
  for (const database of databases) {
    if (database.status !== 'creating') continue;
    database.looks = (database.looks ?? 0) + 1;
    if (database.looks > provisionLooks) database.status = 'online';
  }
}

function databasePart(method: string, part: string, body: unknown, { parts }: FakeDatabase): Made | undefined {
  if (method === 'GET')
    switch (part) {
      case 'firewall':
        return { status: 200, body: { rules: parts.rules.map((rule) => ({ uuid: randomUUID(), ...rule })) } };
      case 'dbs':
        return { status: 200, body: { dbs: parts.dbs.map((name) => ({ name })) } };
      case 'pools':
        return { status: 200, body: { pools: parts.pools } };
      default:
        return { status: 200, body: { eviction_policy: parts.evictionPolicy } };
    }
  if (method === 'PUT' && part === 'firewall') {
    parts.rules = parsed(Rules, body).rules;
    return { status: 204, body: undefined };
  }
  if (method === 'PUT' && part === 'eviction_policy') {
    parts.evictionPolicy = parsed(z.object({ eviction_policy: text }), body).eviction_policy;
    return { status: 204, body: undefined };
  }
  if (method !== 'POST' || part !== 'pools') return undefined;
  const pool = parsed(
    z.object({ name: text, mode: z.enum(['transaction', 'session', 'statement']), size: z.number(), db: text }),
    body,
  );
  unique('pool', pool.name, parts.pools);
  if (!parts.dbs.includes(pool.db)) throw new Refused(`database ${pool.db} does not exist`);
  return made('pool', add(parts.pools, pool));
}

function addCluster(wanted: z.infer<typeof Cluster>, { clusters, infra, dropletLimit }: InfraAccount): object {
  unique('cluster', wanted.name, clusters);
  if (!infra.vpcs.some(({ id }) => id === wanted.vpc_uuid)) throw new Refused('vpc_uuid does not exist');
  const id = randomUUID();
  const { node_pools, tags, ...rest } = wanted;
  const pools = node_pools.map((pool) => fakePool(pool, id));
  if (pools.reduce((sum, { count }) => sum + count, 0) > dropletLimit) throw new Refused('droplet limit exceeded');
  return add(clusters, {
    id,
    ...rest,
    tags: [...tags, 'k8s', `k8s:${id}`],
    node_pools: pools,
    status: { state: 'provisioning' },
    looks: 0,
  });
}

function addPool(clusterId: string, body: unknown, { clusters }: InfraAccount): object {
  const cluster = clusters.find(({ id }) => id === clusterId);
  if (cluster === undefined) throw new Refused('no such cluster');
  const wanted = parsed(Pool, body);
  unique('node pool', wanted.name, cluster.node_pools);
  return add(cluster.node_pools, fakePool(wanted, clusterId));
}

function fakePool(wanted: z.infer<typeof Pool>, clusterId: string): FakePool {
  if (wanted.auto_scale && (wanted.max_nodes === 0 || wanted.min_nodes > wanted.max_nodes))
    throw new Refused('min_nodes must be at most max_nodes');
  if (!wanted.auto_scale && wanted.count === undefined) throw new Refused('count is required');
  return {
    ...wanted,
    id: randomUUID(),
    count: wanted.count ?? wanted.min_nodes,
    tags: [...wanted.tags, 'k8s', `k8s:${clusterId}`, 'k8s:worker'],
  };
}

function addRecord(domain: string, body: unknown, infra: FakeInfra): object {
  const records = infra.records[domain];
  if (records === undefined) throw new Refused('no such domain');
  return add(records, { id: records.length + 1, ...parsed(Record_, body) });
}

function changeFirewall(id: string, body: unknown, infra: FakeInfra): Made | undefined {
  const found = infra.firewalls.find((one) => one.id === id);
  if (found === undefined) return undefined;
  Object.assign(found, parsed(Firewall, body));
  return { status: 200, body: { firewall: found } };
}

function made(key: string, value: object): Made {
  return { status: 201, body: { [key]: value } };
}

function add<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}

function unique(what: string, name: string, list: readonly { readonly name: string }[]): void {
  if (list.some((one) => one.name === name)) throw new Refused(`a ${what} with this name already exists`);
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refused(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid body'}`);
}
