import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';
import type { RateQuota } from './source-client.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** DigitalOcean lets 250 calls a minute pass; others use the token's team as well. */
const callsPerMinute = 120;

/** Calls made in the last hour, and leave to make another. */
export interface Ledger {
  /** Waits where the minute is full; throws a PortError (throttled) where the hour is, or while the API has asked for quiet. */
  take(): Promise<void>;
  /** Nobody calls before this time: what Retry-After asked for. */
  quietUntil(ms: number): void;
  readonly lastHour: number;
}

/** A ledger over a rolling hour: whatever the plan says, more than `perHour` calls never leave. */
export function createLedger(clock: Clock, perHour: number): Ledger {
  let calls: number[] = [];
  let quietUntilMs = 0;
  const since = (ms: number) => calls.filter((atMs) => atMs > clock.now() - ms);
  return {
    async take() {
      for (;;) {
        const nowMs = clock.now();
        if (nowMs < quietUntilMs)
          throw new PortError('digitalocean', 'throttled', 'the API asked for a pause', {
            retryAfterMs: quietUntilMs - nowMs,
          });
        calls = since(hourMs);
        const [oldest = nowMs] = calls;
        if (calls.length >= perHour)
          throw new PortError('digitalocean', 'throttled', `the budget of ${perHour} calls an hour is spent`, {
            retryAfterMs: oldest + hourMs - nowMs,
          });
        const [first = nowMs, ...others] = since(minuteMs);
        if (others.length + 1 < callsPerMinute) break;
        await clock.sleep(first + minuteMs - nowMs + 1);
      }
      calls.push(clock.now());
    },
    quietUntil(ms) {
      quietUntilMs = Math.max(quietUntilMs, ms);
    },
    get lastHour() {
      return since(hourMs).length;
    },
  };
}

/** What a part costs: calls at its last reading, and how often it is wanted. */
export interface PartCost {
  readonly calls: number;
  readonly intervalMs: number;
}

/** Calls an hour that these parts make when read as often as they are wanted. */
export function plannedCallsPerHour(costs: readonly PartCost[]): number {
  return costs.reduce((sum, { calls, intervalMs }) => sum + (calls * hourMs) / intervalMs, 0);
}

/** Calls an hour that may be planned: nine tenths of the budget, and less in proportion once under a fifth of the token's quota is left, since whoever acts with it comes first. */
export function allowedCallsPerHour(budgetPerHour: number, quota: RateQuota | undefined): number {
  const share = quota === undefined || quota.limit <= 0 ? 1 : Math.min(1, quota.remaining / (0.2 * quota.limit));
  return Math.max(1, 0.9 * budgetPerHour * share);
}

/** By how much every interval is stretched so that the plan keeps to what is allowed; 1 where it does already. */
export function stretchOf(costs: readonly PartCost[], budgetPerHour: number, quota: RateQuota | undefined): number {
  return Math.max(1, plannedCallsPerHour(costs) / allowedCallsPerHour(budgetPerHour, quota));
}
