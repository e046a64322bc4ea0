import { objectiveRules } from '../slo/define.ts';
import { objectives } from '../slo/objectives.ts';

/** What the budgets of the objectives are reckoned from. */
export const sloRules = objectives.flatMap(objectiveRules);
