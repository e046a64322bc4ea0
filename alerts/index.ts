import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import type { Alert } from './define.ts';

/** Every alert, in the order in which one meets them in the runbook. */
export const alerts: readonly Alert[] = [sfuSaturated];
