import { z } from 'zod';
import { callJson } from '../../kernel/http.ts';
import type { Inventory, Invoice, PartName, Parts } from './domain.ts';
import * as billing from './source-billing-shapes.ts';
import {
  absentAs,
  type Caller,
  createCaller,
  type Listed,
  notYet,
  type Page,
  readPages,
  type SourceOptions,
} from './source-calls.ts';
import { createDotsClient, type DotsClient, type RateQuota } from './source-client.ts';
import { registryReaders } from './source-registry.ts';
import * as shapes from './source-shapes.ts';
import { readTransfer } from './source-transfer.ts';
import { monthOf } from './transfer.ts';

/** Reads one part; each call is counted and none is repeated: when to try again is the collector's to say. */
type Readers = {
  readonly [Name in PartName]: (known: Inventory['parts']) => Promise<Parts[Name] | typeof notYet>;
};

/** Everything read from DigitalOcean. */
export interface DigitalOceanSource {
  /** `counted` is told of each call, so that the cost of a part is known. */
  readers(counted: () => void): Readers;
  readonly quota: RateQuota | undefined;
}

/** Items of invoices that change no more, by invoice. */
type ClosedInvoices = Map<string, Invoice['items']>;

const itemisedInvoices = 3;
type Query = Readonly<Record<string, string | number>>;
/** Loads the SDK and makes the source of it. */
export async function createDigitalOceanSource(options: SourceOptions): Promise<DigitalOceanSource> {
  const seen: { quota: RateQuota | undefined } = { quota: undefined };
  const client = await createDotsClient({ ...options, onQuota: (quota) => Object.assign(seen, { quota }) });
  const closed: ClosedInvoices = new Map();
  return {
    readers: (counted) => createReaders(client, options, closed, counted),
    get quota() {
      return seen.quota;
    },
  };
}

function createReaders(
  client: DotsClient,
  options: SourceOptions,
  closed: ClosedInvoices,
  counted: () => void,
): Readers {
  const { v2 } = client;
  const call = createCaller(options, counted);
  const list = <T>(where: string, schema: Page<T>, path: Listed) => readPages(call, where, schema, path);
  const monitor = <T>(where: string, schema: z.ZodType<T>, path: string, query: Query) =>
    call(where, schema, () => callMonitoring(options, path, query));
  const invoices = createInvoiceReader(call, v2.customers.my.invoices, closed);
  return {
    account: () => call('account', shapes.Account, () => v2.account.get()),
    balance: () => call('balance', billing.Balance, () => v2.customers.my.balance.get()),
    invoices,
    async insights({ account }) {
      if (account?.value.teamId === undefined) return notYet;
      const nowMs = options.clock.now();
      const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
      const path = v2.billing
        .byAccount_urn(`do:team:${account.value.teamId}`)
        .insights.byStart_date(day(monthOf(nowMs).startMs))
        .byEnd_date(day(nowMs));
      return list('insights', billing.Insights, path);
    },
    sizes: () => list('sizes', shapes.Sizes, v2.sizes),
    droplets: () => list('droplets', shapes.Droplets, v2.droplets),
    clusters: () => list('clusters', shapes.Clusters, v2.kubernetes.clusters),
    databases: () => list('databases', shapes.Databases, v2.databases),
    loadBalancers: () => list('load_balancers', shapes.LoadBalancers, v2.load_balancers),
    volumes: () => list('volumes', shapes.Volumes, v2.volumes),
    snapshots: () => list('snapshots', shapes.Snapshots, v2.snapshots),
    ...registryReaders(call, v2.registry),
    reservedIps: () => list('reserved_ips', shapes.ReservedIps, v2.reserved_ips),
    certificates: () => list('certificates', shapes.Certificates, v2.certificates),
    domains: () => list('domains', shapes.Domains, v2.domains),
    spacesKeys: () => list('spaces_keys', shapes.SpacesKeys, v2.spaces.keys),
    async projects() {
      const projects = await list('projects', shapes.Projects, v2.projects);
      const found: Parts['projects'][number][] = [];
      for (const project of projects) {
        const path = v2.projects.byProject_id(project.id).resources;
        // A project may vanish between the two calls.
        const resources = await absentAs(undefined, () => list('project_resources', shapes.ProjectResources, path));
        if (resources !== undefined) found.push({ ...project, resources: resources.map(({ urn }) => urn) });
      }
      return found;
    },
    async transfer({ droplets, transfer }) {
      if (droplets === undefined) return notYet;
      const read = (dropletId: string, startMs: number, endMs: number) =>
        absentAs([], () =>
          monitor('droplet_bandwidth', shapes.Matrix, 'droplet/bandwidth', {
            host_id: dropletId,
            interface: 'public',
            direction: 'outbound',
            start: Math.floor(startMs / 1_000),
            end: Math.floor(endMs / 1_000),
          }),
        );
      return readTransfer(read, droplets.value, transfer?.value ?? [], options.clock.now());
    },
    async loads({ loadBalancers }) {
      if (loadBalancers === undefined) return notYet;
      const nowSeconds = Math.floor(options.clock.now() / 1_000);
      const found: Parts['loads'][number][] = [];
      for (const { id } of loadBalancers.value) {
        const latest = async (what: string) => {
          const points = await absentAs([], () =>
            monitor('load_balancer_metrics', shapes.Matrix, `load_balancer/${what}`, {
              lb_id: id,
              start: nowSeconds - 900,
              end: nowSeconds,
            }),
          );
          return points.at(-1)?.value;
        };
        found.push({
          id,
          connections: await latest('frontend_connections_current'),
          connectionLimit: await latest('frontend_connections_limit'),
        });
      }
      return found;
    },
  };
}

/** Invoices with their items: of the preview each time, of the last few closed ones once. */
function createInvoiceReader(
  call: Caller,
  path: DotsClient['v2']['customers']['my']['invoices'],
  kept: ClosedInvoices,
) {
  const items = (id: string) => readPages(call, 'invoice_items', billing.InvoiceItems, path.byInvoice_uuid(id));
  return async (): Promise<readonly Invoice[]> => {
    const where = 'invoices';
    const heads = await readPages(call, where, billing.Invoices, path);
    const preview = await call(where, billing.InvoicePreview, () =>
      path.get({ queryParameters: { page: 1, perPage: 1 } }),
    );
    const closed = [...heads].sort((a, b) => b.invoicePeriod.localeCompare(a.invoicePeriod));
    for (const { invoiceUuid } of closed.slice(0, itemisedInvoices))
      if (!kept.has(invoiceUuid)) kept.set(invoiceUuid, await items(invoiceUuid));
    const toInvoice = (head: billing.InvoiceHead, isPreview: boolean, lines: Invoice['items']): Invoice => ({
      id: head.invoiceUuid,
      period: head.invoicePeriod,
      amount: head.amount,
      isPreview,
      items: lines,
    });
    const running =
      preview === undefined ? [] : [toInvoice(preview, true, await absentAs([], () => items(preview.invoiceUuid)))];
    return [...running, ...closed.map((head) => toInvoice(head, false, kept.get(head.invoiceUuid)))];
  };
}

/** The monitoring routes' matrices do not survive the SDK: plain HTTP. */
function callMonitoring(options: SourceOptions, path: string, query: Query): Promise<unknown> {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const { token, timeoutMs = 15_000 } = options;
  return callJson(
    {
      peer: 'digitalocean',
      url: `${options.url.replace(/\/+$/, '')}/v2/monitoring/metrics/${path}?${search}`,
      headers: { authorization: `Bearer ${token}` },
      timeoutMs,
      secrets: [token],
    },
    z.unknown(),
  );
}
