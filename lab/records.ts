import { openDatabase } from '../responders/store/database.ts';
import { listEpisodes } from '../responders/store/episodes.ts';
import { listIncidents } from '../responders/store/incidents.ts';
import { readJournal } from '../responders/store/journal.ts';
import { runsOfIncident } from '../responders/store/runs.ts';
import type { PlatformRecords } from './platform.ts';

/** Reads what a responder wrote into its database, by a connection of its own. */
export function openRecords(databaseUrl: string): PlatformRecords & { close(): Promise<void> } {
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
    close: () => database.close(),
  };
}
