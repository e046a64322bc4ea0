import { type MicroUsd, timesUsd } from '../../kernel/money.ts';
import type { Estimate } from './lines.ts';

/** What the platform did over a period; undefined is what nobody measured. */
export interface Activity {
  readonly participantHours: number | undefined;
  /** Meetings that ended. */
  readonly meetings: number | undefined;
  /** Bytes that the SFUs sent. */
  readonly egressBytes: number | undefined;
}

/** Cost in the platform's units; undefined where there is no activity to divide by. */
export interface UnitCosts {
  readonly perParticipantHour: Estimate | undefined;
  readonly perMeeting: Estimate | undefined;
  readonly per1000ParticipantMinutes: Estimate | undefined;
  readonly egressBytesPerParticipantHour: number | undefined;
  /** The mean rate sent to one participant, bits a second. */
  readonly egressBitsPerSecond: number | undefined;
  /** What that egress would cost above the transfer pool, for one participant-hour. */
  readonly egressPerParticipantHour: MicroUsd | undefined;
}

const gib = 1024 ** 3;

/** Divides a cost by what was done for it. */
export function unitCosts(cost: Estimate, activity: Activity, transferPerGib: MicroUsd): UnitCosts {
  const hours = positive(activity.participantHours);
  const meetings = positive(activity.meetings);
  const bytes = hours === undefined || activity.egressBytes === undefined ? undefined : activity.egressBytes / hours;
  return {
    perParticipantHour: over(cost, hours),
    perMeeting: over(cost, meetings),
    per1000ParticipantMinutes: over(cost, hours === undefined ? undefined : (hours * 60) / 1_000),
    egressBytesPerParticipantHour: bytes,
    egressBitsPerSecond: bytes === undefined ? undefined : (bytes * 8) / 3_600,
    egressPerParticipantHour: bytes === undefined ? undefined : timesUsd(transferPerGib, bytes / gib),
  };
}

function over({ best, low, high }: Estimate, count: number | undefined): Estimate | undefined {
  if (count === undefined) return undefined;
  return { best: timesUsd(best, 1 / count), low: timesUsd(low, 1 / count), high: timesUsd(high, 1 / count) };
}

function positive(count: number | undefined): number | undefined {
  return count !== undefined && count > 0 ? count : undefined;
}
