import type { Alert } from '../alerts/define.ts';
import type { Unit } from './units.ts';
import type { VariableName } from './variables.ts';

/** Stable ids of the boards: they stand in links, in bookmarks and in Slack threads, and never change. */
export type BoardUid =
  | 'gomeet-home'
  | 'gomeet-overview'
  | 'gomeet-application'
  | 'gomeet-webrtc'
  | 'gomeet-infrastructure'
  | 'gomeet-performance'
  | 'gomeet-system-overview'
  | 'gomeet-meeting'
  | 'gomeet-sfu'
  | 'gomeet-slo'
  | 'gomeet-cost'
  | 'gomeet-automation';

/** Grafana folders, by who looks. */
export type Folder = 'GoMeet' | 'GoMeet details' | 'GoMeet runbook';

/** Where a reader goes from here. */
export type Link =
  /** Another board; `with` fills its variables from labels of what was clicked. */
  | {
      readonly title: string;
      readonly board: BoardUid;
      readonly with?: Readonly<Partial<Record<VariableName, string>>>;
    }
  /** A page of the responder's console, which holds the incidents and their threads. */
  | { readonly title: string; readonly console: string }
  /** The newest incident of the alert in this column, with its thread. */
  | { readonly title: string; readonly incidentOf: string }
  /** The page of the alert in this column. */
  | { readonly title: string; readonly runbookOf: string };

/** A limit that no alert holds, and where it comes from. */
export interface Limit {
  readonly at: number;
  readonly direction: 'above' | 'below';
  readonly from: string;
}

/** One panel, one literal. */
export interface Panel {
  /** Never changes and is never given twice in a board: links and annotations name it. */
  readonly id: number;
  readonly title: string;
  /** What is counted, and what to make of it. */
  readonly description: string;
  /** One number now; lines over time; the same as parts of a whole; how often something happened, in stretches of time; a list of what is there now. */
  readonly show: 'stat' | 'lines' | 'stack' | 'bars' | 'table';
  /** Query by legend; `{{label}}` in a legend is filled in. */
  readonly series: Readonly<Record<string, string>>;
  readonly unit: Unit;
  /** Columns of 24. */
  readonly span: number;
  /** The alert that watches it: its threshold is drawn, its runbook is one click away. */
  readonly alert?: Alert;
  readonly limit?: Limit;
  readonly links?: readonly Link[];
  /** What it means when a query answers nothing, where that is the good case; else `no data`. */
  readonly empty?: string;
  /** For tables: label and its heading, in order; rows go by the value, the largest first, or else by the first column. The value is left out without a heading of its own under `value`. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Panels under one question. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A board as data: Grafana's JSON and the preview are both made of it. */
export interface Board {
  readonly uid: BoardUid;
  readonly title: string;
  readonly folder: Folder;
  /** Name of its folder below dashboards/, for messages. */
  readonly source: string;
  /** What it answers; it stands above everything. */
  readonly question: string;
  /** How far back it looks, such as `3h`. */
  readonly span: '1h' | '3h' | '6h' | '24h' | '7d' | '30d';
  readonly variables: readonly VariableName[];
  /** Every query by name; each is shown by a panel, and no panel shows another. */
  readonly queries: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** Types a board. */
export function defineBoard<const B extends Board>(board: B): B {
  return board;
}

/** All panels of a board, in reading order. */
export function panelsOf(board: Board): readonly Panel[] {
  return board.rows.flatMap(({ panels }) => panels);
}

/** The boards with these alerts in the place of their namesakes: an environment that moves a threshold sees it drawn where it fires. */
export function boardsWith(boards: readonly Board[], alerts: readonly Alert[]): readonly Board[] {
  const named = new Map(alerts.map((alert) => [alert.name, alert]));
  const moved = (panel: Panel): Panel => {
    const alert = panel.alert === undefined ? undefined : named.get(panel.alert.name);
    return alert === undefined ? panel : { ...panel, alert };
  };
  return boards.map((board) => ({
    ...board,
    rows: board.rows.map(({ title, panels }) => ({ title, panels: panels.map(moved) })),
  }));
}
