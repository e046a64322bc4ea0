import { type MicroUsd, timesUsd } from '../../kernel/money.ts';
import { nodeSize, type PriceBook, prices } from '../prices.ts';
import type { Estate } from './estate.ts';
import { billedHours, type Period } from './hours.ts';
import { type Bill, type CostKind, type CostLine, type Estimate, exactly, type Unpriced } from './lines.ts';
import { databasePrice, monthlyPrice } from './table.ts';

const gib = 1024 ** 3;

/** What is the same for every line of one bill. */
interface Frame {
  readonly estate: Estate;
  readonly period: Period;
  readonly book: PriceBook;
  /** Hours of the period that are billed for what was made then, or before. */
  hoursSince(createdAtMs: number | undefined): number;
  projectOf(urn: string): string | undefined;
}

type Priced = { readonly line: CostLine } | { readonly unpriced: Unpriced };

/** What an estate costs over a period: DigitalOcean's own prices first, then the book, and a finding for what neither knows. Nothing is billed for more than the cap of hours a month. */
export function priceEstate(estate: Estate, period: Period, book: PriceBook = prices): Bill {
  const projects = new Map(
    (estate.projects ?? []).flatMap(({ name, resources }) =>
      resources.map((urn) => [urn.toLowerCase(), name] as const),
    ),
  );
  const frame: Frame = {
    estate,
    period,
    book,
    hoursSince: (createdAtMs) =>
      billedHours({ ...period, fromMs: Math.max(period.fromMs, createdAtMs ?? period.fromMs) }, book.billedHoursCap),
    projectOf: (urn) => projects.get(urn.toLowerCase()),
  };
  const priced = [
    ...droplets(frame),
    ...clusters(frame),
    ...databases(frame),
    ...loadBalancers(frame),
    ...storage(frame),
    ...addresses(frame),
    ...registry(frame),
    ...spaces(frame),
    ...transfer(frame),
  ];
  return {
    lines: priced.flatMap((one) => ('line' in one ? [one.line] : [])),
    unpriced: priced.flatMap((one) => ('unpriced' in one ? [one.unpriced] : [])),
  };
}

function droplets(frame: Frame): Priced[] {
  const places = new Map(
    (frame.estate.clusters ?? []).flatMap((cluster) =>
      cluster.pools.flatMap((pool) =>
        pool.dropletIds.map((id) => [id, { cluster: cluster.name, clusterId: cluster.id, pool: pool.name }] as const),
      ),
    ),
  );
  return (frame.estate.droplets ?? []).map(({ id, name, sizeSlug, region, createdAtMs }) => {
    const place = places.get(id);
    const kind = place === undefined ? 'droplet' : 'node';
    const api = frame.estate.sizes?.find(({ slug }) => slug === sizeSlug)?.hourly;
    const hourly = api ?? nodeSize(sizeSlug, frame.book)?.hourly;
    if (hourly === undefined) return unpriced(kind, id, name, `no price for the size ${sizeSlug}`);
    const hours = frame.hoursSince(createdAtMs);
    return line(frame, {
      id,
      name,
      kind,
      sku: sizeSlug,
      region,
      project: frame.projectOf(place === undefined ? `do:droplet:${id}` : `do:kubernetes:${place.clusterId}`),
      cluster: place?.cluster,
      pool: place?.pool,
      quantity: hours,
      unit: 'node-hours',
      cost: exactly(timesUsd(hourly as MicroUsd, hours)),
      origin: api === undefined ? 'table' : 'api',
    });
  });
}

function clusters(frame: Frame): Priced[] {
  return (frame.estate.clusters ?? [])
    .filter(({ ha }) => ha)
    .map(({ id, name, region }) =>
      byMonth(frame, 'control-plane-ha', 1, undefined, {
        id,
        name: `${name} control plane`,
        kind: 'control-plane',
        sku: 'ha',
        region,
        cluster: name,
        project: frame.projectOf(`do:kubernetes:${id}`),
      }),
    );
}

function databases(frame: Frame): Priced[] {
  return (frame.estate.databases ?? []).map(({ id, name, engine, size, nodes, region, createdAtMs }) => {
    const price = databasePrice(engine, size, frame.book);
    if (price === undefined) return unpriced('database', id, name, `no price for ${engine} ${size}`);
    const about = { id, name, kind: 'database', sku: `${engine} ${size}`, region } as const;
    return monthly(frame, price, nodes, createdAtMs, { ...about, project: frame.projectOf(`do:dbaas:${id}`) });
  });
}

function loadBalancers(frame: Frame): Priced[] {
  return (frame.estate.loadBalancers ?? []).map(({ id, name, type, sizeUnit, region }) => {
    const item = type === 'REGIONAL_NETWORK' ? 'load-balancer-network' : 'load-balancer-http';
    const project = frame.projectOf(`do:loadbalancer:${id}`);
    return byMonth(frame, item, sizeUnit, undefined, { id, name, kind: 'load-balancer', sku: item, region, project });
  });
}

