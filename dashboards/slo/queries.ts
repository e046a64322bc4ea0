import { budgetLeft, budgetOf, errorRatio } from '../../alerts/slo/define.ts';
import { objectives } from '../../alerts/slo/objectives.ts';

/** One query of each objective, by its key. */
const each = (of: (objective: (typeof objectives)[number]) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(objectives.map((objective) => [objective.key, of(objective)]));
const named = (name: string, queries: Readonly<Record<string, string>>) =>
  Object.entries(queries).map(([key, expr]) => [`${name}_${key}`, expr] as const);

/** What is left of each budget, how fast it burns, and what fails over a short, a middle and a long window. */
export const byObjective = {
  left: each(budgetLeft),
  burn: each((objective) => `${errorRatio(objective, '1h')} / ${budgetOf(objective)}`),
  now: each((objective) => errorRatio(objective, '5m')),
  hour: each((objective) => errorRatio(objective, '1h')),
  days: each((objective) => errorRatio(objective, '3d')),
} as const;

/** What the board on objectives asks, all by name. */
export const sloQueries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(byObjective).flatMap(([name, queries]) => named(name, queries)),
);
