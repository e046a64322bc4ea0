import type { Limits } from '../../alerts/define.ts';
import type { ActionName, Mode } from '../../alerts/vocabulary.ts';
import { duration } from '../../kernel/duration.ts';
import { routineNames, routines } from '../routine/routines.ts';

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

/** Bounds of what the calendar starts and nobody is disturbed by. */
const routineLimits: Limits = {
  cooldown: duration('1m'),
  maxActsPerHour: 6,
  maxFleetShareRatio: 0.5,
  maxParticipants: 0,
  verifyWithin: duration('15m'),
  maxDataAge: duration('60s'),
  breakerAfter: 3,
  breakerFor: duration('1h'),
  approvalWithin: duration('15m'),
  holdFor: duration('1h'),
};

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
  {
    // What a person raised for a while goes back when its time is over and nothing fires.
    name: 'scale-lapse',
    pattern: '* * * * *',
    action: 'lapseScale',
    params: {},
    mode: 'auto',
    limits: { ...routineLimits, cooldown: duration('1m'), maxActsPerHour: 30, maxFleetShareRatio: 1 },
  },
  {
    // Half an hour before the CronJob, which finds it made, or makes it when the responder is down.
    name: 'nightly-backup',
    pattern: '30 1 * * *',
    action: 'runBackup',
    params: {},
    mode: 'auto',
    limits: { ...routineLimits, verifyWithin: duration('4h') },
  },
  ...routineNames.map(
    (routine): Schedule => ({
      name: `routine-${routine}`,
      pattern: routines[routine].pattern,
      action: 'runRoutine',
      params: { routine },
      mode: 'auto',
      limits: routineLimits,
    }),
  ),
];
