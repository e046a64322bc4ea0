import { objectiveRules } from '../slo/define.ts';
import { objectives } from '../slo/objectives.ts';

/** What the budgets of the objectives are reckoned from over hours. */
export const sloRules = objectives.flatMap(objectiveRules).filter(({ record }) => !/(3|30)d$/.test(record));
