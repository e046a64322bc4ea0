import type { Alert } from '../../alerts/define.ts';
import type { Mode } from '../../alerts/vocabulary.ts';
import type { WorldPart } from '../act/define.ts';
import type { Fleet, Reading, Series } from '../ports.ts';
import type { Episode, Incident, JournalEntry, Run, Subject } from '../records.ts';

/** An incident with all that belongs to it; the journal oldest first. */
export interface IncidentView {
  readonly incident: Incident;
  readonly episodes: readonly Episode[];
  readonly runs: readonly Run[];
  readonly journal: readonly JournalEntry[];
}

/** How old one part of the world is; without a time it was never seen. */
export interface WorldAge {
  readonly part: WorldPart;
  readonly observedAtMs: number | undefined;
  /** Older than this is no data. */
  readonly maxAgeMs: number;
}

/** A control in force: who set it, why, when, and when it lapses. */
export interface ControlInForce {
  readonly by: Subject;
  readonly reason: string;
  readonly sinceMs: number;
  readonly untilMs: number | undefined;
}

/** What holds the responder back, or lets it go further than its policy says. */
export interface ControlsInForce {
  readonly stop: ControlInForce | undefined;
  readonly freeze: ControlInForce | undefined;
  readonly liveEvent: ControlInForce | undefined;
  readonly breakGlass: ControlInForce | undefined;
  readonly modes: readonly ModeInForce[];
}

/** How far one runbook may go: the mode its policy declares, and the one in force. */
export interface ModeInForce {
  readonly alertname: string;
  readonly declared: Mode;
  readonly mode: Mode;
  readonly set: ControlInForce | undefined;
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
  /** By public id; undefined when there is none. */
  incident(publicId: string): Promise<IncidentView | undefined>;
  /** The incident that holds the episode, whole; undefined when there is none. */
  incidentOfEpisode(episodeId: string): Promise<IncidentView | undefined>;
  /** The definition in force, durations as they are applied; undefined for an alert without a runbook. */
  alert(alertname: string): Alert | undefined;
  fleet(): Reading<Fleet> | undefined;
  world(): readonly WorldAge[];
  controls(): Promise<ControlsInForce>;
  /** The last control changes, newest first. */
  controlHistory(limit: number): Promise<readonly JournalEntry[]>;
  /** Throws PortError when Prometheus does not answer. */
  signal(query: string, range: { fromMs: number; toMs: number; stepMs: number }): Promise<readonly Series[]>;
  /** Accepted alerts not yet worked on. */
  inboxRows(): Promise<number>;
  listEpisodes(stretch: Stretch): Promise<readonly Episode[]>;
  listIncidents(stretch: Stretch): Promise<readonly Incident[]>;
  listJournal(stretch: Stretch): Promise<readonly JournalEntry[]>;
}
