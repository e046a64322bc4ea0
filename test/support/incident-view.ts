import { defineAlert } from '../../alerts/define.ts';
import { duration } from '../../kernel/duration.ts';
import type { Episode, Incident, JournalEntry, Run } from '../../responders/records.ts';
import type { IncidentView } from '../../responders/tell/view.ts';

/** 2026-11-21 03:04:05 UTC: the hour at which messages are read worst. */
export const threeAtNight = Date.UTC(2026, 10, 21, 3, 4, 5);

export const saturated = defineAlert({
  name: 'SfuSaturated',
  expr: 'vector(1)',
  for: duration('2m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  summary: 'An SFU node is at its limit',
  description: 'SFU node {{ $labels.node }} is at {{ $value }}.',
  runbook: {
    meaning: 'A node is full.',
    impact: 'Video freezes for everyone in the meetings on that node.',
    diagnosis: [{ say: 'Look at the node.' }],
    mitigation: [{ say: 'Add a node.', action: 'scaleSfu', params: { step: 1 }, approval: 'none' }],
    person: 'Look.',
    leave: 'Never.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: 'vector(1)', unit: 'ratio', threshold: 0.8, direction: 'above', legend: 'load' },
  },
});

export function incidentOf(more: Partial<Incident> = {}): Incident {
  return {
    id: '7',
    publicId: 'inc-k3v9',
    title: 'SFU node sfu-3 is saturated',
    severity: 'critical',
    openedAtMs: threeAtNight,
    closedAtMs: undefined,
    acknowledgedAtMs: undefined,
    acknowledgedBy: undefined,
    escalatedAtMs: undefined,
    sev: undefined,
    commander: undefined,
    declaredAtMs: undefined,
    postmortem: undefined,
    version: 4,
    ...more,
  };
}

export function episodeOf(more: Partial<Episode> = {}): Episode {
  return {
    id: '11',
    fingerprint: 'f1',
    alertname: 'SfuSaturated',
    labels: { alertname: 'SfuSaturated', service: 'livekit-sfu', node: 'sfu-3' },
    annotations: {
      description: 'SFU node sfu-3 is at 94 % of its CPU.',
      runbook_url: 'https://runbooks.example.com/SfuSaturated',
    },
    incidentId: '7',
    openedAtMs: threeAtNight,
    startsAtMs: threeAtNight - 40_000,
    lastSeenAtMs: threeAtNight + 30_000,
    resolvedAtMs: undefined,
    closedAtMs: undefined,
    silenced: false,
    refusal: undefined,
    noise: false,
    ...more,
  };
}

export function runOf(more: Partial<Run> = {}): Run {
  return {
    id: '21',
    incidentId: '7',
    episodeId: '11',
    alertname: 'SfuSaturated',
    step: 0,
    action: 'scaleSfu',
    params: { step: 1 },
    target: 'deployment/livekit-sfu',
    change: { replicas: 5 },
    says: 'Add 1 SFU node (4 to 5), no meeting is touched, $0.25/h more',
    state: 'verifying',
    reason: undefined,
    requestedBy: 'responder',
    approvals: [],
    approvalsNeeded: 0,
    createdAtMs: threeAtNight + 1_000,
    intendedAtMs: threeAtNight + 1_100,
    actedAtMs: threeAtNight + 1_400,
    finishedAtMs: undefined,
    deadlineMs: threeAtNight + 301_400,
    attempts: 1,
    fence: 1,
    breakGlass: false,
    ...more,
  };
}

export function entryOf(id: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: String(id),
    atMs: threeAtNight + id * 1_000,
    kind: 'refused',
    incidentId: '7',
    episodeId: '11',
    runId: undefined,
    subject: 'responder',
    text: `entry ${id}`,
    detail: {},
    ...more,
  };
}

export function viewOf(more: Partial<IncidentView> = {}): IncidentView {
  return {
    incident: incidentOf(),
    episodes: [episodeOf()],
    runs: [],
    journal: [],
    alerts: { SfuSaturated: saturated },
    links: {
      console: 'https://console.example.com/incidents/inc-k3v9',
      dashboard: 'https://grafana.example.com/d/sfu',
    },
    interactive: true,
    affected: { rooms: 3, participants: 412, observedAtMs: threeAtNight },
    ...more,
  };
}
