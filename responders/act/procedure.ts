import { z } from 'zod';
import type { ActionName, ActionParams } from '../../alerts/vocabulary.ts';
import { PortError } from '../../kernel/errors.ts';
import type { Run } from '../records.ts';
import {
  type Action,
  type ActionSpec,
  type Blocked,
  defineAction,
  type Known,
  type Preflight,
  type Scene,
  type StepResult,
  type Stride,
  type StrideContext,
  type WorldPart,
} from './define.ts';

/** What a step answers: it is over, it has to be asked again (with what it wants to remember), or it cannot be done. */
export type StepAnswer =
  | { readonly done: string; readonly result?: StepResult }
  | { readonly wait: string; readonly memo?: unknown }
  | { readonly failed: string; readonly result?: StepResult };

/** What a step may use. It may be asked again after a crash and must then have no second effect: `id` is the same on every try. */
export interface StepContext extends StrideContext {
  readonly run: Run;
  /** The run's id and the step's place in it. */
  readonly id: string;
  /** When it was asked first, by the store's clock. */
  readonly begunAtMs: number;
  readonly memo: unknown;
  /** Steps that are over, in order. */
  readonly earlier: readonly StepRow[];
}

/** One kind of step. `undo` takes it back when a later step fails; without one it stays. */
export interface StepKind<Input> {
  readonly input: z.ZodType<Input>;
  run(input: Input, context: StepContext): Promise<StepAnswer>;
  undo?(input: Input, context: StepContext): Promise<StepAnswer>;
}

/** A step of a plan. */
export interface PlannedStep {
  readonly kind: string;
  /** What a person reads: `restart auth-service`. */
  readonly title: string;
  readonly input: unknown;
  /** It must be over within this time, in milliseconds. */
  readonly withinMs: number;
  /** Taking it back may need longer than doing it: what was started in a minute may hold meetings for hours. */
  readonly undoWithinMs?: number;
}

const StepRow = z.object({
  kind: z.string(),
  title: z.string(),
  input: z.unknown(),
  withinMs: z.number(),
  undoWithinMs: z.number().optional(),
  state: z.enum(['open', 'done', 'failed', 'undone', 'kept', 'stuck']),
  begunAtMs: z.number().optional(),
  saw: z.string().optional(),
  memo: z.unknown().optional(),
  result: z.custom<StepResult>((value) => typeof value === 'object' && value !== null).optional(),
});
export type StepRow = z.infer<typeof StepRow>;

/** A procedure's change: its steps and how far they are. */
export const Progress = z.object({ steps: z.array(StepRow), failure: z.string().optional() });
export type Progress = z.infer<typeof Progress>;

/** How far a run's procedure is; undefined for an action of one step. */
export function progressOf(run: Pick<Run, 'change'>): Progress | undefined {
  const parsed = Progress.safeParse(run.change);
  return parsed.success ? parsed.data : undefined;
}

/** `step 2 of 5: restart auth-service`; undefined when all are over or there are none. */
export function stepText(run: Pick<Run, 'change'>): string | undefined {
  const progress = progressOf(run);
  if (progress === undefined) return undefined;
  const at = currentStep(progress);
  const row = at === undefined ? undefined : progress.steps[at];
  if (at === undefined || row === undefined) return undefined;
  return `${progress.failure === undefined ? 'step' : 'taking back step'} ${at + 1} of ${progress.steps.length}: ${row.title}`;
}

/** How a procedure is written: an action of which the run is a list of steps. */
export interface ProcedureSpec<Name extends ActionName, Needs extends WorldPart>
  extends Omit<
    ActionSpec<Name, Progress, Needs>,
    'change' | 'preflight' | 'applied' | 'run' | 'verify' | 'settle' | 'signals' | 'idempotency'
  > {
  // biome-ignore lint/suspicious/noExplicitAny: each kind has an input of its own, which its schema parses.
  readonly kinds: Readonly<Record<string, StepKind<any>>>;
  preflight(
    params: ActionParams[Name],
    world: Known<Needs>,
    scene: Scene,
  ): (Omit<Preflight, 'change'> & { readonly steps: readonly PlannedStep[] }) | Blocked;
}

/**
 * A procedure is an action whose run is a state machine in its stored change. After each step what was done is stored and journalled
 * before the next one begins, so that another replica, or the same after a kill, goes on with the step that was under way.
 * When a step fails, those before it are taken back in reverse order where they can be.
 */
export function defineProcedure<Name extends ActionName, const Needs extends WorldPart>(
  spec: ProcedureSpec<Name, Needs>,
): Action & { readonly name: Name } {
  const { kinds, preflight, ...facts } = spec;
  const action = defineAction<Name, Progress, Needs>({
    ...facts,
    change: Progress,
    idempotency: 'absolute-with-run-id',
    signals: {},
    preflight(params, world, scene) {
      const plan = preflight.call(spec, params, world, scene);
      if ('blocked' in plan) return plan;
      const { steps, ...rest } = plan;
      return { ...rest, change: { steps: steps.map((step) => ({ ...step, state: 'open' as const })) } };
    },
    applied: async () => false,
    run: async () => undefined,
    verify: () => ({ verdict: 'pending', saw: 'its steps are not over' }),
  });
  return { ...action, stride: (run, context) => stride(kinds, run, context) };
}

