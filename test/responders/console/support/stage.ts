import type { Clock } from '../../../../kernel/clock.ts';
import type { ConsoleDesk, ControlChange } from '../../../../responders/console/clicks.ts';
import type { ConsoleData, Stretch } from '../../../../responders/console/data.ts';
import type { Incident, JournalEntry } from '../../../../responders/records.ts';
import type { Controls, Switch } from '../../../../responders/store/controls.ts';
import type { IncidentView } from '../../../../responders/tell/view.ts';
import { alertsByName, firedAtMs, fleetAt, viewAt } from './drill.ts';

/** A drill that a test can wind forward, in place of the store and of the desk behind it. */
export interface Stage {
  readonly clock: Clock;
  readonly data: ConsoleData;
  readonly desk: ConsoleDesk;
  /** What the desk was asked to do, in words. */
  readonly asked: string[];
  readonly asks: { revisions: number; signals: number };
  goTo(seconds: number): void;
  /** Changes the view that is shown. */
  alter(change: (view: IncidentView) => IncidentView): void;
  empty(): void;
}

const noControls: Controls = {
  stopped: undefined,
  frozen: undefined,
  liveEvent: undefined,
  breakGlass: undefined,
  modes: new Map(),
};

/** Sets the drill up at `seconds` after its alert. */
export function stage(seconds = 240): Stage {
  let nowMs = firedAtMs + seconds * 1_000;
  let view: IncidentView | undefined = viewAt(seconds);
  let controls = noControls;
  let revision = 0;
  const asked: string[] = [];
  const asks = { revisions: 0, signals: 0 };
  const clock: Clock = {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms, 2_000_000) / 25);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
  const secondsNow = () => (nowMs - firedAtMs) / 1_000;
  const changeIncident = (change: Partial<Incident>) => {
    if (view !== undefined)
      view = { ...view, incident: { ...view.incident, ...change, version: view.incident.version + 1 } };
    revision += 1;
  };
  const did = (words: string) => {
    asked.push(words);
    revision += 1;
    return Promise.resolve({ ok: true as const });
  };
  const data: ConsoleData = {
    revision: () => {
      asks.revisions += 1;
      return Promise.resolve(String(revision));
    },
    incidents: () =>
      Promise.resolve(
        view === undefined
          ? []
          : [
              view.incident,
              {
                ...view.incident,
                id: '40',
                publicId: 'older',
                title: 'JoinFailuresHigh: joins fail',
                openedAtMs: firedAtMs - 7_200_000,
                closedAtMs: firedAtMs - 6_000_000,
              },
            ],
      ),
    incident: (publicId) => Promise.resolve(view?.incident.publicId === publicId ? view : undefined),
    incidentOfEpisode: (id) => Promise.resolve(view?.episodes.some((episode) => episode.id === id) ? view : undefined),
    newestIncidentOf: (name) =>
      Promise.resolve(view?.episodes.some(({ alertname }) => alertname === name) ? view?.incident.publicId : undefined),
    alerts: alertsByName,
    fleet: () => (view === undefined ? undefined : { value: fleetAt(secondsNow()), observedAtMs: nowMs - 2_000 }),
    world: () => [
      { part: 'cluster', observedAtMs: nowMs - 2_000, maxAgeMs: 30_000 },
      { part: 'fleet', observedAtMs: view && nowMs - 2_000, maxAgeMs: 30_000 },
      { part: 'cloud', observedAtMs: undefined, maxAgeMs: 3_600_000 },
    ],
    controls: () => Promise.resolve(controls),
    controlHistory: () => Promise.resolve((view?.journal ?? []).filter(({ kind }) => kind === 'control')),
    warningsBefore: (untilMs) =>
      Promise.resolve({
        columns: ['at (UTC)', 'reason', 'object', 'message'],
        rows: [['2026-11-21 09:00:00', 'BackOff', 'Pod/chat-1', 'restarts']],
        reasons: new Map([['BackOff', 1]]),
        oldestMs: untilMs,
      }),
    signal: (_, range) => {
      asks.signals += 1;
      return Promise.resolve(
        ['ND_hR4eXw2LqP', 'ND_bT7kq9Zs1a', 'ND_mC2vYp8Qd4', 'ND_xW5nLs3Kf7'].map((id, index) => ({
          labels: { node_id: id },
          points: points(index, range),
        })),
      );
    },
    inboxRows: () => Promise.resolve(3),
    listEpisodes: (stretch) => Promise.resolve(cut(view?.episodes ?? [], stretch)),
    listIncidents: (stretch) => Promise.resolve(cut(view === undefined ? [] : [view.incident], stretch)),
    listJournal: (stretch) => Promise.resolve(cut(view?.journal ?? [], stretch)),
  };
  const desk: ConsoleDesk = {
    people: [
      { name: 'Alex', subjects: ['console:alex', 'console:alice'], roles: ['approve'] },
      { name: 'Sam', subjects: ['console:sam'], roles: ['operate'] },
    ],
    find: (publicId) =>
      Promise.resolve(
        view?.incident.publicId === publicId
          ? { incident: view.incident, runs: view.runs, lastChange: undefined }
          : undefined,
      ),
    acknowledge: (_, subject) => {
      changeIncident({ acknowledgedAtMs: nowMs, acknowledgedBy: subject });
      return did(`acknowledge ${subject}`);
    },
    approve: (runId, subject) => {
      if (view !== undefined)
        view = {
          ...view,
          runs: view.runs.map((run) => (run.id === runId ? { ...run, state: 'intended', approvals: [subject] } : run)),
        };
      return did(`approve ${runId} ${subject}`);
    },
    deny: (runId, subject) => did(`deny ${runId} ${subject}`),
    request: ({ action, params, subject, reason }) => did(`${action} ${JSON.stringify(params)} ${subject}: ${reason}`),
    escalate: (_, subject) => did(`escalate ${subject}`),
    noise: (_, subject) => did(`noise ${subject}`),
    control: (command, subject) => {
      if (command.name === 'stop-all') controls = { ...controls, stopped: switchBy(subject, command.reason) };
      if (command.name === 'resume') controls = { ...controls, stopped: undefined };
      return did(`${command.name} ${subject}`);
    },
    status: () => Promise.resolve('fine'),
    modalHelp: () => Promise.resolve({}),
    openModal: () => Promise.resolve(),
    change: (change: ControlChange, subject) => did(`${change.name} ${subject}: ${change.reason}`),
  };
  const switchBy = (by: string, reason: string): Switch => ({ by, reason, setAtMs: nowMs, expiresAtMs: undefined });
  return {
    clock,
    data,
    desk,
    asked,
    asks,
    goTo(later) {
      nowMs = firedAtMs + later * 1_000;
      const was = view?.incident;
      view = viewAt(later);
      if (was !== undefined) view = { ...view, incident: was };
      revision += 1;
    },
    alter(change) {
      if (view !== undefined) view = change(view);
      revision += 1;
    },
    empty() {
      view = undefined;
      revision += 1;
    },
  };
}

function points(index: number, { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number }) {
  const made: [number, number][] = [];
  for (let t = fromMs; t <= toMs; t += stepMs) {
    const minute = (t - firedAtMs) / 60_000;
    if (index === 3 && minute < 3) continue;
    const values = [
      0.35 + 0.56 / (1 + Math.exp(-(minute + 3.4) * 1.3)),
      0.5 + 0.04 * Math.sin(minute * 1.7),
      0.3 + 0.03 * Math.sin(minute * 2.3 + 1),
      0.02 + (minute - 3) * 0.05,
    ];
    made.push([t, (values[index] ?? 0) + 0.008 * Math.sin(t / 7_000 + index)]);
  }
  return made;
}

function cut<T extends { readonly id: string }>(rows: readonly T[], { after, limit }: Stretch): readonly T[] {
  const from = after === undefined ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  return rows.slice(from, from + limit);
}

/** A line of the journal with text of the test's choosing. */
export function lineOf(text: string, view: IncidentView): JournalEntry {
  return {
    id: '9999',
    atMs: firedAtMs + 30_000,
    kind: 'status',
    incidentId: view.incident.id,
    episodeId: view.episodes[0]?.id,
    runId: undefined,
    subject: 'console:sam',
    text,
    detail: {},
  };
}
