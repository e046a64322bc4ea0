import { hostname } from 'node:os';
import type { Alert, Limits } from '../alerts/define.ts';
import type { Clock } from '../kernel/clock.ts';
import { PortError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { Declared } from './act/define.ts';
import { actions } from './act/index.ts';
import { type Core, timings as productionTimings, type Timings } from './core.ts';
import { createIncidentDesk } from './desk/incident-desk.ts';
import { createResponderMetrics } from './metrics.ts';
import type {
  Alertmanager,
  Backups,
  Cloud,
  Cluster,
  Databases,
  Edge,
  FleetSource,
  Metrics,
  Notifier,
  Objects,
  Outside,
  Registry,
} from './ports.ts';
import { createLoop } from './reconcile/loop.ts';
import { openDatabase } from './store/database.ts';
import { migrate } from './store/migrations.ts';
import { createWorldCache } from './world.ts';

/** What the core of a responder is made of: store, peers, limits. The command line runs it without the servers around it. */
export interface CoreOptions {
  readonly databaseUrl: string;
  readonly ports: {
    readonly cluster: Cluster;
    readonly fleet: FleetSource;
    readonly alertmanager: Alertmanager;
    readonly cloud: Cloud;
    /** Without it every procedure that needs an object is refused by name. */
    readonly objects?: Objects;
    readonly databases?: Databases;
    readonly backups?: Backups;
    readonly registry?: Registry;
    readonly edge?: Edge;
    readonly outside?: Outside;
  };
  readonly metrics: Metrics;
  readonly notifiers: readonly Notifier[];
  readonly alerts: readonly Alert[];
  readonly declared: Declared;
  readonly budget: MicroUsd;
  readonly clock: Clock;
  readonly log: Log;
  readonly name?: string;
  readonly timings?: Partial<Timings>;
  /** The lab divides the durations of schedules and requests. */
  readonly scaleLimits?: (limits: Limits) => Limits;
  readonly dryRun?: boolean;
}

/** A core whose loop can be started. */
export interface StartedCore {
  readonly core: Core;
  readonly stop: AbortController;
  /** Starts polling the platform and the loop. */
  run(consoleUrl: string | undefined): void;
  /** Who is told that something has changed. */
  onChange(listener: () => void): void;
  /** After `stop`: waits for what is under way, lets go of the store. */
  close(): Promise<void>;
}

/** Opens the store and makes the core on it; nothing is looked at before `run`. */
export async function startCore(options: CoreOptions): Promise<StartedCore> {
  const { clock, log } = options;
  const database = openDatabase(options.databaseUrl);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const instruments = createResponderMetrics(Object.keys(actions));
  const stop = new AbortController();
  let consoleUrl: string | undefined;
  let loopWake = (): void => undefined;
  let nudge = (): void => undefined;

  const world = createWorldCache(options.ports, clock, {
    failed: (part, error) => {
      instruments.peerErrors.inc({ peer: error.peer, code: error.code });
      log.warn({ part, error: error.message }, 'a part of the platform could not be read');
    },
    recovered: () => {
      void database
        .query(
          `update episode set due_at = clock_timestamp() where closed_at is null and refusal in ('stale-data', 'no-target')`,
        )
        .then(
          () => loopWake(),
          () => undefined,
        );
    },
  });
  const name = options.name ?? `${hostname()}-${process.pid}`;
  const core: Core = {
    name,
    database,
    clock,
    log,
    alerts: new Map(options.alerts.map((alert) => [alert.name, alert])),
    ports: {
      ...options.ports,
      objects: options.ports.objects ?? noObjects,
      databases: options.ports.databases ?? noDatabases,
      backups: options.ports.backups ?? noBackups,
      registry: options.ports.registry ?? noRegistry,
      edge: options.ports.edge ?? noEdge,
      outside: options.ports.outside ?? noOutside,
      metrics: options.metrics,
      desk: createIncidentDesk(database, options.notifiers, { consoleUrl: () => consoleUrl, clock, log }),
    },
    metrics: options.metrics,
    declared: options.declared,
    budget: options.budget,
    world,
    instruments,
    timings: { ...productionTimings, ...options.timings },
    scaleLimits: options.scaleLimits ?? ((limits) => limits),
    dryRun: options.dryRun ?? false,
    wake: () => loopWake(),
    changed: () => nudge(),
  };

  let working: Promise<unknown> = Promise.resolve();
  return {
    core,
    stop,
    run(url) {
      consoleUrl = url;
      const loop = createLoop(core);
      loopWake = loop.wake;
      working = Promise.allSettled([world.poll(core.timings, stop.signal), loop.run(stop.signal)]);
    },
    onChange(listener) {
      nudge = listener;
    },
    async close() {
      stop.abort();
      loopWake();
      await working;
      await database.close();
    },
  };
}

const refuse = async (): Promise<never> => {
  throw new PortError('kubernetes', 'unsupported', 'there is no access to objects of the cluster here');
};
const noRegistry: Registry = {
  digest: async () => {
    throw new PortError('registry', 'unsupported', 'no registry is asked here');
  },
};
const noObjects: Objects = { get: refuse, list: refuse, apply: refuse, patch: refuse, remove: refuse };

const unknownDatabases = async (): Promise<never> => {
  throw new PortError(
    'digitalocean',
    'unauthorized',
    'DIGITALOCEAN_TOKEN is not set: nothing is known of the managed databases',
  );
};
const noDatabases: Databases = {
  list: unknownDatabases,
  backups: unknownDatabases,
  replicas: unknownDatabases,
  promote: unknownDatabases,
  restoreAs: unknownDatabases,
  resetPassword: unknownDatabases,
};

const unknownBackups = async (): Promise<never> => {
  throw new PortError('spaces', 'unsupported', 'there is no access to backups here');
};
const noBackups: Backups = { find: unknownBackups, look: unknownBackups, restoreOver: unknownBackups };

const noOutside: Outside = { open: async () => [], tellHosts: async () => [] };

const unknownEdge = async (): Promise<never> => {
  throw new PortError(
    'digitalocean',
    'unauthorized',
    'DIGITALOCEAN_TOKEN is not set: names and firewalls are not known',
  );
};
const noEdge: Edge = {
  records: unknownEdge,
  putRecord: unknownEdge,
  removeRecord: unknownEdge,
  firewalls: unknownEdge,
  addInbound: unknownEdge,
  removeInbound: unknownEdge,
};
