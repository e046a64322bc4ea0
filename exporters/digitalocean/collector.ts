import PQueue from 'p-queue';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { stretchOf } from './budget.ts';
import type { Gap, Inventory, PartName } from './domain.ts';
import type { DigitalOceanSource } from './source.ts';
import { notYet } from './source-calls.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How often each part is wanted, in milliseconds, in the order in which parts build on each other. At 20 nodes this is some 200 calls an hour. */
export const partIntervals: Readonly<Record<PartName, number>> = {
  account: hourMs,
  balance: 10 * minuteMs,
  sizes: 6 * hourMs,
  clusters: 5 * minuteMs,
  droplets: 5 * minuteMs,
  databases: 10 * minuteMs,
  loadBalancers: 10 * minuteMs,
  volumes: 15 * minuteMs,
  projects: hourMs,
  invoices: hourMs,
  reservedIps: 15 * minuteMs,
  snapshots: 30 * minuteMs,
  registry: hourMs,
  repositories: 6 * hourMs,
  loads: 5 * minuteMs,
  transfer: 15 * minuteMs,
  insights: 6 * hourMs,
  certificates: 6 * hourMs,
  domains: 6 * hourMs,
  spacesKeys: 6 * hourMs,
};
export const partNames = Object.keys(partIntervals) as PartName[];

interface State {
  dueMs: number;
  running: boolean;
  failures: number;
  calls: number;
  gap: Gap | undefined;
}

/** How a part stands; `ageSeconds` is undefined until it was read once. */
export interface PartHealth {
  readonly up: boolean;
  readonly readAtMs: number | undefined;
}

/** Reads every part in the background, each at its own pace within the budget. */
export interface Collector {
  /** Starts what is due; does not wait for it. */
  tick(): void;
  /** Resolves when nothing is being read. */
  idle(): Promise<void>;
  /** What is not too old to be shown. */
  inventory(): Inventory;
  health(part: PartName): PartHealth;
  readonly stretch: number;
}

/** A collector that has read nothing yet; `changed` is told after each part. */
export function createCollector(input: {
  readonly source: DigitalOceanSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly budgetPerHour: number;
  readonly changed: () => void;
}): Collector {
  const { source, clock, log, budgetPerHour } = input;
  const queue = new PQueue({ concurrency: 4 });
  const states = new Map<PartName, State>(
    partNames.map((part) => [part, { dueMs: 0, running: false, failures: 0, calls: 1, gap: undefined }]),
  );
  let parts: Inventory['parts'] = {};
  const stretch = () =>
    stretchOf(
      partNames.map((part) => ({ calls: states.get(part)?.calls ?? 1, intervalMs: partIntervals[part] })),
      budgetPerHour,
      source.quota,
    );

  async function read(part: PartName, state: State): Promise<void> {
    let calls = 0;
    try {
      const counted = () => {
        calls += 1;
      };
      const value = await source.readers(counted)[part](parts);
      if (value === notYet) {
        state.dueMs = clock.now() + 5_000;
        return;
      }
      parts = { ...parts, [part]: { value, readAtMs: clock.now() } };
      state.calls = Math.max(1, calls);
      if (state.gap !== undefined) log.info({ part }, 'part is read again');
      Object.assign(state, { gap: undefined, failures: 0, dueMs: clock.now() + partIntervals[part] * stretch() });
    } catch (error) {
      const gap = { part, code: error instanceof PortError ? error.code : 'unavailable', message: errorText(error) };
      if (state.gap?.code !== gap.code) log.warn(gap, 'part cannot be read');
      state.gap = gap;
      state.failures += 1;
      state.dueMs = clock.now() + retryMs(error, state.failures, partIntervals[part]);
    } finally {
      state.running = false;
      input.changed();
    }
  }

  return {
    tick() {
      for (const [part, state] of states) {
        if (state.running || state.dueMs > clock.now()) continue;
        state.running = true;
        void queue.add(() => read(part, state));
      }
    },
    idle: () => queue.onIdle(),
    inventory() {
      const oldestMs = (part: PartName) => clock.now() - Math.max(hourMs, 6 * partIntervals[part] * stretch());
      const fresh = partNames.flatMap((part) => {
        const reading = parts[part];
        return reading === undefined || reading.readAtMs < oldestMs(part) ? [] : [[part, reading] as const];
      });
      return {
        parts: Object.fromEntries(fresh),
        gaps: [...states.values()].flatMap(({ gap }) => (gap === undefined ? [] : [gap])),
      };
    },
    health(part) {
      const state = states.get(part);
      const readAtMs = parts[part]?.readAtMs;
      return { up: readAtMs !== undefined && state?.gap === undefined, readAtMs };
    },
    get stretch() {
      return stretch();
    },
  };
}

/** When to try a failed part again: as late as asked, else a minute, doubled each time up to its own interval; what no wait can cure waits for the interval. */
function retryMs(error: unknown, failures: number, intervalMs: number): number {
  if (error instanceof PortError && error.retryAfterMs !== undefined) return Math.max(1_000, error.retryAfterMs);
  if (error instanceof PortError && !error.retryable) return intervalMs;
  return Math.min(intervalMs, minuteMs * 2 ** Math.min(failures - 1, 10));
}
