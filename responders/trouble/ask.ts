import type { Part } from '../health/define.ts';
import type { Evidence, Figure, TroublePod } from './collect.ts';
import type { Answer } from './define.ts';

/** Asks a question of a part; one that was not read rules nothing out. */
export function of<T>(part: Part<T>, look: (value: T) => Answer): Answer {
  return 'missing' in part ? { notKnown: part.missing } : look(part.value);
}

/** Asks about a figure of Prometheus: the highest, or the lowest, of its series. */
export function figure(
  evidence: Evidence,
  name: Figure,
  look: (value: number, labels: Readonly<Record<string, string>>) => Answer,
  lowest = false,
): Answer {
  return of(evidence.figures[name], (samples) => {
    const [worst] = samples
      .filter(({ value }) => Number.isFinite(value))
      .sort((a, b) => (lowest ? a.value - b.value : b.value - a.value));
    return worst === undefined ? { notKnown: 'Prometheus has no data of it' } : look(worst.value, worst.labels);
  });
}

/** A ratio as people read it. */
export const percent = (ratio: number) => `${Math.round(ratio * 100)} %`;

/** Containers that wait for one of these reasons. */
export function waiting(pods: readonly TroublePod[], reasons: readonly string[]) {
  return pods.flatMap(({ metadata, status }) =>
    status.containerStatuses.flatMap(({ state, image }) =>
      state.waiting !== undefined && reasons.includes(state.waiting.reason)
        ? [{ pod: metadata.name, image, reason: state.waiting.reason, message: state.waiting.message }]
        : [],
    ),
  );
}
