import type { Clock } from '../../kernel/clock.ts';
import { errorText } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { ConsoleData } from './data.ts';

/** Tells every open page that something changed; asks the store only while someone looks, and once for all of them. */
interface Pulse {
  /** Calls `tell` with each new revision until `signal` aborts; resolves then. */
  follow(tell: (revision: string) => void, signal: AbortSignal): Promise<void>;
  /** Pages that follow now. */
  followers(): number;
}

const everyMs = 500;

/** Watches the revision of what is shown. A store that does not answer is asked again; the pages go on waiting. */
export function createPulse(data: Pick<ConsoleData, 'revision'>, clock: Clock, log: Log): Pulse {
  const followers = new Set<(revision: string) => void>();
  let last: string | undefined;
  let watching = false;

  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    try {
      while (followers.size > 0) {
        await look();
        await clock.sleep(everyMs);
      }
    } finally {
      watching = false;
    }
  }

  async function look(): Promise<void> {
    try {
      const revision = await data.revision();
      if (revision === last) return;
      last = revision;
      for (const tell of followers) tell(revision);
    } catch (error) {
      log.warn({ error: errorText(error) }, 'the console cannot see whether anything changed');
    }
  }

  return {
    follow(tell, signal) {
      if (signal.aborted) return Promise.resolve();
      followers.add(tell);
      if (last !== undefined) tell(last);
      void watch();
      return new Promise((resolve) => {
        signal.addEventListener(
          'abort',
          () => {
            followers.delete(tell);
            resolve();
          },
          { once: true },
        );
      });
    },
    followers: () => followers.size,
  };
}
