import { objectiveRules } from '../slo/define.ts';
import { objectives } from '../slo/objectives.ts';

/** The same over days: a month is 172,800 samples a series, which nobody needs anew every 15 s. */
export const sloLongRules = objectives.flatMap(objectiveRules).filter(({ record }) => /(3|30)d$/.test(record));
