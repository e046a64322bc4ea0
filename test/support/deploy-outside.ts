import pg from 'pg';
import { createInfraCloud } from '../../deploy/adapters/digitalocean.ts';
import { createDatabaseAdmin } from '../../deploy/adapters/postgres.ts';
import { productDatabase } from '../../deploy/database/plan.ts';
import { applyInfrastructure } from '../../deploy/infra/apply.ts';
import { fieldOf, type KubeObject } from '../../deploy/kube/object.ts';
import type { Kube } from '../../deploy/kube/port.ts';
import { databasePart } from '../../deploy/parts/database.ts';
import { infrastructurePart } from '../../deploy/parts/infrastructure.ts';
import type { DeployOptions } from '../../deploy/phases/ports.ts';
import { systemClock } from '../../kernel/clock.ts';
import { startDigitalOceanFake } from '../../lab/fakes/digitalocean.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import { testDatabase } from './database.ts';

const token = 'dop_v1_0123456789abcdef0123456789abcdef';
/** The password of the product's user; no output may have it. */
export const databasePassword = 'a-password-of-the-test';

/** What a deployment reaches outside the cluster, as another process can be told of it. */
export interface OutsideAddress {
  readonly digitaloceanUrl: string;
  readonly adminUrl: string;
  /** Of this test alone: roles belong to the server, which tests share. */
  readonly suffix: string;
}

/** What DigitalOcean and PostgreSQL hold of what the phases make. */
interface OutsideState {
  readonly databases: readonly {
    readonly name: string;
    readonly rules: readonly { readonly type: string }[];
    readonly pools: readonly { readonly db: string }[];
  }[];
  readonly firewalls: readonly { readonly name: string }[];
  readonly records: readonly { readonly type: string; readonly name: string; readonly data: string }[];
  readonly server: { readonly indexes: readonly Record<string, unknown>[] };
}

/** A stateful DigitalOcean that has what costs money and nothing else, and a real PostgreSQL that has nothing. */
export interface Outside {
  readonly address: OutsideAddress;
  parts(kube: Kube): DeployOptions['parts'];
  /** The secret that the services, and with them phase 5, read. */
  readonly credentials: KubeObject;
  readonly cloudOptions: { readonly token: string; readonly url: string };
  /** DigitalOcean lists a database of that name. */
  lists(database: string): void;
  /** The account has the load balancer. */
  balances(ip: string): void;
  addressesOf(host: string): readonly string[];
  /** What both hold, without what changes by itself. */
  state(): Promise<OutsideState>;
  /** Nothing of what the phases make; database and load balancer, for which some wait, are there. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const names = (suffix: string) => ({
  database: `gomeet-${suffix}`,
  user: `app-${suffix}`,
  readers: `readers-${suffix}`,
});

/** The parts of the phases at those addresses. Before the database is looked at once the services run, tables are made, as the services do at their start. */
export function outsideParts(
  { digitaloceanUrl: url, adminUrl, suffix }: OutsideAddress,
  kube: Kube,
  declared: Infrastructure,
): DeployOptions['parts'] {
  const { database, readers } = names(suffix);
  const part = databasePart(() => createDatabaseAdmin(adminUrl), kube, namespace, { ...productDatabase, readers });
  return {
    infrastructure: infrastructurePart(() => createInfraCloud({ token, url }), declared, systemClock),
    database: {
      ...part,
      async run(tell) {
        const auth = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'auth-service' };
        if (fieldOf(await kube.get(auth), 'status', 'availableReplicas') !== undefined)
          await onServer(adminUrl, database, [
            'create table if not exists meetings (id int, created_at timestamptz)',
            'create table if not exists participants (meeting_id int)',
          ]);
        return await part.run(tell);
      },
    },
  };
}

/** Starts it, with what `gomeet infra apply` has made. */
export async function startOutside(declared: Infrastructure): Promise<Outside> {
  const adminUrl = await testDatabase();
  const suffix = new URL(adminUrl).pathname.slice(1, 12);
  const fake = await startDigitalOceanFake({
    token,
    clusters: [],
    dropletLimit: 100,
    monthToDateUsd: 0,
    maxPageSize: 20,
  });
  fake.account.infra.provisionLooks = 0;
  const made = await applyInfrastructure({
    declared,
    cloud: await createInfraCloud({ token, url: fake.url }),
    clock: systemClock,
    skip: new Set(['firewall', 'domain']),
    pollMs: 10,
  });
  if (made.is !== 'done') throw new Error(JSON.stringify(made));
  const balances = (ip: string) => {
    fake.account.estate.loadBalancers = [{ name: declared.loadBalancer.name, ip, status: 'active' }];
  };
  const { database, user, readers } = names(suffix);
  const address = { digitaloceanUrl: fake.url, adminUrl, suffix };
  const value = (text: string) => Buffer.from(text).toString('base64');
  return {
    address,
    parts: (kube) => outsideParts(address, kube, declared),
    credentials: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'digitalocean-credentials', namespace },
      data: {
        DO_POSTGRES_DBNAME: value(database),
        DO_POSTGRES_USER: value(user),
        DO_POSTGRES_PASSWORD: value(databasePassword),
      },
    },
    cloudOptions: { token, url: fake.url },
    lists(name) {
      for (const { engine, parts } of fake.account.infra.databases) if (engine === 'pg') parts.dbs.push(name);
    },
    balances: (ip) => balances(ip),
    addressesOf(host) {
      const { name: domain } = declared.domain;
      const label = host === domain ? '@' : host.slice(0, -domain.length - 1);
      return (fake.account.infra.records[domain] ?? []).filter(({ name }) => name === label).map(({ data }) => data);
    },
    async state() {
      const { databases, firewalls, records } = fake.account.infra;
      const own = [database, user, readers];
      const [found] = await onServer(adminUrl, undefined, [
        `select array(select datname::text from pg_database where datname in (${own.map((name) => `'${name}'`).join()}) order by 1) as databases,
                array(select rolname::text from pg_roles where rolname in (${own.map((name) => `'${name}'`).join()}) order by 1) as roles`,
      ]);
      const indexes =
        found?.['databases']?.toString() === ''
          ? []
          : await onServer(adminUrl, database, [
              `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'idx_%' order by 1`,
            ]);
      return {
        databases: databases.map(({ name, parts }) => ({ name, ...parts })),
        firewalls: firewalls.map(({ name, tags, inbound_rules: rules }) => ({ name, tags, rules })),
        records: Object.values(records).flatMap((all) => all.map(({ type, name, data }) => ({ type, name, data }))),
        server: { ...found, indexes },
      };
    },
    async reset() {
      for (const { parts } of fake.account.infra.databases)
        Object.assign(parts, { rules: [], dbs: ['defaultdb', 'gomeet'], pools: [], evictionPolicy: 'allkeys_lru' });
      Object.assign(fake.account.infra, { firewalls: [], records: {} });
      fake.account.estate.domains = [];
      balances('203.0.113.7');
      const quoted = (name: string) => pg.escapeIdentifier(name);
      await onServer(adminUrl, undefined, [
        `drop database if exists ${quoted(database)} with (force)`,
        `drop role if exists ${quoted(user)}`,
        `drop role if exists ${quoted(readers)}`,
      ]);
    },
    stop: () => fake.stop(),
  };
}

async function onServer(adminUrl: string, database: string | undefined, statements: readonly string[]) {
  const url = new URL(adminUrl);
  if (database !== undefined) url.pathname = `/${database}`;
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const sql of statements) ({ rows } = await client.query<Record<string, unknown>>(sql));
    return rows;
  } finally {
    await client.end();
  }
}
