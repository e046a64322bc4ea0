import { alerts } from '../../../../alerts/index.ts';
import type { Fleet, SfuNode } from '../../../../responders/ports.ts';
import type { Episode, Incident, JournalEntry, JournalKind, Run } from '../../../../responders/records.ts';
import type { IncidentView } from '../../../../responders/tell/view.ts';

/** When the drill's alert fires; everything in it is told in seconds from here. */
export const firedAtMs = Date.UTC(2026, 10, 21, 14, 3, 7);
const at = (seconds: number) => firedAtMs + seconds * 1_000;

export const incident: Incident = {
  id: '41',
  publicId: 'k3v9-wq2p-71ab',
  title: 'SfuSaturated: an SFU node is short of CPU',
  severity: 'critical',
  openedAtMs: firedAtMs,
  closedAtMs: undefined,
  acknowledgedAtMs: undefined,
  acknowledgedBy: undefined,
  escalatedAtMs: undefined,
  sev: undefined,
  commander: undefined,
  declaredAtMs: undefined,
  postmortem: undefined,
  version: 3,
};

export const episode: Episode = {
  id: '907',
  fingerprint: '5f1e0c7d2b9a4e63',
  alertname: 'SfuSaturated',
  labels: {
    alertname: 'SfuSaturated',
    severity: 'critical',
    service: 'livekit-sfu',
    node: 'sfu-2',
    node_id: 'ND_hR4eXw2LqP',
    region: 'fra1',
  },
  annotations: {
    description: 'Node ND_hR4eXw2LqP runs at 91% of its CPU.',
    summary: 'An SFU node is short of CPU',
    runbook_url: 'https://runbooks.example.test/SfuSaturated',
  },
  incidentId: incident.id,
  openedAtMs: firedAtMs,
  startsAtMs: at(-120),
  lastSeenAtMs: at(240),
  resolvedAtMs: undefined,
  closedAtMs: undefined,
  silenced: false,
  refusal: undefined,
  noise: false,
};

const scaleSays = 'Raise livekit-sfu from 3 to 4 replicas; nobody is moved';
const run: Run = {
  id: '5501',
  incidentId: incident.id,
  episodeId: episode.id,
  alertname: episode.alertname,
  step: 0,
  action: 'scaleSfu',
  params: { step: 1 },
  target: 'deployment/livekit-sfu',
  change: { replicas: 4 },
  says: scaleSays,
  state: 'verifying',
  reason: undefined,
  requestedBy: 'responder',
  approvals: [],
  approvalsNeeded: 0,
  createdAtMs: at(19),
  intendedAtMs: at(19),
  actedAtMs: at(20),
  finishedAtMs: undefined,
  deadlineMs: at(620),
  attempts: 1,
  fence: 1,
  breakGlass: false,
};

const proposal: Run = {
  ...run,
  id: '5502',
  step: 1,
  action: 'raiseNodePool',
  target: 'node-pool/sfu',
  says: 'Raise pool sfu to at least 5 nodes, $0.50 an hour more',
  state: 'proposed',
  approvalsNeeded: 1,
  createdAtMs: at(150),
  intendedAtMs: undefined,
  actedAtMs: undefined,
  requestedBy: 'console:sam',
};

const pass = (guard: string, saw: string, ageSeconds?: number) => ({
  guard,
  verdict: 'pass',
  saw,
  ...(ageSeconds === undefined ? {} : { ageSeconds }),
});
const early = (age: number) => [
  pass('stop-switch', 'off'),
  pass('quiet', 'neither silenced nor inhibited'),
  pass('fresh-data', `cluster ${age} s old, fleet ${age} s old`, age),
];
const goTrace = [
  ...early(2),
  pass('target', `deployment/livekit-sfu: ${scaleSays}`),
  pass('mode', 'auto'),
  pass('freeze', 'neither freeze nor live event'),
  pass('cooldown', 'not done lately'),
  pass('rate-limit', '0 of 3 acts in the last hour'),
  pass('blast-radius', 'touches 0 participants, 0% of the fleet'),
  pass('replica-ceiling', '4 of at most 100'),
  pass('budget', '$27,310 of $35,000 this month; $360 more'),
  pass('breaker', 'closed: the last act helped'),
  pass('approval', 'none needed'),
];
const holdTrace = [
  pass('stop-switch', 'off'),
  pass('quiet', 'neither silenced nor inhibited'),
  {
    guard: 'fresh-data',
    verdict: 'refuse',
    reason: 'stale-data',
    saw: 'cluster 2 s old, fleet 94 s old',
    ageSeconds: 94,
  },
];
const plan = {
  target: run.target,
  says: scaleSays,
  touches: { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 },
};

