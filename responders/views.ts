import { toMs } from '../kernel/duration.ts';
import { actions } from './act/index.ts';
import type { Core } from './core.ts';
import type { Episode, Incident } from './records.ts';
import type { Sql } from './store/database.ts';
import { listEpisodes } from './store/episodes.ts';
import { readIncident } from './store/incidents.ts';
import { readJournal } from './store/journal.ts';
import { activeHolds, runsOfIncident } from './store/runs.ts';
import type { Affected, IncidentView, Offer } from './tell/view.ts';

/** How an incident is to be shown. */
export interface ViewOptions {
  readonly interactive: boolean;
  readonly consoleUrl: string | undefined;
  /** Most journal entries to read, the newest. */
  readonly entries: number;
}

/** An incident's story takes up to this many lines. */
const wholeStory = 5_000;

/** What the store alone knows of an incident: for postmortems and the command line, while the responder may be down. */
export async function storedView(
  sql: Sql,
  id: { id: string } | { publicId: string },
  entries: number = wholeStory,
): Promise<IncidentView | undefined> {
  const incident = await readIncident(sql, id);
  if (incident === undefined) return undefined;
  const [episodes, runs, newest] = await Promise.all([
    listEpisodes(sql, { incidentId: incident.id }),
    runsOfIncident(sql, incident.id),
    readJournal(sql, { incidentId: incident.id, limit: entries, newestFirst: true }),
  ]);
  return { incident, episodes, runs, journal: newest.reverse(), alerts: {}, links: {}, interactive: false };
}

/** Reads an incident with all that a message or a page about it needs. */
export async function readView(
  core: Core,
  id: { id: string } | { publicId: string },
  options: ViewOptions,
): Promise<IncidentView | undefined> {
  const stored = await storedView(core.database, id, options.entries);
  if (stored === undefined) return undefined;
  const { incident, episodes } = stored;
  const affected = affectedBy(core, episodes);
  return {
    ...stored,
    alerts: Object.fromEntries(episodes.map(({ alertname }) => [alertname, core.alerts.get(alertname)])),
    links: options.consoleUrl === undefined ? {} : { console: `${options.consoleUrl}/incidents/${incident.publicId}` },
    interactive: options.interactive,
    ...(affected === undefined ? {} : { affected }),
    offers: await offersFor(core, incident, episodes),
  };
}

/** Whom it touches: the people on the node an alert names, or on the whole fleet when it is about the SFUs. */
function affectedBy(core: Core, episodes: readonly Episode[]): Affected | undefined {
  const fleet = core.world.current().fleet;
  const open = episodes.filter(({ closedAtMs }) => closedAtMs === undefined);
  const media = open.filter(
    ({ labels }) => labels['service'] === core.declared.sfu.deployment || labels['node_id'] !== undefined,
  );
  if (fleet === undefined || media.length === 0) return undefined;
  const nodeIds = new Set(media.flatMap(({ labels }) => (labels['node_id'] === undefined ? [] : [labels['node_id']])));
  const nodes = fleet.value.nodes.filter(({ nodeId }) => nodeIds.size === 0 || nodeIds.has(nodeId));
  return {
    rooms: nodes.reduce((sum, { rooms }) => sum + rooms, 0),
    participants: nodes.reduce((sum, { participants }) => sum + participants, 0),
    observedAtMs: fleet.observedAtMs,
  };
}

/** What the buttons would do, asked of the actions themselves. */
async function offersFor(core: Core, incident: Incident, episodes: readonly Episode[]): Promise<Offer[]> {
  if (incident.closedAtMs !== undefined) return [];
  const episode = episodes.find(({ closedAtMs }) => closedAtMs === undefined) ?? episodes.at(-1);
  const service = episode?.labels['service'];
  const wanted =
    service === core.declared.sfu.deployment
      ? ({ action: 'scaleSfu', params: { step: 1 } } as const)
      : ({ action: 'restartWorkload', params: {} } as const);
  const preflight = actions[wanted.action].preflight(wanted.params, core.world.current(), {
    occasion: { labels: episode?.labels ?? {}, fingerprint: episode?.fingerprint, incidentId: incident.id },
    declared: core.declared,
    holds: await activeHolds(core.database),
    firing: new Set(),
    nowMs: core.clock.now(),
  });
  return 'blocked' in preflight
    ? []
    : [{ action: wanted.action, says: preflight.says, costPerHour: preflight.costPerHour }];
}

/** The shortest data age that any runbook asks for: older than this is shown as no data. */
export function maxDataAgeMs(core: Core): number {
  return Math.min(...[...core.alerts.values()].map(({ limits }) => toMs(limits.maxDataAge)), 60_000);
}
