import type { Command } from 'commander';
import type { ActionName } from '../../alerts/vocabulary.ts';
import { UsageError } from '../../kernel/errors.ts';
import type { Run } from '../../responders/records.ts';
import { readJournal } from '../../responders/store/journal.ts';
import { readRun } from '../../responders/store/runs.ts';
import { dropWish, makeWish, readWishAnswer, type WishAnswer } from '../../responders/store/wishes.ts';
import type { StoreSession } from './store.ts';

/** Options that every command which asks for an act has. */
export interface AskFlags {
  readonly dryRun?: true;
  readonly local?: true;
  readonly json?: true;
  readonly breakGlass?: string;
}

/** Adds them to a command. */
export function asksForAct(command: Command): Command {
  return command
    .option('--dry-run', 'show the plan and what every guard says; nothing is done')
    .option('--local', 'without a responder: the same steps in this process, on a local journal')
    .option('--break-glass <reason>', 'alone, without a second person, for 15 minutes; everyone is told')
    .option('--json', 'the outcome as JSON');
}

/** How long a responder has to take a request up, and how long the request stands. */
const answerWithinMs = 10_000;
const lookEveryMs = 200;

/** Asks for an act and follows it to its end; what it comes to is the exit code: 0 verified, 1 refused or failed, 3 unknown. */
export async function ask(action: ActionName, params: unknown, flags: AskFlags): Promise<void> {
  const { withStore } = await import('./store.ts');
  const open = flags.local ? (await import('./local.ts')).withLocalCore : withStore;
  await open(async (session) => {
    if (flags.breakGlass !== undefined) await breakGlass(session, flags.breakGlass);
    const answer = await answerTo(session, action, params, flags.dryRun ?? false);
    const { explain, showRun } = await import('./ask-words.ts');
    if (!flags.json) console.error(explain(answer, flags.dryRun ?? false));
    const { runId } = answer;
    const run = runId === undefined ? undefined : await follow(session, runId, flags.json ?? false);
    if (flags.json) console.log(JSON.stringify({ answer, run }, undefined, 2));
    else if (run !== undefined) console.log(showRun(run));
    process.exitCode = exitCode(answer, run, flags.dryRun ?? false);
  });
}

function exitCode(answer: WishAnswer, run: Run | undefined, dryRun: boolean): number {
  if (answer.outcome === 'invalid') return 2;
  if (answer.outcome === 'refuse') return dryRun && answer.reason === 'shadow' ? 0 : 1;
  return run?.state === 'verified' ? 0 : run?.state === 'unknown' ? 3 : 1;
}

async function breakGlass({ database, subject }: StoreSession, reason: string): Promise<void> {
  const [{ changeControl }, { duration }] = await Promise.all([
    import('../../responders/desk/controls.ts'),
    import('../../kernel/duration.ts'),
  ]);
  const none = (): void => undefined;
  await changeControl(
    { database, alerts: new Map(), wake: none, changed: none },
    { name: 'break-glass', for: duration('15m'), subject, reason },
  );
}

async function answerTo(
  { database, subject, core }: StoreSession,
  action: ActionName,
  params: unknown,
  dryRun: boolean,
): Promise<WishAnswer> {
  const id = await makeWish(database, { by: subject, action, params, dryRun, forMs: answerWithinMs });
  core?.wake();
  const until = Date.now() + answerWithinMs;
  while (true) {
    const answer = await readWishAnswer(database, id);
    if (answer !== undefined) return answer;
    if (Date.now() > until && (await dropWish(database, id)))
      throw new UsageError(
        `no responder took this up within ${answerWithinMs / 1_000} s, so nothing was done. Start one (gomeet responder), or run it from here with --local`,
      );
    await pause();
  }
}

/** Waits for the end of a run and says each step as it comes. Interrupted, only the watching ends: the run goes on. */
export async function follow({ database }: StoreSession, runId: string, quiet: boolean): Promise<Run> {
  let after = '0';
  while (true) {
    const lines = await readJournal(database, { runId, after });
    for (const entry of lines)
      if (!quiet)
        console.error(`${new Date(entry.atMs).toISOString().slice(11, 19)}  ${entry.kind.padEnd(12)} ${entry.text}`);
    after = lines.at(-1)?.id ?? after;
    const run = await readRun(database, runId);
    if (run === undefined) throw new UsageError(`there is no run ${runId}`);
    if (run.finishedAtMs !== undefined) return run;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookEveryMs));
}
