import { errorText } from '../../kernel/errors.ts';
import type { JournalEntry } from '../../responders/records.ts';
import type { LabPlatform } from '../platform.ts';
import type { Drill } from './define.ts';
import { type Check, createStage, DrillFailed, type Stage } from './stage.ts';

/** A moment of the loop: seconds since the cause, on the wall clock of the lab. */
export interface Moment {
  readonly step: 'detected' | 'decided' | 'acted' | 'verified';
  readonly seconds: number;
  readonly text: string;
}

/** How a drill went. */
export interface DrillResult {
  readonly drill: string;
  readonly title: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly timeline: readonly Moment[];
  readonly checks: readonly Check[];
}

/** What a drill tells while it runs. */
export interface DrillListener {
  say?(text: string): void;
  journal?(entry: JournalEntry): void;
  /** Breaks the drill off. */
  readonly signal?: AbortSignal;
}

/** Plays a drill on a platform that stands as its setting wants; never throws for what the drill finds. */
export async function runDrill(
  drill: Drill,
  platform: LabPlatform,
  listener: DrillListener = {},
): Promise<DrillResult> {
  const begun = Date.now();
  const tail = followJournal(platform, (entry) => listener.journal?.(entry));
  const stage = createStage(platform, (text) => tail.interject(() => listener.say?.(text)), listener.signal);
  try {
    await drill.play(stage);
  } catch (error) {
    if (!(error instanceof DrillFailed) || listener.signal?.aborted)
      stage.check('the drill ran to its end', false, errorText(error));
  } finally {
    await tail.stop();
  }
  const moments = await timeline(drill, stage).catch((error: unknown) => {
    stage.check('the journal can be read at the end', false, errorText(error));
    return [];
  });
  return {
    drill: drill.name,
    title: drill.title,
    passed: stage.checks.length > 0 && stage.checks.every(({ ok }) => ok),
    seconds: (Date.now() - begun) / 1_000,
    timeline: moments,
    checks: stage.checks,
  };
}

/** Tells journal lines as they come; what `interject` says keeps its place among them. */
function followJournal(
  platform: LabPlatform,
  tell: (entry: JournalEntry) => void,
): { interject(say: () => void): void; stop(): Promise<void> } {
  let last: string | undefined;
  let chain: Promise<void> = Promise.resolve();
  async function look(): Promise<void> {
    for (const entry of await platform.records.journal(last)) {
      last = entry.id;
      tell(entry);
    }
  }
  const next = (then?: () => void) => {
    chain = chain
      .then(look)
      .catch(() => undefined)
      .then(then);
    return chain;
  };
  const timer = setInterval(() => void next(), 150);
  return {
    interject: (say) => void next(say),
    async stop() {
      clearInterval(timer);
      await next();
    },
  };
}

const kinds: readonly { step: Moment['step']; kinds: readonly JournalEntry['kind'][] }[] = [
  { step: 'detected', kinds: ['fired'] },
  { step: 'decided', kinds: ['intended', 'proposed', 'refused'] },
  { step: 'acted', kinds: ['acted'] },
  { step: 'verified', kinds: ['verified', 'not-improved', 'unknown'] },
];

/** From the journal: the first entry of each kind after the cause, of the drill's alert where it has one. */
async function timeline(drill: Drill, stage: Stage): Promise<Moment[]> {
  const { causeAtMs } = stage;
  if (causeAtMs === undefined) return [];
  const { records } = stage.platform;
  const [journal, episodes] = await Promise.all([records.journal(), records.episodes()]);
  const own = new Set(episodes.filter(({ alertname }) => alertname === drill.alertname).map(({ id }) => id));
  const relevant = journal.filter(
    (entry) =>
      entry.atMs >= causeAtMs &&
      (drill.alertname === undefined || (entry.episodeId !== undefined && own.has(entry.episodeId))),
  );
  return kinds.flatMap(({ step, kinds: wanted }) => {
    const entry = relevant.find(({ kind }) => wanted.includes(kind));
    return entry === undefined
      ? []
      : [{ step, seconds: (entry.atMs - causeAtMs) / 1_000, text: `${entry.kind}: ${entry.text}` }];
  });
}
