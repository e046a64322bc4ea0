import PQueue from 'p-queue';
import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';

/** One chat channel's outgoing line: in order, one message an interval, and silent for as long as the chat asks. */
export interface ChannelQueue {
  /** Runs `task` in its turn, higher priority first; waits out at most `attempts` requests to slow down, then throws the last. */
  send<T>(priority: number, task: () => Promise<T>): Promise<T>;
}

const attempts = 5;

/** Makes the line of one channel. Slack takes about one message a second a channel (docs.slack.dev, rate limits). */
export function createChannelQueue(options: {
  clock: Clock;
  intervalMs: number;
  onThrottled: () => void;
}): ChannelQueue {
  const { clock } = options;
  const queue = new PQueue({ concurrency: 1 });
  let pauses = 0;

  /** The slot is held for the interval after its task: p-queue's own interval goes by the wall clock, and would stand still when that is set back. */
  function inTurn<T>(priority: number, task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      void queue.add(
        async () => {
          await task().then(resolve, reject);
          await clock.sleep(options.intervalMs);
        },
        { priority },
      );
    });
  }

  async function pauseFor(ms: number): Promise<void> {
    pauses += 1;
    queue.pause();
    await clock.sleep(ms);
    pauses -= 1;
    if (pauses === 0) queue.start();
  }

  async function send<T>(priority: number, task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        // A second try goes before what has not been tried, so that order holds.
        return await inTurn(attempt === 1 ? priority : priority + 100, task);
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'throttled' || attempt >= attempts) throw error;
        options.onThrottled();
        void pauseFor(error.retryAfterMs ?? 1_000);
      }
    }
  }

  return { send };
}
