import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../kernel/clock.ts';
import { longestMs, type ProbeStage, type Trial, type TryMeeting } from './domain.ts';
import type { MeetingOptions } from './source.ts';

/** What a trial in another process is told. */
export type IsolatedOptions = Omit<MeetingOptions, 'clock' | 'onStage'>;

type Message = { readonly stage: ProbeStage } | { readonly trial: Trial };

/** Beyond what the stages may take: starting a process, leaving the meeting. */
const graceMs = 20_000;

/**
 * Each trial in a process of its own. The WebRTC library keeps some 2 MB of every meeting for good (measured: 168 to
 * 384 MB over 100), and a crash in it must count as a failed trial and not as a probe that is gone.
 */
export function isolateTrials(options: IsolatedOptions, clock: Clock, program = './trial.ts'): TryMeeting {
  const withinMs = longestMs(options) + graceMs;
  return async () => {
    let stage: ProbeStage = 'validate';
    const { promise, resolve } = Promise.withResolvers<Trial | undefined>();
    const child = fork(fileURLToPath(new URL(program, import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (message: Message) => {
      if ('trial' in message) resolve(message.trial);
      else stage = message.stage;
    });
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
    child.send(options, (error) => {
      if (error !== null) resolve(undefined);
    });
    const waiting = new AbortController();
    const trial = await Promise.race([promise, clock.sleep(withinMs, waiting.signal).then(() => undefined)]);
    waiting.abort();
    child.kill('SIGKILL');
    return trial ?? { outcome: 'failure', seconds: {}, stage, reason: 'crashed' };
  };
}
