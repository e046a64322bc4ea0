import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { PortError } from './errors.ts';

/** How hard a read is tried; times in milliseconds. */
export interface ReadRetry {
  readonly attempts?: number;
  readonly firstWaitMs?: number;
  /** A peer that asks for a longer pause is not waited for: the caller hears of it and decides. */
  readonly maxWaitMs?: number;
}

/** Repeats a read that failed in a way a moment may cure. Time-outs are not repeated, since they have already cost the time; writes never come here. */
export function createReadRetry(options: ReadRetry = {}): <T>(read: () => Promise<T>) => Promise<T> {
  const { attempts = 3, firstWaitMs = 200, maxWaitMs = 3_000 } = options;
  const policy = retry(
    handleWhen((error) => worthAnotherRead(error, maxWaitMs)),
    {
      maxAttempts: attempts - 1,
      backoff: new DelegateBackoff(({ attempt, result }) => {
        const asked = 'error' in result && result.error instanceof PortError ? result.error.retryAfterMs : undefined;
        return asked ?? Math.min(firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random()), maxWaitMs);
      }),
    },
  );
  return (read) => policy.execute(read);
}

function worthAnotherRead(error: unknown, maxWaitMs: number): boolean {
  if (!(error instanceof PortError)) return false;
  if (error.retryAfterMs !== undefined && error.retryAfterMs > maxWaitMs) return false;
  return error.code === 'unavailable' || error.code === 'throttled' || error.code === 'unreachable';
}
