import type { Job } from '../../../alerts/jobs.ts';
import type { StaticTargets } from '../../../alerts/prometheus.ts';

/** Targets of a job that run while the proof does. */
export type Live = Partial<Record<Job, StaticTargets[]>>;

/** Labels that discovery puts on what a pod says. */
export const pod = (service: string) => ({ namespace: 'gomeet', pod: `${service}-0` });
