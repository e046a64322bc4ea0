import type { Limits } from '../../alerts/define.ts';
import type { ActionName, Mode } from '../../alerts/vocabulary.ts';
import { duration } from '../../kernel/duration.ts';

/** An act that time starts, under the same guards as any other. */
export interface Schedule {
  readonly name: string;
  /** Cron pattern, UTC; a leading field of seconds is allowed. */
  readonly pattern: string;
  readonly action: ActionName;
  readonly params: unknown;
  readonly mode: Mode;
  readonly limits: Limits;
}

/** Every schedule that acts. */
export const schedules: readonly Schedule[] = [
  {
    // What scale-out added lapses here, one empty node at a time (facts: at most one removal in ten minutes).
    name: 'sfu-scale-in',
    pattern: '* * * * *',
    action: 'drainSfu',
    params: {},
    mode: 'auto',
    limits: {
      cooldown: duration('10m'),
      maxActsPerHour: 6,
      maxFleetShareRatio: 0.5,
      maxParticipants: 0,
      // A drain waits for meetings; the pod's grace is five hours.
      verifyWithin: duration('6h'),
      maxDataAge: duration('60s'),
      breakerAfter: 2,
      breakerFor: duration('1h'),
      approvalWithin: duration('15m'),
      holdFor: duration('1h'),
    },
  },
];
