import type { ActPorts } from '../../responders/act/define.ts';
import { fenced } from '../../responders/reconcile/lease.ts';

/** A responder that is killed once, at its n-th moment. Its moments are: before each write to a peer, and at the end of each turn, before the store has what came of it. */
export interface Mortal {
  /** One turn of work up to what the store would keep of it; undefined when it was killed in it, and from then on another lives. */
  turn<T>(work: (ports: ActPorts) => Promise<T>): Promise<{ readonly kept: T } | undefined>;
  /** How many there were so far. */
  moments(): number;
}

class Killed extends Error {}

/** Its writes are those that a lost lease refuses, so that none is missed. Killed after a write is killed before whatever follows it: the answer is lost either way. */
export function mortal(peers: ActPorts, killAt?: number | 'after its first write'): Mortal {
  let moments = 0;
  let writes = 0;
  let killed = false;
  return {
    async turn(work) {
      let dead = false;
      const moment = (): void => {
        dead ||= !killed && (moments === killAt || (writes === 1 && killAt === 'after its first write'));
        killed ||= dead;
        moments += 1;
        if (dead) throw new Killed();
      };
      const isHeld = (): true => {
        moment();
        writes += 1;
        return true;
      };
      try {
        const kept = await work(fenced(peers, { isHeld, end: () => undefined }));
        moment();
        return { kept };
      } catch (error) {
        if (!dead) throw error;
        return undefined;
      }
    },
    moments: () => moments,
  };
}
