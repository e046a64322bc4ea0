import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../kernel/errors.ts';
import type { JournalEntry, Run } from '../../responders/records.ts';
import type { LabMeeting, LabPlatform, LabSfu, LabWrite } from '../platform.ts';

/** Something that was expected, and what was seen. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** What a drill plays on: the platform, and ways to wait, to expect and to tell. Lengths of time are the platform's, in seconds. */
export interface Stage {
  readonly platform: LabPlatform;
  readonly checks: readonly Check[];
  /** When the cause struck; the timeline counts from here. */
  readonly causeAtMs: number | undefined;
  say(text: string): void;
  /** The cause strikes now. */
  cause(text: string): void;
  wait(seconds: number): Promise<void>;
  /** Waits for what must happen; a failed check, and the end of the drill, when it has not within `seconds`. */
  until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T>;
  check(what: string, ok: boolean, saw: string): void;
  /** Runs of one action, oldest first; of one alert if named. */
  runs(action: Run['action'], alertname?: string): Promise<readonly Run[]>;
  entries(kind: JournalEntry['kind']): Promise<readonly JournalEntry[]>;
  writes(verb: LabWrite['verb'], target?: string): Promise<readonly LabWrite[]>;
}

/** A drill that cannot go on, since what it waited for did not happen. */
export class DrillFailed extends Error {
  override name = 'DrillFailed';
}

/** A slow machine gets this much more than the platform would need, in wall-clock milliseconds: a scrape that comes late starts the two minutes of an alert anew, which are four seconds here. */
const slackMs = 120_000;

/** Sets the stage. */
export function createStage(platform: LabPlatform, say: (text: string) => void, signal?: AbortSignal): Stage {
  const checks: Check[] = [];
  let causeAtMs: number | undefined;
  const wallMs = (seconds: number) => (seconds * 1_000) / platform.factor;
  const check = (what: string, ok: boolean, saw: string) => void checks.push({ what, ok, saw });
  return {
    platform,
    checks,
    get causeAtMs() {
      return causeAtMs;
    },
    say,
    cause(text) {
      causeAtMs = Date.now();
      say(text);
    },
    async wait(seconds) {
      await delay(wallMs(seconds), undefined, signal ? { signal } : {}).catch(() => undefined);
      if (signal?.aborted) throw new DrillFailed('interrupted');
    },
    async until(what, seconds, look) {
      const begun = Date.now();
      const end = begun + wallMs(seconds) + slackMs;
      let trouble = 'it did not happen';
      while (Date.now() < end && !signal?.aborted) {
        try {
          const seen = await look();
          if (seen !== undefined && seen !== false) {
            check(what, true, `after ${((Date.now() - begun) / 1_000).toFixed(1)} s`);
            return seen;
          }
        } catch (error) {
          trouble = errorText(error);
        }
        await delay(100);
      }
      if (signal?.aborted) trouble = 'interrupted, not seen';
      const waited = ((Date.now() - begun) / 1_000).toFixed(0);
      check(what, false, `${trouble} within ${waited} s; last in the journal: ${await lastEntries(platform)}`);
      throw new DrillFailed(what);
    },
    check,
    async runs(action, alertname) {
      return (await platform.records.runs()).filter(
        (run) => run.action === action && (alertname === undefined || run.alertname === alertname),
      );
    },
    async entries(kind) {
      return (await platform.records.journal()).filter((entry) => entry.kind === kind);
    },
    async writes(verb, target) {
      return (await platform.peers.writes()).filter(
        (write) => write.verb === verb && (target === undefined || write.target === target),
      );
    },
  };
}

/** The newest lines of the journal: where to look when something did not happen. */
async function lastEntries({ records }: LabPlatform): Promise<string> {
  const entries = await records.journal().catch(() => []);
  const lines = entries.slice(-5).map(({ kind, text }) => `${kind}: ${text}`);
  return lines.join(' | ') || 'nothing';
}

/** Name of the small meeting on an SFU, by its number from 0. */
export const teamMeeting = (index: number): string => `team-${index + 1}`;

