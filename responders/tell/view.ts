import type { Alert } from '../../alerts/define.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Episode, Incident, JournalEntry, Run } from '../records.ts';

/** Whom it touches now; absent when no fresh source could say. */
export interface Affected {
  readonly rooms: number;
  readonly participants: number;
  readonly observedAtMs: number;
}

/** What a person may ask for with one click, told before the click: words and price. */
export interface Offer {
  readonly action: 'scaleSfu' | 'restartWorkload';
  /** One line from the action's preflight: what changes and whom it touches. */
  readonly says: string;
  /** Dollars an hour more than now. */
  readonly costPerHour: MicroUsd;
}

/** Where a reader can go on. Each is absent when it is not configured. */
export interface ViewLinks {
  /** The incident's own page in the console. */
  readonly console?: string;
  readonly dashboard?: string;
}

/** All that a message about one incident is made from; plain records, no I/O. */
export interface IncidentView {
  readonly incident: Incident;
  readonly episodes: readonly Episode[];
  readonly runs: readonly Run[];
  /** The newest part of the journal, oldest first; some fifty entries are enough. */
  readonly journal: readonly JournalEntry[];
  /** Definitions of the alerts involved, by name; one that is missing has no runbook. */
  readonly alerts: Readonly<Record<string, Alert | undefined>>;
  readonly links: ViewLinks;
  /** Whether clicks come back to us. */
  readonly interactive: boolean;
  readonly affected?: Affected;
  readonly offers?: readonly Offer[];
  /** Impaired participant-minutes so far, when the reports computed them. */
  readonly impairedParticipantMinutes?: number;
}

/** Where the incident stands, for colour and state line. */
export type IncidentState = 'firing' | 'acknowledged' | 'quiet' | 'silenced' | 'resolved';

/** Attachment colours, Grafana OnCall's palette. */
export const stateColors: Readonly<Record<IncidentState, string>> = {
  firing: '#a30200',
  acknowledged: '#daa038',
  quiet: '#daa038',
  resolved: '#2eb886',
  silenced: '#dddddd',
};

/** Episodes that are still going on. */
export function openEpisodes(view: IncidentView): readonly Episode[] {
  return view.episodes.filter((episode) => episode.closedAtMs === undefined);
}

/** The definition of an alert; names come from labels, so only own keys count. */
export function alertOf(view: IncidentView, name: string): Alert | undefined {
  return Object.hasOwn(view.alerts, name) ? view.alerts[name] : undefined;
}

/** The state shown; a closed incident is resolved, one whose every open alert is silenced is silenced, one whose every open alert stopped firing is quiet: resolved is not proof. */
export function incidentState(view: IncidentView): IncidentState {
  if (view.incident.closedAtMs !== undefined) return 'resolved';
  const open = openEpisodes(view);
  if (open.length > 0 && open.every((episode) => episode.silenced)) return 'silenced';
  if (open.length > 0 && open.every((episode) => episode.resolvedAtMs !== undefined)) return 'quiet';
  return view.incident.acknowledgedAtMs === undefined ? 'firing' : 'acknowledged';
}

/** Changes whenever a reader of the parent message should learn of it at once: the state, an acknowledgement, a run that moved on. */
export function stateKey(view: IncidentView): string {
  const { incident } = view;
  const runs = view.runs.map((run) => `${run.id}=${run.state}/${run.approvals.length}`);
  const resolved = openEpisodes(view).filter((episode) => episode.resolvedAtMs === undefined).length === 0;
  return [
    incidentState(view),
    incident.sev ?? '-',
    incident.escalatedAtMs === undefined ? '' : 'escalated',
    resolved ? 'quiet' : 'loud',
    ...runs.slice(-10),
  ].join(' ');
}
