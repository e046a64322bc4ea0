import PQueue from 'p-queue';
import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';

/** One chat channel's outgoing line: in order, one message an interval, and silent for as long as the chat asks. */
export interface ChannelQueue {
  /** Runs `task` in its turn, higher priority first; waits out at most `attempts` requests to slow down, then throws the last. */
  send<T>(priority: number, task: () => Promise<T>): Promise<T>;
  readonly waiting: number;
}

const attempts = 5;

/** Makes the line of one channel. Slack takes about one message a second a channel (docs.slack.dev, rate limits). */
export function createChannelQueue(options: {
  clock: Clock;
  intervalMs: number;
  onThrottled: () => void;
}): ChannelQueue {
  const { clock } = options;
  const queue = new PQueue({
    concurrency: 1,
    interval: options.intervalMs,
    intervalCap: 1,
    strict: options.intervalMs > 0,
  });
  let quietUntilMs = 0;

  async function pauseFor(ms: number): Promise<void> {
    quietUntilMs = Math.max(quietUntilMs, clock.now() + ms);
    queue.pause();
    await clock.sleep(ms);
    if (clock.now() >= quietUntilMs) queue.start();
  }

  async function send<T>(priority: number, task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        // A second try goes before what has not been tried, so that order holds.
        return await queue.add(task, { priority: attempt === 1 ? priority : priority + 100 });
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'throttled' || attempt >= attempts) throw error;
        options.onThrottled();
        await pauseFor(error.retryAfterMs ?? 1_000);
      }
    }
  }

  return {
    send,
    get waiting() {
      return queue.size + queue.pending;
    },
  };
}
