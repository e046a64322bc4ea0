import { type SimPlan, smallPlatform } from '../../../lab/simulator/platform.ts';
import { createSimulator, type Simulator } from '../../../lab/simulator/simulator.ts';

/** A simulator with three SFUs whose time stands still until the test moves it, in platform seconds. */
export function stillSimulator(
  options: { seed?: number; plan?: SimPlan } = {},
): Simulator & { pass(seconds: number): void } {
  let nowMs = 1_800_000_000_000;
  const simulator = createSimulator({
    plan: { ...smallPlatform, sfuReplicas: 3 },
    ...options,
    factor: 1,
    clock: { now: () => nowMs, sleep: async () => {} },
  });
  return {
    ...simulator,
    pass(seconds) {
      nowMs += seconds * 1_000;
      simulator.view();
    },
  };
}