/** Sees to a small meeting on every SFU; returns the SFUs once people are in. */
export async function populate(stage: Stage, participants: number): Promise<readonly LabSfu[]> {
  const sfus = (await stage.platform.peers.sfus()).filter(({ state }) => state === 'serving');
  const there = new Set((await stage.platform.peers.meetings()).map(({ name }) => name));
  for (const [index, { pod }] of sfus.entries()) {
    const name = teamMeeting(index);
    if (!there.has(name)) await stage.platform.control.startMeeting({ name, participants, on: pod });
  }
  await stage.until(`people are in a meeting on each of ${sfus.length} SFUs`, 300, async () =>
    (await stage.platform.peers.meetings()).every((meeting) => meeting.participants >= participants * 0.8),
  );
  return sfus;
}

/** Waits for a run of this action to reach a state. */
export async function untilRun(
  stage: Stage,
  what: string,
  seconds: number,
  wanted: { action: Run['action']; alertname?: string; state: Run['state'] },
): Promise<Run> {
  return await stage.until(what, seconds, async () =>
    (await stage.runs(wanted.action, wanted.alertname)).find(({ state }) => state === wanted.state),
  );
}

/** Asks for an act as alex; where it needs a second person, sam agrees, after alex was refused to do so. Waits until it is verified. */
export async function askFor(stage: Stage, what: string, action: Run['action'], params: object): Promise<Run> {
  const { records, ask, approve } = stage.platform;
  const { outcome, runId, saw } = await ask(action, params);
  stage.check(`${what}: the responder takes it up`, runId !== undefined, `${outcome}: ${saw}`);
  if (runId === undefined) throw new DrillFailed(what);
  if (outcome === 'propose') {
    const alone = await approve(runId, 'alex');
    stage.check(`${what}: alex cannot agree to it alone`, alone !== undefined, alone ?? 'agreed');
    const against = await approve(runId, 'sam');
    stage.check(`${what}: sam agrees`, against === undefined, against ?? 'agreed');
  }
  return await stage.until(what, 900, async () =>
    (await records.runs()).find(({ id, state }) => id === runId && state === 'verified'),
  );
}

/** Two people put the newest backup of one component over production; it alone, and once. */
export async function putBack(stage: Stage, component: 'postgresql' | 'valkey'): Promise<void> {
  await askFor(stage, `the newest backup of ${component} is in production`, 'restoreOverProduction', {
    backup: 'latest',
    components: [component],
  });
  const restores = stage.platform.emergency?.restores() ?? [];
  stage.check(
    `${component} was restored once, and nothing else`,
    restores.length === 1 && restores[0]?.startsWith(`${component} of `) === true,
    restores.join(', ') || 'nothing',
  );
}

/** Nobody was thrown out, and no room was moved that stood on a node which lives. */
export async function checkNobodyCut(stage: Stage, before: readonly LabMeeting[]): Promise<void> {
  const cut = await stage.platform.peers.cutOff();
  stage.check('nobody was thrown out of a meeting', cut === 0, `${cut} people`);
  const now = await stage.platform.peers.meetings();
  const moved = movedMeetings(before, now).filter(({ name }) =>
    // Over by now is not moved.
    now.some((meeting) => meeting.name === name && meeting.sid !== undefined),
  );
  stage.check(
    'no meeting was moved',
    moved.length === 0,
    moved.map(({ name }) => name).join(', ') || 'every room is the one it was, where it was',
  );
}

/** The meetings whose room is no longer the one it was: another sid, or another node, since a room keeps its sid where a crash made it move. */
export function movedMeetings(before: readonly LabMeeting[], now: readonly LabMeeting[]): readonly LabMeeting[] {
  return before.filter(({ name, sid, pod }) => {
    const meeting = now.find((candidate) => candidate.name === name);
    return sid !== undefined && (meeting?.sid !== sid || meeting.pod !== pod);
  });
}

/** Waits until the alert's episode is resolved: the cause is gone, and Alertmanager says so. */
export async function untilResolved(stage: Stage, alertname: string, seconds: number): Promise<void> {
  await stage.until(`${alertname} resolves by itself`, seconds, async () =>
    (await stage.platform.records.episodes()).some(
      (episode) => episode.alertname === alertname && episode.resolvedAtMs !== undefined,
    ),
  );
}

/** It stayed an alert that was answered: nobody declared it an incident. What else the platform suffers meanwhile, on a machine without time, is another's. */
export async function checkNotDeclared(stage: Stage, incidentId: string): Promise<void> {
  const own = (await stage.entries('declared')).filter((entry) => entry.incidentId === incidentId);
  stage.check('no incident was declared', own.length === 0, `${own.length} declared`);
}
