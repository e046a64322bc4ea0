import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';
import { type LabTime, platformSeconds } from '../time.ts';
import type { Random } from './random.ts';
import type { SimState } from './state.ts';
import { advance } from './step.ts';

/** Peers of the simulated platform, each of which a drill can take away. */
export type SimPeer = 'kubernetes' | 'livekit' | 'redis' | 'digitalocean' | 'sfu-metrics' | 'kube-metrics';

/** A write that a peer accepted: what drills count, since logs prove nothing. */
export interface Write {
  readonly atMs: number;
  readonly peer: SimPeer;
  readonly verb: 'scale' | 'setFloor' | 'restart' | 'setImage' | 'setDeletionCost' | 'setPoolFloor';
  readonly target: string;
  readonly value: number | string | null;
  readonly runId: string;
}

/** Where the pure platform meets time: whoever looks sees it as it is now. */
export interface Rim {
  readonly time: LabTime;
  /** The platform at this moment; throws a PortError when that peer is away. */
  state(peer?: SimPeer): SimState;
  record(write: Omit<Write, 'atMs'>): void;
  readonly writes: readonly Write[];
  readonly away: Set<SimPeer>;
}

/** Starts the platform's time at the clock's. */
export function createRim(start: SimState, options: { clock: Clock; random: Random; factor: number }): Rim {
  const time: LabTime = { factor: options.factor, startedAtMs: options.clock.now() };
  const writes: Write[] = [];
  const away = new Set<SimPeer>();
  const state = start;
  return {
    time,
    writes,
    away,
    state(peer) {
      const due = platformSeconds(time, options.clock.now()) - state.seconds;
      if (due > 0) advance(state, due, options.random);
      if (peer !== undefined && away.has(peer)) throw new PortError(peer, 'unreachable', 'cannot be reached');
      return state;
    },
    record(write) {
      writes.push({ ...write, atMs: options.clock.now() });
    },
  };
}
