import { errorText } from '../kernel/errors.ts';
import { readWarnings } from './act/cluster-warnings.ts';
import type { WorldPart } from './act/define.ts';
import type { ConsoleData, Stretch } from './console/data.ts';
import type { Core } from './core.ts';
import { impairedParticipantMinutes } from './impaired.ts';
import { inboxState } from './intake/inbox.ts';
import type { Episode, Incident, JournalEntry } from './records.ts';
import { readControls } from './store/controls.ts';
import { listEpisodes, readEpisode } from './store/episodes.ts';
import { type IncidentRow, incidentColumns, listIncidents, withoutNulls } from './store/incidents.ts';
import { readJournal } from './store/journal.ts';
import type { IncidentView } from './tell/view.ts';
import { maxDataAgeMs, readView } from './views.ts';

const parts: readonly WorldPart[] = ['cluster', 'fleet', 'cloud'];
/** A page shows the whole story of an incident, up to this many lines. */
const wholeJournal = 2_000;

/** What the console reads, over PostgreSQL and the world cache. */
export function createConsoleData(core: Core, consoleUrl: () => string | undefined): ConsoleData {
  const view = (id: Parameters<typeof readView>[1]) =>
    readView(core, id, { interactive: true, consoleUrl: consoleUrl(), entries: wholeJournal });
  const withImpairment = async (seen: IncidentView | undefined): Promise<IncidentView | undefined> => {
    if (seen === undefined) return undefined;
    const impaired = await impairedParticipantMinutes(core.metrics, seen.episodes, core.clock.now());
    return impaired === undefined ? seen : { ...seen, impairedParticipantMinutes: impaired };
  };
  const limitsMs = maxDataAgeMs(core);
  return {
    alerts: Object.fromEntries(core.alerts),
    async revision() {
      const [row] = await core.database.query<{ journal: string; runs: number }>(
        `select coalesce(max(id), 0)::text as journal, (select coalesce(sum(attempts), 0)::int from run where state in ('intended', 'verifying')) as runs from journal`,
      );
      const { cluster, fleet } = core.world.current();
      return [row?.journal ?? '0', row?.runs ?? 0, fleet?.observedAtMs ?? 0, cluster?.observedAtMs ?? 0].join('-');
    },
    incidents: (limit) => listIncidents(core.database, { limit }),
    incident: async (publicId) => await withImpairment(await view({ publicId })),
    async incidentOfEpisode(episodeId) {
      const episode = /^\d{1,18}$/.test(episodeId) ? await readEpisode(core.database, episodeId) : undefined;
      return episode && (await view({ id: episode.incidentId }));
    },
    async newestIncidentOf(alertname) {
      const [row] = await core.database.query<{ publicId: string }>(
        `select public_id as "publicId" from incident where id = (select incident_id from episode where alertname = $1 order by id desc limit 1)`,
        [alertname],
      );
      return row?.publicId;
    },
    fleet: () => core.world.current().fleet,
    world: () =>
      parts.map((part) => ({
        part,
        observedAtMs: core.world.current()[part]?.observedAtMs,
        maxAgeMs: part === 'cloud' ? 3_600_000 : limitsMs,
      })),
    controls: () => readControls(core.database),
    controlHistory: (limit) => readJournal(core.database, { kind: 'control', limit, newestFirst: true }),
    signal: (query, range) => core.metrics.queryRange(query, range),
    warningsBefore: (untilMs) => readWarnings(core.ports.objects, untilMs).catch(errorText),
    inboxRows: async () => (await inboxState(core.database)).rows,
    listEpisodes: (stretch): Promise<readonly Episode[]> => listEpisodes(core.database, given(stretch)),
    listIncidents: async (stretch): Promise<readonly Incident[]> =>
      (
        await core.database.query<IncidentRow>(
          `select ${incidentColumns} from incident where id > $1 order by id limit $2`,
          [stretch.after ?? '0', stretch.limit],
        )
      ).map((row) => withoutNulls<Incident>(row)),
    listJournal: (stretch): Promise<readonly JournalEntry[]> => readJournal(core.database, given(stretch)),
  };
}

function given({ after, limit }: Stretch): { after?: string; limit: number } {
  return after === undefined ? { limit } : { after, limit };
}
