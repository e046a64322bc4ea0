import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { exporterApp, listen } from '../server.ts';
import type { Trial, TryMeeting } from './domain.ts';
import { createRegister } from './register.ts';

/** How the probe is wired. */
export interface ProbeOptions {
  readonly tryMeeting: TryMeeting;
  readonly address: { readonly host: string; readonly port: number };
  /** From the start of one trial to the start of the next. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running probe. */
export interface Probe {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts trying and serving; one trial at a time, the first at once. */
export async function startProbe({ tryMeeting, address, intervalMs, clock, log }: ProbeOptions): Promise<Probe> {
  const register = createRegister();
  let last: Trial | undefined;
  const app = exporterApp({
    metrics: async () => ({ text: await register.text(), contentType: register.contentType }),
    notReady: () => (last === undefined ? 'no trial meeting has ended yet' : undefined),
  });
  const server = await listen(app, address);
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      const startedMs = clock.now();
      const trial = await tryMeeting();
      register.show(trial, clock.now());
      report(trial, last, log);
      last = trial;
      await clock.sleep(Math.max(0, intervalMs - (clock.now() - startedMs)), stop.signal);
    }
  })();
  return {
    port: server.port,
    async close() {
      stop.abort();
      await server.close();
      await running;
    },
  };
}

/** Says what changed; the metrics say the rest. */
function report(trial: Trial, last: Trial | undefined, log: Log): void {
  if (trial.outcome === 'failure') {
    const { stage, reason, seconds } = trial;
    if (last?.outcome !== 'failure' || last.stage !== stage || last.reason !== reason)
      log.warn({ stage, reason, seconds }, 'trial meeting failed');
  } else if (last?.outcome !== 'success') log.info({ seconds: trial.seconds }, 'trial meeting succeeded');
}
