import { setTimeout as delay } from 'node:timers/promises';
import type { Limits } from '../alerts/define.ts';
import { PortError } from '../kernel/errors.ts';
import { decideRun } from '../responders/desk/decide-run.ts';
import { openDatabase } from '../responders/store/database.ts';
import { listEpisodes } from '../responders/store/episodes.ts';
import { listIncidents } from '../responders/store/incidents.ts';
import { readJournal } from '../responders/store/journal.ts';
import { runsOfIncident } from '../responders/store/runs.ts';
import { makeWish, readWishAnswer } from '../responders/store/wishes.ts';
import { labPeople } from './lab-responder.ts';
import type { LabPlatform, PlatformRecords } from './platform.ts';

/** Reads what a responder wrote into its database, by a connection of its own. */
export function openRecords(databaseUrl: string): PlatformRecords & Pick<LabPlatform, 'ask' | 'approve' | 'close'> {
  const database = openDatabase(databaseUrl, { max: 2, name: 'gomeet-lab' });
  const incidents = () => listIncidents(database, { limit: 1_000 });
  return {
    journal: (after) => readJournal(database, { limit: 10_000, ...(after === undefined ? {} : { after }) }),
    incidents,
    async runs() {
      const all = await Promise.all((await incidents()).map(({ id }) => runsOfIncident(database, id)));
      return all.flat().sort((a, b) => a.createdAtMs - b.createdAtMs);
    },
    async episodes() {
      const all = await Promise.all((await incidents()).map(({ id }) => listEpisodes(database, { incidentId: id })));
      return all.flat().sort((a, b) => a.openedAtMs - b.openedAtMs);
    },
    async ask(action, params) {
      const forMs = 60_000;
      const id = await makeWish(database, { by: 'console:alex', action, params, dryRun: false, forMs });
      for (const until = Date.now() + forMs; Date.now() < until; await delay(50)) {
        const answer = await readWishAnswer(database, id).catch(unlessRetryable);
        if (answer !== undefined) return answer;
      }
      throw new Error(`no responder took up ${action}`);
    },
    async approve(runId, by) {
      const none = (): void => undefined;
      const core = { database, alerts: new Map(), scaleLimits: (limits: Limits) => limits, wake: none, changed: none };
      const outcome = await decideRun(core, labPeople, runId, `console:${by}`, true);
      return outcome.ok ? undefined : outcome.says;
    },
    close: () => database.close(),
  };
}

/** A store that is away for a moment is asked again; anything else ends the wait. */
function unlessRetryable(error: unknown): undefined {
  if (error instanceof PortError && error.retryable) return undefined;
  throw error;
}
