import type { Alert } from '../../alerts/define.ts';
import type { ClusterWarnings } from '../act/cluster-warnings.ts';
import type { WorldPart } from '../act/define.ts';
import type { Fleet, Reading, Series } from '../ports.ts';
import type { Episode, Incident, JournalEntry } from '../records.ts';
import type { Controls } from '../store/controls.ts';
import type { IncidentView } from '../tell/view.ts';

/** How old one part of the world is; without a time it was never seen. */
export interface WorldAge {
  readonly part: WorldPart;
  readonly observedAtMs: number | undefined;
  /** Older than this is no data. */
  readonly maxAgeMs: number;
}

/** A stretch of a list: those after `after`, at most `limit`, oldest first. Without `after`, from the beginning. */
export interface Stretch {
  readonly after: string | undefined;
  readonly limit: number;
}

/** All that the console reads. It has no way to write: that is the desk's. */
export interface ConsoleData {
  /** Changes whenever anything shown may have changed; cheap, asked about twice a second while someone looks. */
  revision(): Promise<string>;
  /** Open ones first, newest first in both halves. */
  incidents(limit: number): Promise<readonly Incident[]>;
  /** By public id, with its journal whole; undefined when there is none. `interactive` is true. */
  incident(publicId: string): Promise<IncidentView | undefined>;
  /** The incident that holds the episode, whole; undefined when there is none. */
  incidentOfEpisode(episodeId: string): Promise<IncidentView | undefined>;
  /** Public id of the newest incident that an alert of this name belongs to; undefined when it never fired. */
  newestIncidentOf(alertname: string): Promise<string | undefined>;
  /** The definitions in force by name, durations as they are applied. */
  readonly alerts: Readonly<Record<string, Alert>>;
  fleet(): Reading<Fleet> | undefined;
  world(): readonly WorldAge[];
  controls(): Promise<Controls>;
  /** The last control changes, newest first. */
  controlHistory(limit: number): Promise<readonly JournalEntry[]>;
  /** Throws PortError when Prometheus does not answer. */
  signal(query: string, range: { fromMs: number; toMs: number; stepMs: number }): Promise<readonly Series[]>;
  /** What the cluster still knows of the six hours before, or why it could not be asked; never throws. */
  warningsBefore(untilMs: number): Promise<ClusterWarnings | string>;
  /** Accepted alerts not yet worked on. */
  inboxRows(): Promise<number>;
  listEpisodes(stretch: Stretch): Promise<readonly Episode[]>;
  listIncidents(stretch: Stretch): Promise<readonly Incident[]>;
  listJournal(stretch: Stretch): Promise<readonly JournalEntry[]>;
}
