import { addresses, overlaps } from '../../model/fit/ranges.ts';
import { poolSize, postgresConnections } from '../connections.ts';
import type { Environment } from '../environments/define.ts';
import { evictableAtLeast, hasBudget, mayBeEvicted } from '../files/disruption-budgets.ts';
import { reservedRanges } from '../settings.ts';
import type { Finding } from './define.ts';

/** Everything beside processors, memory and media. */
export function otherFindings(environment: Environment): readonly Finding[] {
  return [
    ...hostPorts(environment),
    ...volumes(environment),
    ...disruption(environment),
    connections(environment),
    ...ranges(environment),
    dropletLimit(environment),
  ];
}

/** Two pods on a node's own network must not want the same port of it. */
function hostPorts({ workloads }: Environment): readonly Finding[] {
  const onHost = workloads.filter(({ privilege }) => privilege?.hostNetwork);
  const taken = Map.groupBy(
    onHost.flatMap(({ name, ports }) => ports.map(({ port, protocol }) => ({ name, port: `${port}/${protocol}` }))),
    ({ port }) => port,
  );
  const twice = [...taken].filter(([, users]) => new Set(users.map(({ name }) => name)).size > 1);
  return [
    {
      check: 'host-ports',
      about: onHost.map(({ name }) => name).join(', '),
      fits: twice.length === 0,
      arithmetic:
        twice.length === 0
          ? `${taken.size} ports of a node, each wanted once; so one SFU a node`
          : twice
              .map(([port, users]) => `${port} is wanted by ${users.map(({ name }) => name).join(' and ')}`)
              .join('; '),
      ...(twice.length === 0 ? {} : { change: 'another port, or pods off the host network' }),
    },
  ];
}

/** A DigitalOcean volume is on one node at a time: replicas of a Deployment would share one claim. */
function volumes({ workloads }: Environment): readonly Finding[] {
  return workloads
    .filter(({ storage }) => storage !== undefined && storage.length > 0)
    .map(({ name, kind, maxReplicas, storage = [] }): Finding => {
      const gib = storage.reduce((sum, one) => sum + one.gib, 0);
      const shared = kind === 'Deployment' && maxReplicas > 1;
      return {
        check: 'volumes',
        about: name,
        fits: !shared,
        arithmetic: `${maxReplicas} x ${gib} GiB, ReadWriteOnce, ${shared ? 'one claim for all replicas of a Deployment' : 'a claim for each replica'}`,
        ...(shared ? { change: 'a StatefulSet, whose replicas have a claim each' } : {}),
      };
    });
}

/** A budget must leave something to evict, unless holding on is the point. */
function disruption({ workloads }: Environment): readonly Finding[] {
  const counted = workloads.filter(hasBudget);
  const blocked = counted.filter((workload) => mayBeEvicted(workload) > 0 && evictableAtLeast(workload) < 1);
  const held = counted.filter((workload) => mayBeEvicted(workload) === 0).map(({ name }) => name);
  return [
    {
      check: 'disruption',
      about: `${counted.length} budgets`,
      fits: blocked.length === 0,
      arithmetic:
        blocked.length > 0
          ? blocked
              .map(
                ({ name, minAvailable, replicas }) =>
                  `the budget of ${name} keeps ${minAvailable}, its autoscaler's least is ${replicas}: no node with one of them could ever be emptied`,
              )
              .join('; ')
          : `at the least replicas each budget leaves one pod to evict and one to stay${held.length === 0 ? '' : `; ${held.join(' and ')} on purpose none: a node of theirs is emptied by the responder, never by an eviction`}`,
      ...(blocked.length === 0
        ? {}
        : {
            change: blocked
              .map(({ name, replicas }) => `a budget of ${name} that keeps at most ${replicas - 1}, or more replicas`)
              .join('; '),
          }),
    },
  ];
}

function connections(environment: Environment): Finding {
  const { settings, workloads } = environment;
  const limit = postgresConnections(settings.postgresql);
  const bouncers = workloads.find(({ name }) => name === 'pgbouncer-do')?.maxReplicas ?? 0;
  const each = poolSize(environment);
  const sum = bouncers * each + settings.reservedConnections;
  return {
    check: 'connections',
    about: 'postgresql',
    fits: sum <= limit,
    arithmetic: `${bouncers} PgBouncers x ${each} + ${settings.reservedConnections} kept back = ${sum} of ${limit} (25 a GiB, 1,000 at most, less 3)`,
    ...(sum <= limit
      ? {}
      : {
          change: `at most ${Math.floor((limit - settings.reservedConnections) / Math.max(bouncers, 1))} connections a PgBouncer`,
        }),
  };
}

function ranges({ settings, pools }: Environment): readonly Finding[] {
  const own = [
    ['VPC', settings.vpcRange],
    ['pods', settings.podRange],
    ['Services', settings.serviceRange],
  ] as const;
  const reserved = reservedRanges.filter(({ region }) => region === undefined || region === settings.region);
  const clashes = own.flatMap(([what, range], index) => [
    ...reserved
      .filter((one) => overlaps(range, one.range))
      .map((one) => `${what} ${range} is DigitalOcean's own ${one.range}`),
    ...own
      .slice(index + 1)
      .filter(([, other]) => overlaps(range, other))
      .map(([other, at]) => `${what} ${range} overlaps ${other} ${at}`),
  ]);
  const nodes = pools.reduce((sum, { maxNodes }) => sum + maxNodes, 0);
  // DOKS gives each node a /25 of the pods' range.
  const room = Math.floor(addresses(settings.podRange) / 128);
  return [
    {
      check: 'ranges',
      about: own.map(([what, range]) => `${what} ${range}`).join(', '),
      fits: clashes.length === 0,
      arithmetic: clashes.length === 0 ? 'apart from each other and from what DigitalOcean keeps' : clashes.join('; '),
      ...(clashes.length === 0
        ? {}
        : { change: 'a range of 10.100.0.0/14, before the cluster is made: it can never be changed' }),
    },
    {
      check: 'ranges',
      about: `pods ${settings.podRange}`,
      fits: nodes <= room,
      arithmetic: `${nodes} nodes at the most of the ${room} that get a /25 each`,
      ...(nodes <= room ? {} : { change: 'a larger range of pods' }),
    },
  ];
}

function dropletLimit({ settings, pools }: Environment): Finding {
  const most = pools.reduce((sum, { maxNodes }) => sum + maxNodes, 0);
  return {
    check: 'droplet-limit',
    about: 'account',
    fits: most <= settings.dropletLimit,
    arithmetic: `${pools.map(({ name, maxNodes }) => `${name} ${maxNodes}`).join(' + ')} = ${most} nodes at the most of ${settings.dropletLimit} Droplets`,
    ...(most <= settings.dropletLimit
      ? {}
      : { change: `ask DigitalOcean to raise the limit to ${most}, or lower the most of a pool` }),
  };
}
