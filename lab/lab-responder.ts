import { compressDuration } from '../alerts/compress.ts';
import type { Limits } from '../alerts/define.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { usd } from '../kernel/money.ts';
import { workloads } from '../manifests/catalogue/index.ts';
import { sfuWorkload } from '../manifests/catalogue/livekit-sfu.ts';
import { nodeSize } from '../model/prices.ts';
import type { Declared } from '../responders/act/define.ts';
import { AlertmanagerApi } from '../responders/adapters/alertmanager.ts';
import { PrometheusMetrics } from '../responders/adapters/prometheus.ts';
import { openAuth } from '../responders/console/auth.ts';
import { type Timings, timings } from '../responders/core.ts';
import type { People } from '../responders/interact/permissions.ts';
import type { ResponderOptions } from '../responders/main.ts';
import type { Cloud, Cluster, FleetSource, Notifier } from '../responders/ports.ts';
import { quietCalendar } from './calendar.ts';
import { labAlerts } from './lab-config.ts';
import { labPool } from './pool.ts';

/** What the operations runbook allows a month to cost, in dollars. */
export const labBudgetUsd = 35_000;

/** Production's timings divided by the factor. What a busy laptop could not keep to, polling and leases, has a floor. */
export function labTimings(factor: number): Timings {
  const scaled = Object.fromEntries(
    Object.entries(timings).map(([name, ms]) => [name, Math.round(ms / factor)]),
  ) as unknown as Timings;
  return {
    ...scaled,
    tickMs: Math.max(scaled.tickMs, 100),
    leaseMs: Math.max(scaled.leaseMs, 5_000),
    retryMs: Math.max(scaled.retryMs, 100),
    worldMs: Math.max(scaled.worldMs, 150),
  };
}

/** The limits of a schedule or a person's request with every duration divided. */
export function labLimits(limits: Limits, factor: number): Limits {
  return {
    ...limits,
    cooldown: compressDuration(limits.cooldown, factor),
    verifyWithin: compressDuration(limits.verifyWithin, factor),
    maxDataAge: compressDuration(limits.maxDataAge, factor),
    breakerFor: compressDuration(limits.breakerFor, factor),
    approvalWithin: compressDuration(limits.approvalWithin, factor),
    holdFor: compressDuration(limits.holdFor, factor),
  };
}

/** What a lab platform declares of itself: the catalogue's ceilings and prices, its own floor. */
export function labDeclared(sfuFloor: number): Declared {
  const nodeCostPerHour = nodeSize(labPool.size)?.hourly ?? usd(0);
  return {
    sfu: {
      deployment: sfuWorkload.name,
      pool: labPool.name,
      floor: sfuFloor,
      ceiling: sfuWorkload.maxReplicas,
      nodeCostPerHour,
    },
    workloads: workloads.flatMap(({ name, restartable, pool }) =>
      pool === undefined ? [] : [{ name, restartable, pool }],
    ),
    pools: [{ name: labPool.name, maxNodes: labPool.maxNodes, nodeCostPerHour }],
  };
}

/** Two people at the console, who may both do everything: a destructive act needs two. */
export const labPeople: People = ['alex', 'sam'].map((name) => ({
  name,
  subjects: [`console:${name}`],
  roles: ['view', 'operate', 'approve'],
}));

/** A call that somebody would have got. */
export interface Page {
  readonly atMs: number;
  readonly title: string;
}

/** A pager that only remembers. */
export function rememberingNotifier(clock: Clock = systemClock): Notifier & { readonly pages: readonly Page[] } {
  const pages = new Map<string, Page>();
  return {
    name: 'lab pager',
    async page({ dedupKey, title }) {
      if (!pages.has(dedupKey)) pages.set(dedupKey, { atMs: clock.now(), title });
    },
    get pages() {
      return [...pages.values()];
    },
  };
}

/** What a lab responder needs to be told. */
export interface LabResponderOptions {
  readonly factor: number;
  readonly databaseUrl: string;
  readonly webhookToken: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly cluster: Cluster;
  readonly fleet: FleetSource;
  readonly cloud: Cloud;
  readonly notifiers: readonly Notifier[];
  readonly beside?: Pick<ResponderOptions['ports'], 'objects' | 'databases' | 'edge' | 'backups'>;
  readonly sfuFloor: number;
  readonly listenAddress: string;
  readonly consoleAddress?: string;
  readonly log?: Log;
}

/** The production responder, wired to a lab: the same alerts, guards and actions with durations divided. */
export function labResponder(options: LabResponderOptions): ResponderOptions {
  const { factor, databaseUrl, webhookToken, cluster, fleet, cloud, notifiers } = options;
  return {
    databaseUrl,
    webhookToken,
    listenAddress: options.listenAddress,
    consoleAddress: options.consoleAddress ?? '127.0.0.1:0',
    auth: openAuth(labPeople.map(({ name }) => name)),
    people: labPeople,
    ports: {
      ...options.beside,
      cluster,
      fleet,
      cloud,
      alertmanager: new AlertmanagerApi({ url: options.alertmanagerUrl }),
    },
    metrics: new PrometheusMetrics({ url: options.prometheusUrl }),
    notifiers,
    alerts: labAlerts(factor),
    declared: labDeclared(options.sfuFloor),
    budget: usd(labBudgetUsd),
    clock: systemClock,
    log: options.log ?? silentLog,
    timings: labTimings(factor),
    scaleLimits: (limits) => labLimits(limits, factor),
    // Every minute of production, thirty times as fast.
    patterns: quietCalendar({ 'sfu-scale-in': `*/${Math.max(1, Math.round(60 / factor))} * * * * *` }),
  };
}
