import type { z } from 'zod';
import { createDotsClient, type DotsOptions } from '../../exporters/digitalocean/source-client.ts';
import { PortError } from '../../kernel/errors.ts';
import { callText } from '../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import type { DeclaredDatabase, Infrastructure } from '../../manifests/infrastructure/define.ts';
import { selfTest } from '../../responders/adapters/digitalocean/selftest.ts';
import type { Observed, ObservedDatabase } from '../infra/observed.ts';
import type { InfraCloud } from '../infra/port.ts';
import { type Buckets, send } from './digitalocean-calls.ts';
import type { InfraRoutes, Listed } from './digitalocean-routes.ts';
import * as shapes from './digitalocean-shapes.ts';

/** How to reach DigitalOcean; buckets are made through another API with keys of its own. */
export interface InfraCloudOptions extends Omit<DotsOptions, 'onQuota' | 'transport'> {
  readonly retry?: ReadRetry;
  readonly buckets?: Buckets;
}

const peer = 'digitalocean';
const pageSize = 200;

/** Loads the SDK, proves that it can read, and returns the live port. Throws a PortError (unsupported) for the broken install. */
export async function createInfraCloud(options: InfraCloudOptions): Promise<InfraCloud> {
  await selfTest();
  const routes = await createDotsClient<InfraRoutes>(options);
  const retried = createReadRetry(options.retry);
  const ask = <T>(schema: z.ZodType<T>, request: () => Promise<unknown>): Promise<T> =>
    retried(async () => understood(schema, await request()));
  const all = <T>(schema: Page<T>, path: Listed): Promise<readonly T[]> => readPages(ask, schema, path);
  return {
    observe: (declared) => observe(routes.v2, declared, { ask, all, buckets: options.buckets }),
    carryOut: (call) => send(routes, call, options.buckets),
    kubeconfig: (clusterId) =>
      callText({
        peer,
        url: `${options.url.replace(/\/+$/, '')}/v2/kubernetes/clusters/${encodeURIComponent(clusterId)}/kubeconfig`,
        headers: { authorization: `Bearer ${options.token}` },
        timeoutMs: options.timeoutMs ?? 15_000,
        secrets: [options.token],
      }),
  };
}

type Page<T> = z.ZodType<{ readonly items: readonly T[]; readonly total: number | undefined }>;
interface Readers {
  ask<T>(schema: z.ZodType<T>, request: () => Promise<unknown>): Promise<T>;
  all<T>(schema: Page<T>, path: Listed): Promise<readonly T[]>;
  readonly buckets: Buckets | undefined;
}

async function observe(v2: InfraRoutes['v2'], declared: Infrastructure, readers: Readers): Promise<Observed> {
  const { ask, all, buckets } = readers;
  const [
    account,
    droplets,
    vpcs,
    clusters,
    databases,
    firewalls,
    registry,
    domains,
    loadBalancers,
    sizes,
    versions,
    plans,
    names,
  ] = await Promise.all([
    ask(shapes.Account, () => v2.account.get()),
    ask(shapes.DropletTotal, () => v2.droplets.get({ queryParameters: { page: 1, perPage: 1 } })),
    all(shapes.Vpcs, v2.vpcs),
    all(shapes.Clusters, v2.kubernetes.clusters),
    ask(shapes.Databases, () => v2.databases.get()),
    all(shapes.Firewalls, v2.firewalls),
    orAbsent(ask(shapes.Registry, () => v2.registry.get())),
    all(shapes.Domains, v2.domains),
    all(shapes.LoadBalancers, v2.load_balancers),
    all(shapes.Sizes, v2.sizes),
    ask(shapes.KubernetesOptions, () => v2.kubernetes.optionsPath.get()),
    ask(shapes.DatabaseOptions, () => v2.databases.optionsPath.get()),
    buckets?.list(),
  ]);
  const layouts = (engine: 'pg' | 'valkey') => plans.options[engine]?.layouts.flatMap((layout) => layout.sizes) ?? [];
  const ours = new Map(declared.databases.map((database) => [database.name, database]));
  return {
    dropletLimit: account.account.dropletLimit,
    droplets: droplets.meta.total,
    vpcs,
    clusters,
    databases: await Promise.all(databases.items.map((one) => withParts(v2, one, ours.get(one.name), ask))),
    firewalls,
    registry: registry?.registry?.name,
    domains: await Promise.all(
      domains
        .filter(({ name }) => name === declared.domain.name)
        .map(async ({ name }) => ({
          name,
          records: await all(shapes.Records, v2.domains.byDomain_name(name).records),
        })),
    ),
    loadBalancers,
    buckets: names,
    offers: {
      sizes: sizes
        .filter(({ available, regions }) => available && regions.includes(declared.region))
        .map(({ slug }) => slug),
      versions: versions.options.versions.map(({ slug }) => slug),
      databaseSizes: { pg: [...new Set(layouts('pg'))], valkey: [...new Set(layouts('valkey'))] },
    },
  };
}

type BareDatabase = Omit<ObservedDatabase, 'trusted' | 'databases' | 'pools' | 'evictionPolicy'>;

/** The parts of a database that have routes of their own; only a declared one that is online is asked. */
async function withParts(
  v2: InfraRoutes['v2'],
  database: BareDatabase,
  declared: DeclaredDatabase | undefined,
  ask: Readers['ask'],
): Promise<ObservedDatabase> {
  if (declared === undefined || database.status !== 'online')
    return { ...database, trusted: [], databases: [], pools: [], evictionPolicy: undefined };
  const path = v2.databases.byDatabase_cluster_uuid(database.id);
  const relational = database.engine === 'pg';
  const [trusted, names, pools, eviction] = await Promise.all([
    ask(shapes.TrustedSources, () => path.firewall.get()),
    relational ? ask(shapes.DatabaseNames, () => path.dbs.get()) : { dbs: [] },
    relational ? ask(shapes.ConnectionPools, () => path.pools.get()) : { pools: [] },
    relational ? undefined : ask(shapes.EvictionPolicy, () => path.eviction_policy.get()),
  ]);
  return {
    ...database,
    trusted: trusted.rules,
    databases: names.dbs.map(({ name }) => name),
    pools: pools.pools.map(({ name }) => name),
    evictionPolicy: eviction?.evictionPolicy,
  };
}

/** All pages of a list; they are counted, since the SDK loses `links.pages.next` (1.19.0). */
async function readPages<T>(ask: Readers['ask'], schema: Page<T>, path: Listed): Promise<readonly T[]> {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await ask(schema, () => path.get({ queryParameters: { page, perPage: pageSize } }));
    found.push(...items);
    if (items.length === 0 || total === undefined || found.length >= total) return found;
  }
}

/** An account without a registry answers 404. */
async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PortError(peer, 'invalid', `unexpected answer: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
