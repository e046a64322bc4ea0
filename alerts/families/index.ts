import type { Alert } from '../define.ts';
import { sloAlerts } from '../slo/index.ts';
import { certificateAlerts } from './certificates.ts';
import { gatewaySpikes } from './gateway-spikes.ts';
import { metricsMissing } from './metrics-missing.ts';

/** Alerts that differ in a few figures and words: one file a family, a line of its table each. */
export const familyAlerts: readonly Alert[] = [...metricsMissing, ...gatewaySpikes, ...certificateAlerts, ...sloAlerts];
