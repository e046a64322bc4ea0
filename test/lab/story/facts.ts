import type { Fact } from '../../../lab/story/define.ts';
import { timedFacts } from '../../../lab/story/two-nodes.ts';

/** What was seen, and in which order. */
export function withoutTimes(facts: readonly Fact[]): readonly Omit<Fact, 'seconds'>[] {
  return facts.map(({ what, saw }) => ({ what, saw }));
}

/** Facts that took a time which the simulator's physics does not allow. */
export function outOfBounds(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(({ what, seconds }) => {
    if (seconds === undefined) return false;
    const bounds = timedFacts[what];
    return bounds === undefined || seconds < bounds.least || seconds > bounds.most;
  });
}
