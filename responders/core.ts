import type { Alert, Limits } from '../alerts/define.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { ActPorts, Declared } from './act/define.ts';
import type { ResponderMetrics } from './metrics.ts';
import type { Metrics } from './ports.ts';
import type { Database } from './store/database.ts';
import type { WorldCache } from './world.ts';

/** How often the responder looks, all in milliseconds; the lab divides them by its factor. */
export interface Timings {
  /** Longest pause between two looks at what is due. */
  readonly tickMs: number;
  /** An episode that was refused is decided again after this. */
  readonly redecideMs: number;
  /** A run under way is looked at this often. */
  readonly verifyEveryMs: number;
  /** An alert that comes back within this time is the same episode. */
  readonly flapMs: number;
  /** Comparison with Alertmanager's API. */
  readonly reconcileMs: number;
  /** Polling of the cluster and the fleet. */
  readonly worldMs: number;
  /** Polling of DigitalOcean. */
  readonly cloudMs: number;
  /** A replica that is silent for this long has lost what it held. */
  readonly leaseMs: number;
  /** First pause after a failed call; doubles up to a minute. */
  readonly retryMs: number;
}

/** The timings of production. */
export const timings: Timings = {
  tickMs: 1_000,
  redecideMs: 15_000,
  verifyEveryMs: 5_000,
  flapMs: 300_000,
  reconcileMs: 60_000,
  worldMs: 5_000,
  cloudMs: 300_000,
  leaseMs: 30_000,
  retryMs: 1_000,
};

/** What every part of the running responder shares. */
export interface Core {
  /** This replica. */
  readonly name: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly ports: ActPorts;
  readonly metrics: Metrics;
  readonly declared: Declared;
  readonly budget: MicroUsd;
  readonly world: WorldCache;
  readonly instruments: ResponderMetrics;
  readonly timings: Timings;
  /** Limits of schedules and requests as they apply here; the lab divides their durations. */
  scaleLimits(limits: Limits): Limits;
  /** Everything but the act. */
  readonly dryRun: boolean;
  /** Something is due: look now. */
  wake(): void;
  /** Something that people see has changed. */
  changed(): void;
}
