import { z } from 'zod';
import { sumUsd } from '../../kernel/money.ts';
import type * as domain from './domain.ts';
import {
  cents,
  dollars,
  gib,
  id,
  list,
  number,
  optionalId,
  optionalNumber,
  optionalText,
  orZero,
  pageOf,
  regionSlug,
  text,
  textOr,
  time,
} from './source-fields.ts';

/** The account with its team. */
export const Account = z
  .object({
    account: z.object({
      dropletLimit: number,
      status: textOr('unknown'),
      team: z.object({ uuid: optionalText }).nullish(),
    }),
  })
  .transform(
    ({ account }): domain.Account => ({
      dropletLimit: account.dropletLimit,
      status: account.status,
      teamId: account.team?.uuid,
    }),
  );

export const Sizes = pageOf(
  'sizes',
  z
    .object({
      slug: text,
      vcpus: number,
      memory: number,
      disk: number,
      transfer: number,
      priceHourly: dollars,
      priceMonthly: dollars,
    })
    .transform(
      (size): domain.Size => ({
        slug: size.slug,
        vcpus: size.vcpus,
        memoryMib: size.memory,
        diskGib: size.disk,
        // Given in TB of 1,000 GiB: the bandwidth pages count a 1 TB allowance as 1,000 GiB.
        transferBytes: Math.round(size.transfer * 1_000 * gib),
        hourly: size.priceHourly,
        monthly: size.priceMonthly,
      }),
    ),
);

export const Droplets = pageOf(
  'droplets',
  z
    .object({
      id,
      name: text,
      sizeSlug: text,
      region: regionSlug,
      status: textOr('unknown'),
      createdAt: time,
      tags: list(text),
    })
    .transform(({ createdAt, ...droplet }): domain.Droplet => ({ ...droplet, createdAtMs: createdAt })),
);

const Pool = z
  .object({
    id: text,
    name: text,
    size: text,
    count: orZero,
    autoScale: z.boolean().nullish(),
    minNodes: orZero,
    maxNodes: orZero,
    nodes: list(z.object({ dropletId: optionalId })),
  })
  .transform(
    ({ nodes, autoScale, ...pool }): domain.Pool => ({
      ...pool,
      autoScale: autoScale ?? false,
      dropletIds: nodes.flatMap(({ dropletId }) => (dropletId === undefined || dropletId === '' ? [] : [dropletId])),
    }),
  );

export const Clusters = pageOf(
  'kubernetesClusters',
  z
    .object({
      id: text,
      name: text,
      region: textOr('unknown'),
      version: textOr('unknown'),
      ha: z.boolean().nullish(),
      status: z.object({ state: textOr('unknown') }).nullish(),
      nodePools: list(Pool),
    })
    .transform(
      ({ nodePools, status, ha, ...cluster }): domain.Cluster => ({
        ...cluster,
        ha: ha ?? false,
        status: status?.state ?? 'unknown',
        pools: nodePools,
      }),
    ),
);

export const Databases = pageOf(
  'databases',
  z
    .object({
      id: text,
      name: text,
      // The SDK drops a value that its list does not have; such a one gets the widest price range.
      engine: textOr('unknown'),
      version: textOr('unknown'),
      size: text,
      numNodes: number,
      storageSizeMib: optionalNumber,
      region: textOr('unknown'),
      status: textOr('unknown'),
      createdAt: time,
    })
    .transform(
      ({ numNodes, storageSizeMib, createdAt, ...database }): domain.Database => ({
        ...database,
        nodes: numNodes,
        storageMib: storageSizeMib,
        createdAtMs: createdAt,
      }),
    ),
);

export const LoadBalancers = pageOf(
  'loadBalancers',
  z
    .object({
      id: text,
      name: text,
      type: textOr('unknown'),
      sizeUnit: number.nullish(),
      region: regionSlug,
      status: textOr('unknown'),
      ip: optionalText,
      dropletIds: list(id),
    })
    .transform(({ sizeUnit, ...balancer }): domain.LoadBalancer => ({ ...balancer, sizeUnit: sizeUnit ?? 1 })),
);

