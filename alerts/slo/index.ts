import type { Alert } from '../define.ts';
import { objectiveAlerts } from './alerts.ts';
import { objectives } from './objectives.ts';

/** The alerts on the budgets of all objectives. */
export const sloAlerts: readonly Alert[] = objectives.flatMap(objectiveAlerts);
