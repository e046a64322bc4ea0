import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metric } from '../metrics/define.ts';
import { probeMetrics as metrics } from '../metrics/probe.ts';
import { failureReasons, probeStages, type Trial } from './domain.ts';

/** The metrics of the probe. */
export interface Register {
  /** Counts a trial and shows what it measured; after a failure the old measurements go, since they are of another meeting. */
  show(trial: Trial, atMs: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Bounds around what the facts on quality call good and bad for joining: 2 and 5 s. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 5, 10];

/** A register that has seen no trial yet. */
export function createRegister(): Register {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const shape = ({ name, help, labels }: Metric) => ({ name, help, labelNames: [...labels], registers: [registry] });
  const attempts = new Counter(shape(metrics.attempts));
  const failures = new Counter(shape(metrics.failures));
  const success = new Gauge(shape(metrics.success));
  const lastAttempt = new Gauge(shape(metrics.lastAttempt));
  const stages = new Histogram({ ...shape(metrics.stageSeconds), buckets });
  const loss = new Gauge(shape(metrics.packetLoss));
  const jitter = new Gauge(shape(metrics.jitter));
  const roundTrip = new Gauge(shape(metrics.roundTrip));
  for (const stage of probeStages) {
    stages.zero({ stage });
    for (const reason of failureReasons) failures.inc({ stage, reason }, 0);
  }
  // Gauges without labels show 0 from the start: a trial that never was is neither good nor bad.
  for (const gauge of [success, lastAttempt]) gauge.remove();
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    show(trial, atMs) {
      attempts.inc();
      success.set(trial.outcome === 'success' ? 1 : 0);
      lastAttempt.set(atMs / 1_000);
      for (const [stage, seconds] of Object.entries(trial.seconds)) stages.observe({ stage }, seconds);
      for (const gauge of [loss, jitter, roundTrip]) gauge.reset();
      if (trial.outcome === 'failure') {
        failures.inc({ stage: trial.stage, reason: trial.reason });
        return;
      }
      for (const { direction, kind, lossRatio, jitterSeconds } of trial.quality.tracks) {
        loss.set({ direction, kind }, lossRatio);
        jitter.set({ direction, kind }, jitterSeconds);
      }
      for (const { direction, seconds } of trial.quality.roundTrips) roundTrip.set({ direction }, seconds);
    },
  };
}
