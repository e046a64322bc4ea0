import type { Alert } from '../define.ts';
import { sloAlerts } from '../slo/index.ts';
import { certificateAlerts } from './certificates.ts';
import { gatewaySpikes } from './gateway-spikes.ts';
import { metricsMissing } from './metrics-missing.ts';
import { trackAlerts } from './tracks.ts';

/** Alerts that differ in a few figures and words: one file a family, a line of its table each. */
export const familyAlerts: readonly Alert[] = [
  ...trackAlerts,
  ...metricsMissing,
  ...gatewaySpikes,
  ...certificateAlerts,
  ...sloAlerts,
];
