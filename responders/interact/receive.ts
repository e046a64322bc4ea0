import type { Clock } from '../../kernel/clock.ts';
import { errorText } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type Click, type Clicker, type Received, readCommand, readInteraction } from './payload.ts';
import type { SignatureProblem } from './verify-signature.ts';

/** Why something that came from Slack was not worked on; a metric label. */
export type InteractProblem =
  | SignatureProblem
  | 'replayed'
  | 'duplicate'
  | 'malformed'
  | 'oversized'
  | 'store-away'
  | 'failed';

/** What takes clicks, whichever way they come. */
export interface ClickDeps {
  /** True when the key was seen before; remembers it otherwise. Keys are worth keeping for ten minutes. */
  readonly seen: (key: string) => Promise<boolean>;
  /** Does what was asked; returns words for the person alone. */
  readonly onClick: (click: Click) => Promise<string | undefined>;
  readonly whisper: (words: string, to: Clicker['whisperTo']) => Promise<void>;
  readonly onProblem: (problem: InteractProblem) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What Slack is told at once: errors for a form, words for a command, or nothing. */
export type Ack =
  | { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly response_type: 'ephemeral'; readonly text: string }
  | undefined;

// Slack waits 3 s; a command that answers sooner is answered in place.
const commandWaitMs = 1_500;

/** Acknowledges a payload and starts the work it asks for. The work goes on after this returns and never rejects. */
export async function receive(kind: 'interactive' | 'command', payload: unknown, deps: ClickDeps): Promise<Ack> {
  const received: Received = kind === 'command' ? readCommand(payload) : readInteraction(payload);
  if ('ignored' in received) return undefined;
  if ('errors' in received) return { response_action: 'errors', errors: received.errors };
  if ('says' in received) return { response_type: 'ephemeral', text: received.says };
  if ('malformed' in received) {
    deps.onProblem('malformed');
    deps.log.warn({ problem: received.malformed }, 'an interaction could not be read');
    return undefined;
  }
  const { click } = received;
  const words = work(click, deps);
  if (kind !== 'command') {
    void words.then((text) => tell(text, click, deps));
    return undefined;
  }
  const soon = await Promise.race([words.then((text) => ({ text })), deps.clock.sleep(commandWaitMs)]);
  if (soon !== undefined) return soon.text === undefined ? undefined : { response_type: 'ephemeral', text: soon.text };
  void words.then((text) => tell(text, click, deps));
  return { response_type: 'ephemeral', text: 'Working on it.' };
}

async function work(click: Click, deps: ClickDeps): Promise<string | undefined> {
  try {
    if (await deps.seen(click.dedupKey)) {
      deps.onProblem('duplicate');
      return undefined;
    }
  } catch (error) {
    deps.onProblem('store-away');
    deps.log.warn({ error: errorText(error) }, 'a click could not be checked for replay, so it was not worked on');
    return "The responder's store cannot be reached. Nothing was done; try again, or use the runbook by hand.";
  }
  try {
    return await deps.onClick(click);
  } catch (error) {
    deps.onProblem('failed');
    deps.log.error({ kind: click.kind, error: errorText(error) }, 'a click could not be worked on');
    return 'That failed, and may or may not have been done. The thread shows what was.';
  }
}

async function tell(words: string | undefined, click: Click, deps: ClickDeps): Promise<void> {
  if (words === undefined || click.whisperTo.channel === '') return;
  await deps
    .whisper(words, click.whisperTo)
    .catch((error) => deps.log.warn({ error: errorText(error) }, 'an answer to a click could not be delivered'));
}
