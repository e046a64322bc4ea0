import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { PortError, type PortErrorCode } from '../../kernel/errors.ts';
import { callJson } from '../../kernel/http.ts';
import type { Ledger } from './budget.ts';
import type { Inventory, Invoice, PartName, Parts } from './domain.ts';
import * as billing from './source-billing-shapes.ts';
import { createDotsClient, type DotsClient, type DotsOptions, type RateQuota } from './source-client.ts';
import * as shapes from './source-shapes.ts';
import { readTransfer } from './source-transfer.ts';
import { monthOf } from './transfer.ts';

/** A part that waits for another which was not read yet. */
export const notYet = 'not-yet';

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

/** How to reach the API, and what counts the calls. */
export interface SourceOptions extends Omit<DotsOptions, 'onQuota'> {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly onCall: (route: string, code: 'ok' | PortErrorCode) => void;
}

/** Makes a call: leave is taken first, the outcome counted, and a missing scope named. */
type Caller = <T>(route: Route, schema: z.ZodType<T>, ask: () => Promise<unknown>) => Promise<T>;

/** A route as metrics name it, and the scope that a token needs for it. */
interface Route {
  readonly name: string;
  readonly scope: string;
}
const route = (name: string, scope: string): Route => ({ name, scope });

/** Items of invoices that change no more, by invoice. */
type ClosedInvoices = Map<string, Invoice['items']>;

