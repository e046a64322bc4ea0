import type { Infrastructure, ResourceKind } from '../../manifests/infrastructure/define.ts';
import { rangesOverlap, reservedOverlap } from '../../manifests/infrastructure/ranges.ts';
import type { Observed } from './observed.ts';
import type { Problem } from './plan-types.ts';

/** What would go wrong half way, found before the first call: overlapping ranges, sizes and versions that nobody sells, too few Droplets. */
export function preflight(declared: Infrastructure, observed: Observed): readonly Problem[] {
  return [
    ...rangeProblems(declared, observed),
    ...offerProblems(declared, observed),
    ...dropletProblems(declared, observed),
    ...nameProblems(declared, observed),
  ];
}

function rangeProblems(declared: Infrastructure, observed: Observed): readonly Problem[] {
  const { vpc, cluster, region } = declared;
  const ranges: readonly { resource: ResourceKind; what: string; range: string }[] = [
    { resource: 'vpc', what: 'VPC', range: vpc.ipRange },
    { resource: 'cluster', what: 'pods', range: cluster.podRange },
    { resource: 'cluster', what: 'services', range: cluster.serviceRange },
  ];
  const others = [
    ...observed.vpcs
      .filter(({ name }) => name !== vpc.name)
      .map(({ name, ipRange }) => ({ of: `VPC ${name}`, range: ipRange })),
    ...observed.clusters
      .filter(({ name }) => name !== cluster.name)
      .flatMap(({ name, podRange, serviceRange }) =>
        [podRange, serviceRange].flatMap((range) => (range === undefined ? [] : [{ of: `cluster ${name}`, range }])),
      ),
  ];
  return ranges.flatMap(({ resource, what, range }, index): Problem[] => {
    const reserved = reservedOverlap(range, region);
    const clash =
      ranges
        .slice(index + 1)
        .map(({ what: of, range: other }) => ({ of: `the range of ${of}`, range: other }))
        .find((other) => rangesOverlap(range, other.range)) ??
      others.find((other) => rangesOverlap(range, other.range));
    return [
      ...(reserved === undefined
        ? []
        : [
            problem(
              resource,
              `${what}: ${range} touches ${reserved.range}, which DigitalOcean keeps for itself`,
              'choose another range for the environment',
            ),
          ]),
      ...(clash === undefined
        ? []
        : [
            problem(
              resource,
              `${what}: ${range} overlaps ${clash.of} (${clash.range})`,
              'give the environment another network',
            ),
          ]),
    ];
  });
}

function offerProblems(
  { cluster, databases, region }: Infrastructure,
  { offers, clusters, databases: standing }: Observed,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { name, size } of cluster.pools)
    if (!offers.sizes.includes(size))
      problems.push(
        problem(
          'cluster',
          `pool ${name}: region ${region} has no ${size}`,
          'choose a size from `GET /v2/sizes`, or another region',
        ),
      );
  if (
    !clusters.some(({ name }) => name === cluster.name) &&
    newestPatch(cluster.minorVersion, offers.versions) === undefined
  )
    problems.push(
      problem(
        'cluster',
        `DOKS offers no ${cluster.minorVersion}; it has ${offers.versions.join(', ') || 'none'}`,
        'choose a minor version that is offered',
      ),
    );
  for (const { kind, name, engine, size } of databases) {
    const sizes = offers.databaseSizes[engine] ?? [];
    if (!standing.some((one) => one.name === name) && !sizes.includes(size))
      problems.push(
        problem(
          kind,
          `${name}: there is no ${size} for ${engine}`,
          `choose one of ${sizes.slice(0, 8).join(', ') || 'none: the engine is not offered'}`,
        ),
      );
  }
  return problems;
}

function dropletProblems(
  { cluster }: Infrastructure,
  { dropletLimit, droplets, clusters }: Observed,
): readonly Problem[] {
  const standing = clusters.find(({ name }) => name === cluster.name)?.pools ?? [];
  const have = new Map(standing.map(({ name, count }) => [name, count]));
  const most = cluster.pools.reduce((sum, pool) => sum + pool.maxNodes, 0);
  const others = droplets - [...have.values()].reduce((sum, count) => sum + count, 0);
  if (others + most <= dropletLimit) return [];
  return [
    problem(
      'cluster',
      `pools may grow to ${most} nodes beside ${others} other Droplets, but the account may have ${dropletLimit}`,
      'ask DigitalOcean for a higher Droplet limit, or lower maxNodes: the autoscaler would stop there in the middle of a peak',
    ),
  ];
}

/** Two things of one name, or one in another region, are not ours to choose between. */
function nameProblems(declared: Infrastructure, observed: Observed): readonly Problem[] {
  const named: readonly {
    resource: ResourceKind;
    name: string;
    found: readonly { name: string; region?: string }[];
  }[] = [
    { resource: 'vpc', name: declared.vpc.name, found: observed.vpcs },
    { resource: 'cluster', name: declared.cluster.name, found: observed.clusters },
    ...declared.databases.map(({ kind, name }) => ({ resource: kind, name, found: observed.databases })),
    { resource: 'firewall', name: declared.firewall.name, found: observed.firewalls },
  ];
  return named.flatMap(({ resource, name, found }): Problem[] => {
    const same = found.filter((one) => one.name === name);
    if (same.length > 1)
      return [
        problem(
          resource,
          `${same.length} are named ${name}`,
          'rename or remove all but one by hand: nothing here decides which',
        ),
      ];
    const region = same[0]?.region;
    return region === undefined || region === declared.region
      ? []
      : [
          problem(
            resource,
            `${name} is in ${region}, not in ${declared.region}`,
            'choose the region it is in: nothing moves between regions',
          ),
        ];
  });
}

/** The newest patch of a minor version, of a list that is newest first. */
export function newestPatch(minor: string, versions: readonly string[]): string | undefined {
  return versions.find((version) => version.startsWith(`${minor}.`));
}

function problem(resource: ResourceKind, says: string, todo: string): Problem {
  return { resource, says, todo };
}
