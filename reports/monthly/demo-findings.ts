import { usd } from '../../kernel/money.ts';
import type { MonthlyInput } from './input.ts';

/** What the demo's platform pays for and does not need. */
export function demoSavings(): MonthlyInput['savings'] {
  return [
    {
      what: 'node pool api: 3 nodes above need',
      why: 'added on 20 October for the conference; 4 nodes held the highest load with one to lose',
      saving: usd(1_008),
      confidence: 'high',
      needs: 'one person',
      command: 'gomeet cost efficiency --plan',
    },
    {
      what: 'volume migration-2025',
      why: 'no Droplet holds it, so no pod mounts it',
      saving: usd(204.8),
      confidence: 'high',
      needs: 'two people and a snapshot',
      command: 'gomeet cost delete-volume migration-2025',
    },
    {
      what: 'requests of signaling-service',
      why: '1.50 cores asked for, 0.31 taken at the 95th percentile',
      saving: usd(148.2),
      confidence: 'medium',
      needs: 'one person',
      command: 'gomeet cost efficiency --plan',
    },
    {
      what: 'snapshot before-upgrade-may',
      why: '171 days old, and its volume is gone',
      saving: usd(61.4),
      confidence: 'high',
      needs: 'two people',
      command: 'doctl compute snapshot delete before-upgrade-may',
    },
    {
      what: 'reserved address 203.0.113.7',
      why: 'no Droplet has it; only then it is billed',
      saving: usd(5),
      confidence: 'high',
      needs: 'one person',
      command: 'doctl compute reserved-ip delete 203.0.113.7',
    },
    {
      what: 'registry gomeet',
      why: '412 manifests without a tag hold up to 18.0 GiB; pods that name one by its digest could pull it no more',
      saving: usd(0),
      confidence: 'high',
      needs: 'two people',
      command: 'doctl registry garbage-collection start --include-untagged-manifests',
    },
  ];
}

/** Hours of rooms by size in the demo's month: many small ones, few large. */
export function demoRoomSizes(): NonNullable<MonthlyInput['roomSizes']> {
  return [
    { upTo: 0, roomHours: 3_100 },
    { upTo: 1, roomHours: 9_400 },
    { upTo: 2, roomHours: 30_200 },
    { upTo: 5, roomHours: 61_000 },
    { upTo: 10, roomHours: 48_500 },
    { upTo: 20, roomHours: 17_900 },
    { upTo: 50, roomHours: 7_600 },
    { upTo: 100, roomHours: 2_300 },
    { upTo: 200, roomHours: 820 },
    { upTo: 300, roomHours: 230 },
    { upTo: 400, roomHours: 120 },
    { upTo: 450, roomHours: 55 },
    { upTo: 500, roomHours: 310 },
  ];
}

/** Incidents of the demo's month, and what was done. */
export function demoReliability(): NonNullable<MonthlyInput['reliability']> {
  const at = (day: number, hour: number) => Date.UTC(2026, 9, day, hour);
  return {
    slos: [
      { name: 'a join succeeds', objectiveRatio: 0.999, attainedRatio: 0.99931, budgetLeftRatio: 0.31 },
      { name: 'audio and video are good', objectiveRatio: 0.99, attainedRatio: 0.9942, budgetLeftRatio: 0.42 },
      { name: 'recordings are finished', objectiveRatio: 0.995 },
    ],
    incidents: [
      {
        title: 'SfuSaturated, sfu',
        severity: 'critical',
        openedAtMs: at(21, 3),
        closedAtMs: at(21, 5),
        acknowledgeSeconds: 140,
        impairedParticipantMinutes: 18_400,
      },
      {
        title: 'SfuNodeLost, sfu',
        severity: 'critical',
        openedAtMs: at(9, 2),
        closedAtMs: at(9, 3),
        acknowledgeSeconds: 95,
        impairedParticipantMinutes: 2_310,
      },
      {
        title: 'CostDataStale, digitalocean-exporter',
        severity: 'warning',
        openedAtMs: at(14, 4),
        closedAtMs: at(14, 9),
      },
      {
        title: 'ServiceCrashLooping, chat-service',
        severity: 'warning',
        openedAtMs: at(27, 8),
        closedAtMs: at(27, 9),
        acknowledgeSeconds: 610,
      },
    ],
    acts: [
      { action: 'scaleSfu', acted: 41, verified: 40, notImproved: 1 },
      { action: 'drainSfu', acted: 37, verified: 37, notImproved: 0 },
      { action: 'restartWorkload', acted: 2, verified: 1, notImproved: 1 },
    ],
    refusals: [
      { reason: 'cooldown', count: 63 },
      { reason: 'meeting-in-progress', count: 19 },
      { reason: 'budget', count: 3, costPerHour: usd(3) },
    ],
    closedAlone: 17,
  };
}
