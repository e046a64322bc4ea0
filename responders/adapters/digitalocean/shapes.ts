import { z } from 'zod';
import type { BlockVolume } from '../../ports.ts';

// What the SDK makes of an answer: names in camel case, absent fields null or undefined, and labels hidden in additionalData.
const text = z.string();
const whole = z.number().int().nonnegative();
const orZero = whole.nullish().transform((value) => value ?? 0);

const Labels = z
  .object({ additionalData: z.record(z.string(), z.unknown()).nullish() })
  .nullish()
  .transform((labels) => labels?.additionalData ?? undefined);

const Taint = z.object({ key: text, value: text.nullish().transform((value) => value ?? ''), effect: text });

/** A node pool with every field that its PUT wants back. */
export const Pool = z.object({
  id: text,
  name: text,
  size: text,
  count: whole,
  autoScale: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  minNodes: orZero,
  maxNodes: orZero,
  labels: Labels,
  taints: z
    .array(Taint)
    .nullish()
    .transform((taints) => taints ?? []),
  tags: z
    .array(text)
    .nullish()
    .transform((tags) => tags ?? []),
});
export type Pool = z.infer<typeof Pool>;

/** The answer of GET and PUT of one pool. */
export const OnePool = z.object({ nodePool: Pool });

const Cluster = z.object({
  id: text,
  name: text,
  nodePools: z
    .array(Pool)
    .nullish()
    .transform((pools) => pools ?? []),
});
export type Cluster = z.infer<typeof Cluster>;

/** A page of clusters, and how many there are on all pages. The SDK reads `links.pages.next` into the wrong type and loses it (1.19.0): pages are counted. */
export const Clusters = z.object({
  kubernetesClusters: z
    .array(Cluster)
    .nullish()
    .transform((clusters) => clusters ?? []),
  meta: z.object({ total: whole }),
});

/** The account; `dropletLimit` is a hard ceiling for every autoscaler. */
export const Account = z.object({ account: z.object({ dropletLimit: whole }) });

/** A page of Droplets, of which only the total is read. */
export const Droplets = z.object({ meta: z.object({ total: whole }) });

const Volume = z
  .object({ id: text, name: text, sizeGigabytes: z.number(), dropletIds: z.array(z.number()).nullish() })
  .transform(
    ({ id, name, sizeGigabytes, dropletIds }): BlockVolume => ({
      id,
      name,
      sizeGib: sizeGigabytes,
      droplets: (dropletIds ?? []).map(String),
    }),
  );

/** A page of volumes, and how many there are on all pages. */
export const Volumes = z.object({ volumes: z.array(Volume).nullish(), meta: z.object({ total: whole }) });

/** A page of snapshots. One without a size is not finished. */
export const Snapshots = z.object({
  snapshots: z.array(z.object({ name: text, sizeGigabytes: z.number().nullish() })).nullish(),
  meta: z.object({ total: whole }),
});

/** The balance; amounts are strings of dollars. */
export const Balance = z.object({ monthToDateUsage: text.regex(/^-?\d+(\.\d+)?$/).transform(Number) });
