import assert from 'node:assert/strict';
import type { ActionName } from '../../alerts/vocabulary.ts';
import { progressOf, type StepRow } from '../../responders/act/procedure.ts';
import type { Run } from '../../responders/records.ts';
import { readRun } from '../../responders/store/runs.ts';
import { makeWish, readWishAnswer } from '../../responders/store/wishes.ts';
import { type Rig, waitFor } from './rig.ts';

/** A run that somebody asked for. */
export interface Asked {
  readonly runId: string;
  steps(): Promise<readonly StepRow[]>;
  /** What failed first; undefined while nothing has. */
  failure(): Promise<string | undefined>;
  ended(): Promise<boolean>;
  /** Waits for its end. */
  end(): Promise<Run>;
}

/** Asks a rig's responder for an act as the command line does, and waits for the answer that it will be done. */
export async function ask(rig: Rig, action: ActionName, params: object): Promise<Asked> {
  const { database } = rig.responder.core;
  const id = await makeWish(database, { by: 'cli:bob', action, params, dryRun: false, forMs: 600_000 });
  await waitFor(async () => (await readWishAnswer(database, id)) !== undefined, 'an answer');
  const answer = await readWishAnswer(database, id);
  assert.equal(answer?.outcome, 'act', answer?.saw);
  const runId = answer?.runId ?? '';
  const now = async () => {
    const run = await readRun(database, runId);
    assert.ok(run !== undefined);
    return run;
  };
  const ended = async () => (await now()).finishedAtMs !== undefined;
  return {
    runId,
    ended,
    steps: async () => progressOf(await now())?.steps ?? [],
    failure: async () => progressOf(await now())?.failure,
    async end() {
      await waitFor(ended, 'its end').catch(async (error: unknown) => assert.fail(`${error}: ${(await now()).reason}`));
      return await now();
    },
  };
}