/** The step that is to be done, or taken back, next; undefined when there is none. */
function currentStep({ steps, failure }: Progress): number | undefined {
  const at =
    failure === undefined
      ? steps.findIndex(({ state }) => state === 'open')
      : steps.findLastIndex(({ state }) => state === 'done' || state === 'failed');
  return at === -1 ? undefined : at;
}

async function stride(
  kinds: ProcedureSpec<ActionName, WorldPart>['kinds'],
  run: Run,
  context: StrideContext,
): Promise<Stride> {
  const progress = Progress.parse(run.change);
  const at = currentStep(progress);
  const row = at === undefined ? undefined : progress.steps[at];
  if (at === undefined || row === undefined) return ended(progress);
  const undoing = progress.failure !== undefined;
  const kind = kinds[row.kind];
  if (kind === undefined) return next(progress, at, { state: 'failed', saw: `no kind of step ${row.kind}` }, context);
  const begunAtMs = row.begunAtMs ?? run.actedAtMs ?? context.nowMs;
  const step: StepContext = {
    ...context,
    run,
    id: `${run.id}/${at}`,
    begunAtMs,
    memo: row.memo,
    earlier: progress.steps.slice(0, at),
  };
  if (undoing && kind.undo === undefined) return next(progress, at, { state: 'kept' }, context);
  const work = undoing && kind.undo !== undefined ? kind.undo : kind.run;
  const answer = await attempt(() => work.call(kind, kind.input.parse(row.input), step), step);
  const failed = undoing ? 'stuck' : 'failed';
  if ('wait' in answer) {
    if (context.late) {
      const saw = `${answer.wait}, and the time for it is up`;
      return next(progress, at, { state: failed, saw }, context);
    }
    const memo = answer.memo === undefined ? row.memo : answer.memo;
    return {
      kind: 'wait',
      saw: answer.wait,
      change: replaced(progress, at, { ...row, begunAtMs, memo, saw: answer.wait }),
    };
  }
  const result = answer.result === undefined ? {} : { result: answer.result };
  if ('failed' in answer) return next(progress, at, { state: failed, saw: answer.failed, ...result }, context);
  return next(progress, at, { state: undoing ? 'undone' : 'done', saw: answer.done, ...result }, context);
}

/** A peer that is away is asked again until the step's time is up; any other failure of a call ends the step. */
async function attempt(work: () => Promise<StepAnswer>, { late }: StepContext): Promise<StepAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    // A conflict is somebody else's change in between: the next try reads what stands now.
    const again = error.retryable || error.code === 'conflict';
    return again && !late ? { wait: error.message } : { failed: error.message };
  }
}

function replaced({ steps, ...rest }: Progress, at: number, row: StepRow): Progress {
  return { ...rest, steps: steps.map((old, index) => (index === at ? row : old)) };
}

function next(progress: Progress, at: number, update: Partial<StepRow>, context: StrideContext): Stride {
  const row = progress.steps[at];
  if (row === undefined) return ended(progress);
  const changed = replaced(progress, at, { ...row, ...update });
  const failure = progress.failure ?? (update.state === 'failed' ? `${row.title}: ${update.saw ?? ''}` : undefined);
  const now: Progress = failure === undefined ? changed : { ...changed, failure };
  const following = currentStep(now);
  if (following === undefined) return ended(now);
  const upcoming = now.steps[following];
  const change = upcoming === undefined ? now : replaced(now, following, { ...upcoming, begunAtMs: context.nowMs });
  return {
    kind: 'step',
    change,
    ...(update.result === undefined ? {} : { result: update.result }),
    says: `${at + 1} of ${progress.steps.length}, ${row.title}: ${stateTexts[update.state ?? 'open']}${update.saw === undefined ? '' : `; ${update.saw}`}`,
    withinMs: (failure === undefined ? undefined : upcoming?.undoWithinMs) ?? upcoming?.withinMs ?? 0,
  };
}

const stateTexts: Readonly<Record<StepRow['state'], string>> = {
  open: 'open',
  done: 'done',
  failed: 'failed',
  undone: 'taken back',
  kept: 'left as it is',
  stuck: 'could not be taken back',
};

function ended({ steps, failure }: Progress): Stride {
  const change = { steps, ...(failure === undefined ? {} : { failure }) };
  if (failure === undefined)
    return {
      kind: 'end',
      verdict: 'verified',
      saw: steps.at(-1)?.saw ?? 'nothing was to be done',
      change,
      result: steps.at(-1)?.result,
    };
  const parts = (['undone', 'kept', 'stuck'] as const).flatMap((state) => {
    const titles = steps.filter((step) => step.state === state).map(({ title }) => title);
    return titles.length === 0 ? [] : [`${stateTexts[state]}: ${titles.join(', ')}`];
  });
  const stuck = steps.some(({ state }) => state === 'stuck');
  return { kind: 'end', verdict: stuck ? 'unknown' : 'not-improved', saw: [failure, ...parts].join('; '), change };
}
