import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { costBoard } from './cost/dashboard.ts';
import { costQueries } from './cost/queries.ts';
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
  { uid: 'gomeet-cost', queries: costQueries, build: () => costBoard('gomeet-cost') },
];