type Line = readonly [
  seconds: number,
  kind: JournalKind,
  text: string,
  detail?: Readonly<Record<string, unknown>>,
  subject?: string,
];
const lines: readonly Line[] = [
  [0, 'fired', 'SfuSaturated fires on node sfu-2'],
  [1, 'refused', 'cluster 2 s old, fleet 94 s old', { trace: holdTrace, action: 'scaleSfu', reason: 'stale-data' }],
  [6, 'evidence', 'sfu-2: no restarts, no rollout in the last 24 h; the largest room is RM_a81 with 388 participants'],
  [19, 'intended', scaleSays, { trace: goTrace, action: 'scaleSfu', plan }],
  [20, 'acted', 'livekit-sfu asked for 4 replicas'],
  [44, 'status', 'New node sfu-4 is starting on a new droplet', {}, 'console:sam'],
  [186, 'verified', 'sfu-4 serves, 1 free slot for a meeting of 500; 12 of 12 joins in the last minute succeeded'],
];

/** The journal of the first `seconds` of the drill. */
export function journalUntil(seconds: number): readonly JournalEntry[] {
  return lines
    .filter(([when]) => when <= seconds)
    .map(([when, kind, text, detail, subject], index) => ({
      id: String(8_000 + index),
      atMs: at(when),
      kind,
      incidentId: incident.id,
      episodeId: episode.id,
      runId: index > 2 ? run.id : undefined,
      subject: subject ?? (kind === 'fired' ? 'alertmanager' : 'responder'),
      text,
      detail: detail ?? {},
    }));
}

/** Definitions by name. */
export const alertsByName = Object.fromEntries(alerts.map((alert) => [alert.name, alert]));

/** The incident as it stands so many seconds after the alert. */
export function viewAt(seconds: number): IncidentView {
  const runs = [
    ...(seconds < 19 ? [] : [seconds < 186 ? run : { ...run, state: 'verified' as const, finishedAtMs: at(186) }]),
    ...(seconds < 150 ? [] : [proposal]),
  ];
  return {
    incident,
    episodes: [episode],
    runs,
    journal: journalUntil(seconds),
    alerts: alertsByName,
    links: { console: `http://127.0.0.1:9481/incidents/${incident.publicId}` },
    interactive: true,
    affected: { rooms: 7, participants: 512, observedAtMs: at(seconds) },
  };
}

const node = (nodeId: string, pod: string, state: SfuNode['state'], cpuLoadRatio: number, freeSlots: number) => ({
  nodeId,
  pod,
  state,
  cpuLoadRatio,
  freeSlots,
  emptyReadings: 0,
});
const sizes: Readonly<Record<string, readonly number[]>> = {
  ND_hR4eXw2LqP: [388, 46, 31, 18, 14, 9, 6],
  ND_bT7kq9Zs1a: [120, 84, 40, 22, 12, 8, 8, 5, 3],
  ND_mC2vYp8Qd4: [64, 31, 12, 5],
  ND_xW5nLs3Kf7: [22, 6],
  ND_oLd1: [31],
};

/** The fleet so many seconds after the alert. */
export function fleetAt(seconds: number): Fleet {
  const joined = seconds >= 186;
  const nodes = [
    node('ND_hR4eXw2LqP', 'sfu-2', 'serving', 0.91, 0),
    node('ND_bT7kq9Zs1a', 'sfu-1', 'serving', 0.52, 0),
    node('ND_mC2vYp8Qd4', 'sfu-3', 'serving', 0.31, 1),
    node('ND_oLd1', 'sfu-0', 'draining', 0.12, 0),
    ...(seconds < 40
      ? []
      : [node('ND_xW5nLs3Kf7', 'sfu-4', joined ? 'serving' : 'starting', joined ? 0.07 : 0, joined ? 1 : 0)]),
  ];
  const rooms = nodes.flatMap(({ nodeId, state }) =>
    state === 'starting'
      ? []
      : (sizes[nodeId] ?? []).map((participants, index) => ({
          sid: `RM_${nodeId.slice(3, 6)}${index}`,
          nodeId,
          participants,
        })),
  );
  return {
    sources: ['redis', 'roomService', 'prometheus'],
    rooms,
    nodes: nodes.map((one) => ({
      ...one,
      rooms: rooms.filter((room) => room.nodeId === one.nodeId).length,
      participants: rooms
        .filter((room) => room.nodeId === one.nodeId)
        .reduce((sum, room) => sum + room.participants, 0),
    })),
  };
}
