import { errorText, PortError } from '../../kernel/errors.ts';
import { type ChannelQueue, createChannelQueue } from './channel-queue.ts';
import { type DeliveryDeps, usualPace } from './pace.ts';
import type { ThreadWork } from './store.ts';
import { LeaseLost, Stopped, visit } from './visit.ts';

/** Keeps the chat in step with the store. It only reads the journal: nothing that acts ever waits for it. */
export interface Delivery {
  /** Claims what is due and starts telling it; returns how many incidents. Throws when the store cannot be read. */
  tick(): Promise<number>;
  /** Until every started visit has ended. */
  settled(): Promise<void>;
  /** Ticks until `signal` aborts, then lets visits end. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks again at once. */
  nudge(): void;
}

/** Makes the delivery. */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const pace = { ...usualPace, ...deps.pace };
  const { clock, log, store } = deps;
  const onOutcome = deps.onOutcome ?? (() => undefined);
  const queues = new Map<string, ChannelQueue>();
  const inFlight = new Set<Promise<void>>();
  let failures = 0;
  let awayUntilMs = 0;
  let wake = new AbortController();
  let stopped = false;

  function queueOf(channel: string): ChannelQueue {
    const made =
      queues.get(channel) ??
      createChannelQueue({ clock, intervalMs: pace.messageIntervalMs, onThrottled: () => onOutcome('throttled') });
    queues.set(channel, made);
    return made;
  }

  async function tell(work: ThreadWork): Promise<void> {
    try {
      const waitMs = await visit(work, { ...deps, pace, queueOf, onOutcome, stopped: () => stopped });
      failures = 0;
      await store.release(work.lease, { uncertain: false, waitMs });
    } catch (error) {
      await giveUp(work, error).catch((second) =>
        log.warn({ error: errorText(second) }, 'telling an incident could not be released; its lease will run out'),
      );
    }
  }

  async function giveUp(work: ThreadWork, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return onOutcome('lease-lost');
    if (error instanceof Stopped) return store.release(work.lease, { uncertain: false, waitMs: 0 });
    onOutcome('failed');
    failures += 1;
    const waitMs = Math.min(pace.backoffMaxMs, 500 * 2 ** Math.min(failures, 10));
    if (error instanceof PortError) awayUntilMs = clock.now() + waitMs;
    log.warn(
      { incident: work.lease.incidentId, error: errorText(error), waitMs },
      'an incident could not be told; it will be',
    );
    const surelyNotSent = error instanceof PortError && error.code === 'throttled';
    await store.release(work.lease, { uncertain: work.uncertain || !surelyNotSent, waitMs });
  }

  async function tick(): Promise<number> {
    const limit = pace.maxInFlight - inFlight.size;
    const awayMs = awayUntilMs - clock.now();
    // More than the longest wait means that the clock was set back.
    if (limit <= 0 || (awayMs > 0 && awayMs <= pace.backoffMaxMs)) return 0;
    const works = await store.claim({ limit, leaseMs: pace.leaseMs, maxEntries: pace.maxEntries });
    for (const work of works) {
      const told = tell(work);
      inFlight.add(told);
      void told.finally(() => inFlight.delete(told));
    }
    return works.length;
  }

  async function settled(): Promise<void> {
    while (inFlight.size > 0) await Promise.all(inFlight);
  }

  async function run(signal: AbortSignal): Promise<void> {
    stopped = false;
    while (!signal.aborted) {
      wake = new AbortController();
      await tick().catch((error) => log.warn({ error: errorText(error) }, 'what is to be told could not be read'));
      await clock.sleep(pace.pollMs, AbortSignal.any([signal, wake.signal]));
    }
    stopped = true;
    await settled();
  }

  return { tick, settled, run, nudge: () => wake.abort() };
}