export const Volumes = pageOf(
  'volumes',
  z
    .object({
      id: text,
      name: text,
      sizeGigabytes: number,
      region: regionSlug,
      dropletIds: list(id),
      tags: list(text),
      createdAt: time,
    })
    .transform(
      ({ sizeGigabytes, createdAt, ...volume }): domain.Volume => ({
        ...volume,
        sizeGib: sizeGigabytes,
        createdAtMs: createdAt,
      }),
    ),
);

export const Snapshots = pageOf(
  'snapshots',
  z
    .object({
      id,
      name: textOr(''),
      resourceType: textOr('unknown'),
      resourceId: textOr(''),
      sizeGigabytes: number,
      regions: list(text),
      createdAt: time,
    })
    .transform(
      ({ sizeGigabytes, createdAt, ...snapshot }): domain.Snapshot => ({
        ...snapshot,
        sizeGib: sizeGigabytes,
        createdAtMs: createdAt,
      }),
    ),
);

/** The subscription; prices in cents. */
export const Subscription = z
  .object({
    subscription: z.object({
      tier: z.object({
        slug: text,
        monthlyPriceInCents: cents,
        includedStorageBytes: number,
        storageOveragePriceInCents: cents.nullish(),
      }),
    }),
  })
  .transform(
    ({ subscription: { tier } }): Omit<domain.Registry, 'storageUsedBytes' | 'name'> => ({
      tier: tier.slug,
      monthly: tier.monthlyPriceInCents,
      includedStorageBytes: tier.includedStorageBytes,
      storageOverage: tier.storageOveragePriceInCents ?? sumUsd([]),
    }),
  );
export const RegistryUsage = z
  .object({ registry: z.object({ name: text, storageUsageBytes: number }) })
  .transform(({ registry }) => ({ name: registry.name, storageUsedBytes: registry.storageUsageBytes }));

export const Repositories = pageOf('repositories', z.object({ name: text }));

/** Manifests of a repository; one without tags is garbage. */
export const Manifests = pageOf(
  'manifests',
  z
    .object({ digest: text, tags: list(text), compressedSizeBytes: number.nullish(), updatedAt: time })
    .transform(({ digest, tags, compressedSizeBytes, updatedAt }) => ({
      digest,
      tags,
      bytes: compressedSizeBytes ?? 0,
      pushedAtMs: updatedAt,
    })),
);

/** A null Droplet arrives as an empty object. */
export const ReservedIps = pageOf(
  'reservedIps',
  z
    .object({ ip: text, region: regionSlug, droplet: z.object({ id: optionalId }).nullish() })
    .transform(({ ip, region, droplet }): domain.ReservedIp => ({ ip, region, dropletId: droplet?.id })),
);

export const Certificates = pageOf(
  'certificates',
  z
    .object({ id: text, name: text, notAfter: time, state: textOr('unknown') })
    .transform(({ notAfter, ...certificate }): domain.Certificate => ({ ...certificate, notAfterMs: notAfter })),
);

export const Domains = pageOf('domains', z.object({ name: text }));

/** The key itself is left where it is. */
export const SpacesKeys = pageOf(
  'keys',
  z.object({ name: text, grants: list(z.object({ bucket: textOr('') })) }).transform(
    ({ name, grants }): domain.SpacesKey => ({
      name,
      buckets: grants.flatMap(({ bucket }) => (bucket === '' ? [] : [bucket])),
    }),
  ),
);

export const Projects = pageOf(
  'projects',
  z.object({
    id: text,
    name: text,
    isDefault: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
  }),
);
export const ProjectResources = pageOf('resources', z.object({ urn: text }));

/** The matrix of the monitoring routes, which the SDK cannot represent and plain HTTP reads: pairs of seconds and value. */
export const Matrix = z
  .object({ data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), text])) })) }) })
  .transform(({ data }) =>
    (data.result[0]?.values ?? []).flatMap(([seconds, value]) => {
      const amount = Number(value);
      return Number.isFinite(amount) && amount >= 0 ? [{ atMs: seconds * 1_000, value: amount }] : [];
    }),
  );
export type MatrixPoint = z.infer<typeof Matrix>[number];
