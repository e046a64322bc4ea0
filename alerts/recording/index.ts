import type { RecordingRule } from './define.ts';
import { joinRules } from './joins.ts';
import { moneyRules } from './money.ts';
import { qualityRules } from './quality.ts';
import { roomRules } from './rooms.ts';
import { serviceRules } from './services.ts';
import { sfuRules } from './sfu.ts';
import { sloRules } from './slo.ts';

/** Every recording rule; the group is the name of its file. */
export const recordingGroups: Readonly<Record<string, readonly RecordingRule[]>> = {
  sfu: Object.values(sfuRules),
  rooms: Object.values(roomRules),
  joins: Object.values(joinRules),
  quality: Object.values(qualityRules),
  services: Object.values(serviceRules),
  money: Object.values(moneyRules),
  slo: sloRules,
};

/** The same, in one list. */
export const recordingRules: readonly RecordingRule[] = Object.values(recordingGroups).flat();
