import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { sfuBoard } from './sfu/dashboard.ts';
import { sfuQueries } from './sfu/queries.ts';

/** A board: its stable id, its queries for the lint, and what makes Grafana's JSON of it. */
export interface Board {
  readonly uid: string;
  readonly queries: Readonly<Record<string, string>>;
  build(): Dashboard;
}

/** Every board. */
export const boards: readonly Board[] = [
  { uid: 'gomeet-sfu', queries: sfuQueries, build: () => sfuBoard('gomeet-sfu') },
];