function storage(frame: Frame): Priced[] {
  const volumes = (frame.estate.volumes ?? []).map(({ id, name, sizeGib, region, createdAtMs }) =>
    byMonth(frame, 'volume', sizeGib, createdAtMs, {
      id,
      name,
      kind: 'volume',
      sku: 'volume',
      region,
      project: frame.projectOf(`do:volume:${id}`),
    }),
  );
  const snapshots = (frame.estate.snapshots ?? []).map(({ id, name, sizeGib, regions, createdAtMs }) =>
    byMonth(frame, 'snapshot', sizeGib, createdAtMs, {
      id,
      name,
      kind: 'snapshot',
      sku: 'snapshot',
      region: regions[0],
    }),
  );
  return [...volumes, ...snapshots];
}

function addresses(frame: Frame): Priced[] {
  return (frame.estate.reservedIps ?? [])
    .filter(({ dropletId }) => dropletId === undefined)
    .map(({ ip, region }) =>
      byMonth(frame, 'reserved-ip', 1, undefined, { id: ip, name: ip, kind: 'reserved-ip', sku: 'idle', region }),
    );
}

function registry(frame: Frame): Priced[] {
  const found = frame.estate.registry;
  if (found === undefined) return [];
  const overGib = Math.max(0, (found.storageUsedBytes ?? 0) - found.includedStorageBytes) / gib;
  const price = exactly((found.monthly + timesUsd(found.storageOverage as MicroUsd, overGib)) as MicroUsd);
  const about = { id: 'registry', name: 'container registry', kind: 'registry', sku: found.tier } as const;
  return [monthly(frame, { price, unit: 'registry', origin: 'api' }, 1, undefined, { ...about, region: undefined })];
}

function spaces(frame: Frame): Priced[] {
  if ((frame.estate.spacesKeys ?? []).length === 0) return [];
  const about = { id: 'spaces', name: 'Spaces', kind: 'spaces', sku: 'subscription', region: undefined } as const;
  return [
    byMonth(frame, 'spaces', 1, undefined, about),
    unpriced('spaces', 'spaces-storage', 'Spaces above 250 GiB', 'how much the buckets hold is not in the API'),
  ];
}

/** What went out above the pool. The pool is the team's: each Droplet adds its share by the hours it ran. */
function transfer(frame: Frame): Priced[] {
  const { transfer: sent, droplets: running, sizes } = frame.estate;
  if (sent === undefined || running === undefined) return [];
  const shares = running.map(({ sizeSlug, createdAtMs }) => {
    const whole = sizes?.find(({ slug }) => slug === sizeSlug)?.transferBytes;
    return whole === undefined ? undefined : (whole * frame.hoursSince(createdAtMs)) / frame.book.billedHoursCap;
  });
  if (shares.includes(undefined))
    return [unpriced('transfer', 'transfer', 'outbound transfer', 'the allowance of a size is not known')];
  const poolBytes = shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  const sentBytes = sent.reduce((sum, { outboundBytes }) => sum + outboundBytes, 0);
  const overGib = Math.max(0, sentBytes - poolBytes) / gib;
  return [
    line(frame, {
      id: 'transfer',
      name: 'outbound transfer above the pool',
      kind: 'transfer',
      sku: 'outbound',
      region: undefined,
      project: undefined,
      cluster: undefined,
      pool: undefined,
      quantity: overGib,
      unit: 'GiB',
      cost: exactly(timesUsd(frame.book.transferPerGib, overGib)),
      origin: 'table',
    }),
  ];
}

type About = Pick<CostLine, 'id' | 'name' | 'kind' | 'sku' | 'region'> &
  Partial<Pick<CostLine, 'project' | 'cluster' | 'pool'>>;

function byMonth(frame: Frame, item: string, count: number, createdAtMs: number | undefined, about: About): Priced {
  const price = monthlyPrice(item, frame.book);
  if (price === undefined) return unpriced(about.kind, about.id, about.name, `the price book has no ${item}`);
  return monthly(frame, price, count, createdAtMs, about);
}

/** What is priced by the month is billed by the hour: a 672nd of it, up to the cap. */
function monthly(
  frame: Frame,
  { price, unit, origin = 'table' }: { price: Estimate; unit: string; origin?: CostLine['origin'] },
  count: number,
  createdAtMs: number | undefined,
  about: About,
): Priced {
  const hours = frame.hoursSince(createdAtMs);
  const of = (amount: MicroUsd) => timesUsd(amount, (count * hours) / frame.book.billedHoursCap);
  const cost = { best: of(price.best), low: of(price.low), high: of(price.high) };
  return line(frame, {
    project: undefined,
    cluster: undefined,
    pool: undefined,
    ...about,
    quantity: count * hours,
    unit: `${unit}-hours`,
    cost,
    origin,
  });
}

function line(frame: Frame, it: Omit<CostLine, 'pricedOn'>): Priced {
  const pricedOn = it.origin === 'api' ? new Date(frame.period.untilMs).toISOString().slice(0, 10) : frame.book.asOf;
  return { line: { ...it, pricedOn } };
}

function unpriced(kind: CostKind, id: string, name: string, says: string): Priced {
  return { unpriced: { kind, id, name, says } };
}

/** The estate as if all of it had always stood: for rates and full months. */
export function undated(estate: Estate): Estate {
  return {
    ...estate,
    droplets: always(estate.droplets),
    databases: always(estate.databases),
    volumes: always(estate.volumes),
    snapshots: always(estate.snapshots),
  };
}

function always<T extends object>(items: readonly T[] | undefined) {
  return items?.map((item) => ({ ...item, createdAtMs: undefined }));
}
