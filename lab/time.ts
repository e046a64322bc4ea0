/** How much faster than the platform the lab runs: every duration there is divided by this. Expressions and thresholds stay as they are. */
export const defaultLabFactor = 30;

/** The lab's time against the platform's. */
export interface LabTime {
  readonly factor: number;
  /** Wall-clock milliseconds at which the lab's platform began. */
  readonly startedAtMs: number;
}

/** Wall-clock milliseconds of a moment given in platform seconds since the start. */
export function wallMs(time: LabTime, platformSeconds: number): number {
  return Math.round(time.startedAtMs + (platformSeconds * 1_000) / time.factor);
}

/** Platform seconds since the start at a wall-clock moment. */
export function platformSeconds(time: LabTime, nowMs: number): number {
  return ((nowMs - time.startedAtMs) / 1_000) * time.factor;
}

/** Wall-clock milliseconds that a length of platform time takes in the lab. */
export function labMs(time: Pick<LabTime, 'factor'>, seconds: number): number {
  return (seconds * 1_000) / time.factor;
}
