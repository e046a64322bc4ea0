import type { MicroUsd } from '../../kernel/money.ts';

/** The account; `dropletLimit` is a hard ceiling for every autoscaler. */
export interface Account {
  readonly dropletLimit: number;
  readonly status: string;
  readonly teamId: string | undefined;
}

/** What the account owes, as of `generatedAtMs`; the estimate is made nightly to hourly by DigitalOcean. */
export interface Balance {
  readonly monthToDateUsage: MicroUsd;
  readonly monthToDateBalance: MicroUsd;
  readonly accountBalance: MicroUsd;
  readonly generatedAtMs: number | undefined;
}

/** An invoice, or the preview of the running month, which has no updates of its own. */
export interface Invoice {
  readonly id: string;
  /** `YYYY-MM`, UTC. */
  readonly period: string;
  readonly amount: MicroUsd;
  readonly isPreview: boolean;
  /** Undefined for an invoice so old that its items are not read. */
  readonly items: readonly InvoiceItem[] | undefined;
}

/** One line of an invoice; amounts may be negative (credits). */
export interface InvoiceItem {
  readonly product: string;
  readonly resourceId: string | undefined;
  readonly resourceUuid: string | undefined;
  readonly group: string | undefined;
  readonly description: string;
  readonly amount: MicroUsd;
  readonly duration: number | undefined;
  readonly durationUnit: string | undefined;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly project: string | undefined;
}

/** A day's estimate for one SKU; the days do not add up to the invoice (API documentation). */
export interface InsightPoint {
  readonly startMs: number;
  readonly amount: MicroUsd;
  readonly sku: string;
  readonly region: string | undefined;
  readonly description: string;
  readonly group: string | undefined;
}

/** A Droplet size with its price and its share of the transfer pool. */
export interface Size {
  readonly slug: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly transferBytes: number;
  readonly hourly: MicroUsd;
  readonly monthly: MicroUsd;
}

/** A Droplet; workers of a cluster carry its id in a tag `k8s:<cluster id>`. */
export interface Droplet {
  readonly id: string;
  readonly name: string;
  readonly sizeSlug: string;
  readonly region: string;
  readonly status: string;
  readonly createdAtMs: number | undefined;
  readonly tags: readonly string[];
}

/** A cluster with its pools; `ha` is billed. */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly version: string;
  readonly status: string;
  readonly ha: boolean;
  readonly pools: readonly Pool[];
}

/** A node pool; the limits are 0 where it does not autoscale. */
export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly size: string;
  readonly count: number;
  readonly autoScale: boolean;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly dropletIds: readonly string[];
}

/** A managed database; the API gives no price for it. */
export interface Database {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
  /** Undefined where the API does not say. */
  readonly storageMib: number | undefined;
  readonly region: string;
  readonly status: string;
  readonly createdAtMs: number | undefined;
}

/** A load balancer; the API gives no price for it. */
export interface LoadBalancer {
  readonly id: string;
  readonly name: string;
  /** `REGIONAL`, `REGIONAL_NETWORK`, `GLOBAL`, or what DigitalOcean adds. */
  readonly type: string;
  readonly sizeUnit: number;
  readonly region: string | undefined;
  readonly status: string;
  readonly ip: string | undefined;
  readonly dropletIds: readonly string[];
}

/** A block storage volume; one without Droplets is idle and billed. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly sizeGib: number;
  readonly region: string;
  readonly dropletIds: readonly string[];
  readonly tags: readonly string[];
  readonly createdAtMs: number | undefined;
}

/** A snapshot of a Droplet or a volume. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** `droplet`, `volume`, or what DigitalOcean adds. */
  readonly resourceType: string;
  readonly resourceId: string;
  readonly sizeGib: number;
  readonly regions: readonly string[];
  readonly createdAtMs: number | undefined;
}

/** An image that a tag names: by each of its tags and by its digest. */
export interface PushedImage {
  readonly tags: readonly string[];
  readonly digest: string;
  readonly pushedAtMs: number;
}

/** A repository of the registry, with its manifests that no tag names: what garbage collection takes. */
export interface Repository {
  readonly name: string;
  readonly untagged: number;
  /** Compressed; layers that a tagged manifest shares are counted and stay, so it is the most that comes free. */
  readonly untaggedBytes: number;
  /** The newest of those that a tag names, the newest first. */
  readonly images: readonly PushedImage[];
}

/** The registry's subscription; its prices are the API's own. */
export interface Registry {
  /** Undefined when no registry was found under the subscription. */
  readonly name: string | undefined;
  readonly tier: string;
  readonly monthly: MicroUsd;
  readonly includedStorageBytes: number;
  /** Per GiB and month above what is included. */
  readonly storageOverage: MicroUsd;
  /** Undefined when no registry was found under the subscription. */
  readonly storageUsedBytes: number | undefined;
}

/** A reserved address; without a Droplet it is billed. */
export interface ReservedIp {
  readonly ip: string;
  readonly region: string;
  readonly dropletId: string | undefined;
}

/** A TLS certificate held by DigitalOcean. */
export interface Certificate {
  readonly id: string;
  readonly name: string;
  readonly notAfterMs: number | undefined;
  readonly state: string;
}

/** A DNS zone. */
export interface Domain {
  readonly name: string;
}

/** A Spaces key, with the buckets that it names; sizes are not in this API. */
export interface SpacesKey {
  readonly name: string;
  readonly buckets: readonly string[];
}

/** A project, with its resources as `do:<type>:<id>`. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly resources: readonly string[];
}

/** Outbound public traffic of one Droplet since the month began, or since we know it. */
export interface DropletTransfer {
  readonly dropletId: string;
  readonly outboundBytes: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Connections of a load balancer now, and the most that it takes. */
export interface LoadBalancerLoad {
  readonly id: string;
  readonly connections: number | undefined;
  readonly connectionLimit: number | undefined;
}

/** What is read of an account, part by part. */
export interface Parts {
  readonly account: Account;
  readonly balance: Balance;
  readonly invoices: readonly Invoice[];
  readonly insights: readonly InsightPoint[];
  readonly sizes: readonly Size[];
  readonly droplets: readonly Droplet[];
  readonly clusters: readonly Cluster[];
  readonly databases: readonly Database[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly volumes: readonly Volume[];
  readonly snapshots: readonly Snapshot[];
  /** Undefined when the account has none. */
  readonly registry: Registry | undefined;
  readonly repositories: readonly Repository[];
  readonly reservedIps: readonly ReservedIp[];
  readonly certificates: readonly Certificate[];
  readonly domains: readonly Domain[];
  readonly spacesKeys: readonly SpacesKey[];
  readonly projects: readonly Project[];
  readonly transfer: readonly DropletTransfer[];
  readonly loads: readonly LoadBalancerLoad[];
}
export type PartName = keyof Parts;

/** One part as it was read last. */
export interface Reading<T> {
  readonly value: T;
  readonly readAtMs: number;
}

/** Why a part is old or missing: the route, the kind of failure, and a sentence that names the scope a token lacks. */
export interface Gap {
  readonly part: PartName;
  readonly code: string;
  readonly message: string;
}

/** The account as it was read last; a part that is absent was never read or is too old to be shown, which is never to be taken for empty. */
export interface Inventory {
  readonly parts: { readonly [Name in PartName]?: Reading<Parts[Name]> | undefined };
  readonly gaps: readonly Gap[];
}