const pageSize = 200;
const itemisedInvoices = 3;
type Page<T> = z.ZodType<{ items: readonly T[]; total: number | undefined }>;
type Query = Readonly<Record<string, string | number>>;
interface Listed {
  get(request?: { queryParameters?: Query }): Promise<unknown>;
}

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
  const list = <T>(where: Route, schema: Page<T>, path: Listed) => readPages(call, where, schema, path);
  const monitor = <T>(where: Route, schema: z.ZodType<T>, path: string, query: Query) =>
    call(where, schema, () => callMonitoring(options, path, query));
  const invoices = createInvoiceReader(call, v2.customers.my.invoices, closed);
  return {
    account: () => call(route('account', 'account:read'), shapes.Account, () => v2.account.get()),
    balance: () => call(route('balance', 'billing:read'), billing.Balance, () => v2.customers.my.balance.get()),
    invoices,
    async insights({ account }) {
      if (account?.value.teamId === undefined) return notYet;
      const nowMs = options.clock.now();
      const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
      const path = v2.billing
        .byAccount_urn(`do:team:${account.value.teamId}`)
        .insights.byStart_date(day(monthOf(nowMs).startMs))
        .byEnd_date(day(nowMs));
      return list(route('insights', 'billing:read'), billing.Insights, path);
    },
    sizes: () => list(route('sizes', 'sizes:read'), shapes.Sizes, v2.sizes),
    droplets: () => list(route('droplets', 'droplet:read'), shapes.Droplets, v2.droplets),
    clusters: () => list(route('clusters', 'kubernetes:read'), shapes.Clusters, v2.kubernetes.clusters),
    databases: () => list(route('databases', 'database:read'), shapes.Databases, v2.databases),
    loadBalancers: () => list(route('load_balancers', 'load_balancer:read'), shapes.LoadBalancers, v2.load_balancers),
    volumes: () => list(route('volumes', 'block_storage:read'), shapes.Volumes, v2.volumes),
    snapshots: () => list(route('snapshots', 'snapshot:read'), shapes.Snapshots, v2.snapshots),
    async registry() {
      const subscription = await absentAs(undefined, () =>
        call(route('registry_subscription', 'registry:read'), shapes.Subscription, () =>
          v2.registry.subscription.get(),
        ),
      );
      if (subscription === undefined) return undefined;
      const storageUsedBytes = await absentAs(undefined, () =>
        call(route('registry', 'registry:read'), shapes.RegistryUsage, () => v2.registry.get()),
      );
      return { ...subscription, storageUsedBytes };
    },
    reservedIps: () => list(route('reserved_ips', 'reserved_ip:read'), shapes.ReservedIps, v2.reserved_ips),
    certificates: () => list(route('certificates', 'certificate:read'), shapes.Certificates, v2.certificates),
    domains: () => list(route('domains', 'domain:read'), shapes.Domains, v2.domains),
    spacesKeys: () => list(route('spaces_keys', 'spaces_key:read'), shapes.SpacesKeys, v2.spaces.keys),
    async projects() {
      const projects = await list(route('projects', 'project:read'), shapes.Projects, v2.projects);
      const found: Parts['projects'][number][] = [];
      for (const project of projects) {
        const path = v2.projects.byProject_id(project.id).resources;
        // A project may vanish between the two calls.
        const resources = await absentAs(undefined, () =>
          list(route('project_resources', 'project:read'), shapes.ProjectResources, path),
        );
        if (resources !== undefined) found.push({ ...project, resources: resources.map(({ urn }) => urn) });
      }
      return found;
    },
    async transfer({ droplets, transfer }) {
      if (droplets === undefined) return notYet;
      const read = (dropletId: string, startMs: number, endMs: number) =>
        absentAs([], () =>
          monitor(route('droplet_bandwidth', 'monitoring:read'), shapes.Matrix, 'droplet/bandwidth', {
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
            monitor(route('load_balancer_metrics', 'monitoring:read'), shapes.Matrix, `load_balancer/${what}`, {
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

function createCaller({ ledger, clock, onCall }: SourceOptions, counted: () => void): Caller {
  return async (where, schema, ask) => {
    await ledger.take();
    counted();
    try {
      const parsed = schema.safeParse(await ask());
      if (!parsed.success) throw unexpected(where, parsed.error);
      onCall(where.name, 'ok');
      return parsed.data;
    } catch (error) {
      const code = error instanceof PortError ? error.code : 'unavailable';
      onCall(where.name, code);
      if (error instanceof PortError && error.retryAfterMs !== undefined && error.code === 'throttled')
        ledger.quietUntil(clock.now() + error.retryAfterMs);
      if (error instanceof PortError && (error.code === 'forbidden' || error.code === 'unauthorized'))
        throw new PortError('digitalocean', error.code, lacking(where, error.code), { cause: error });
      throw error;
    }
  };
}

function lacking({ name, scope }: Route, code: 'forbidden' | 'unauthorized'): string {
  return code === 'forbidden'
    ? `the token lacks the scope ${scope}, which ${name} needs`
    : `${name}: the token is not accepted`;
}

function unexpected({ name }: Route, error: z.ZodError): PortError {
  const [issue] = error.issues;
  return new PortError(
    'digitalocean',
    'invalid',
    `unexpected answer of ${name}: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** All pages. Pages are counted, since the SDK loses links.pages.next. Where the total changes on the way an item may have slipped from one page to the other: all is read again, twice at most. */
async function readPages<T>(call: Caller, where: Route, schema: Page<T>, path: Listed): Promise<readonly T[]> {
  for (let attempt = 1; ; attempt += 1) {
    const found: T[] = [];
    let total: number | undefined;
    let moved = false;
    for (let page = 1; ; page += 1) {
      const answer = await call(where, schema, () => path.get({ queryParameters: { page, perPage: pageSize } }));
      found.push(...answer.items);
      moved ||= total !== undefined && answer.total !== total;
      total = answer.total;
      if (total === undefined || found.length >= total || answer.items.length === 0) break;
    }
    if (total === undefined || (found.length === total && !moved)) return found;
    if (attempt === 3) throw new PortError('digitalocean', 'conflict', `${where.name} kept changing while it was read`);
  }
}

/** Invoices with their items: of the preview each time, of the last few closed ones once. */
function createInvoiceReader(
  call: Caller,
  path: DotsClient['v2']['customers']['my']['invoices'],
  kept: ClosedInvoices,
) {
  const items = (id: string) =>
    readPages(call, route('invoice_items', 'billing:read'), billing.InvoiceItems, path.byInvoice_uuid(id));
  return async (): Promise<readonly Invoice[]> => {
    const where = route('invoices', 'billing:read');
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

async function absentAs<T, A>(absent: A, read: () => Promise<T>): Promise<T | A> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return absent;
    throw error;
  }
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
