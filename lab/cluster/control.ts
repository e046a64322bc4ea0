import { UsageError } from '../../kernel/errors.ts';
import type { PlatformControl, Sight } from '../platform.ts';
import { burn } from './burn.ts';
import type { Crashes } from './crashes.ts';
import type { RealMeetings } from './meetings.ts';
import { beginTrouble } from './troubles.ts';
import type { RealWorld } from './world.ts';

/** The hands of a drill on real peers. */
export function realControl(parts: {
  readonly world: RealWorld;
  readonly meetings: RealMeetings;
  readonly crashes: Crashes;
  readonly blind: Set<Sight>;
}): PlatformControl {
  const { world, meetings, crashes, blind } = parts;
  const burning = new Map<string, () => void>();
  const processOf = (pod: string) => {
    const found = world.sfus.running().find((process) => process.pod === pod);
    if (found === undefined) throw new UsageError(`no livekit-server runs for pod ${pod}`);
    return found;
  };
  const setBurning = (pod: string, on: boolean) => {
    burning.get(pod)?.();
    burning.delete(pod);
    if (on) burning.set(pod, burn(processOf(pod)));
  };
  return {
    startMeeting: (wish) => meetings.start(wish),
    resizeMeeting: (name, participants) => meetings.resize(name, participants),
    // Hundreds of people are more than this machine can be; what they would cost the node is asked of it by requests.
    saturate: async (pod) => setBurning(pod, true),
    relieve: async (pod) => setBurning(pod, false),
    burn: async (pod, on) => setBurning(pod, on),
    async loseNode(pod) {
      const { node } = processOf(pod);
      await Promise.all([world.sfus.loseNode(node), world.nodes.lose(node)]);
    },
    crash: (workload, options) => crashes.start(workload, options),
    cure: (workload) => crashes.cure(workload),
    releaseBroken: (workload, image) => crashes.release(workload, image),
    async blind(sight, on) {
      if (on) blind.add(sight);
      else blind.delete(sight);
    },
    async spend(monthToDateUsd) {
      world.cloud.account.monthToDateUsd = monthToDateUsd;
    },
    async stallBoots() {
      world.pools.stall();
    },
    trouble: (trouble, workload) => beginTrouble(world, trouble, workload),
  };
}
