import { type Duration, duration } from '../../kernel/duration.ts';
import type { RecordingRule } from './define.ts';
import { joinRules } from './joins.ts';
import { moneyRules } from './money.ts';
import { qualityRules } from './quality.ts';
import { roomRules } from './rooms.ts';
import { serviceRules } from './services.ts';
import { sfuRules } from './sfu.ts';
import { sloRules } from './slo.ts';
import { sloLongRules } from './slo-long.ts';

/** Every recording rule; the group is the name of its file. */
export const recordingGroups: Readonly<Record<string, readonly RecordingRule[]>> = {
  sfu: Object.values(sfuRules),
  rooms: Object.values(roomRules),
  joins: Object.values(joinRules),
  quality: Object.values(qualityRules),
  services: Object.values(serviceRules),
  money: Object.values(moneyRules),
  slo: sloRules,
  'slo-long': sloLongRules,
};

/** How often a group is evaluated that need not be each time; less than the five minutes for which a sample is current. */
export const groupIntervals: Readonly<Record<string, Duration>> = {
  // Means over a week: eight times as often would cost eight times as much and say the same.
  money: duration('2m'),
  'slo-long': duration('2m'),
};

/** The same, in one list. */
export const recordingRules: readonly RecordingRule[] = Object.values(recordingGroups).flat();
