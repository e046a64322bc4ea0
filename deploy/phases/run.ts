import { errorText, PortError } from '../../kernel/errors.ts';
import { keyOf } from '../kube/object.ts';
import { keepLock } from '../record/keep-lock.ts';
import { takeLock } from '../record/lock.ts';
import type { Run } from '../record/run.ts';
import { ensureNamespace, writeRun } from '../record/store.ts';
import { rollBack } from '../rollback.ts';
import { type Phase, phaseNamed, phases } from './define.ts';
import type { DeployOptions, DeployOutcome } from './ports.ts';
import { beginRun, type Prepared, prepare } from './prepare.ts';
import { carryOut, type PhaseOutcome } from './work.ts';

const [first] = phases;

/**
 * Carries out the runbook's phases in order. What could stop it half way is looked for before the first change; what it is about to touch is
 * written down before it does; a run that was killed goes on after the last phase that was over.
 */
export async function deploy(options: DeployOptions): Promise<DeployOutcome> {
  const { kube, clock, namespace, tell, dryRun = false } = options;
  const startedMs = clock.now();
  tell({ kind: 'phase-began', phase: first });
  let prepared: Prepared;
  try {
    prepared = await prepare(options);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return {
      is: 'refused',
      refusals: [{ says: errorText(error), todo: 'make the cluster reachable, then run the same command again' }],
    };
  }
  if (prepared.refusals.length > 0) return { is: 'refused', refusals: prepared.refusals };
  const over = (says: string) => tell({ kind: 'phase-over', phase: first, says, tookMs: clock.now() - startedMs });
  if (dryRun) {
    over('nothing stands in the way');
    return await rehearse(options, prepared);
  }
  await ensureNamespace(kube, namespace);
  const lock = await takeLock(kube, namespace, options.who, clock);
  if ('heldBy' in lock)
    return {
      is: 'refused',
      refusals: [
        { says: `${lock.heldBy} deploys right now`, todo: 'wait until it is over; if it has died, wait a minute' },
      ],
    };
  const kept = keepLock(kube, lock, clock);
  try {
    const run = await beginRun(prepared, options);
    await writeRun(kept.kube, namespace, run);
    over(
      prepared.earlier === undefined
        ? `snapshot of ${run.snapshot.objects.length} objects`
        : `goes on with run ${run.id}`,
    );
    return await carryOutAll({ ...options, kube: kept.kube }, prepared, run);
  } finally {
    await kept.release();
  }
}

async function carryOutAll(options: DeployOptions, prepared: Prepared, begun: Run): Promise<DeployOutcome> {
  const { kube, clock, namespace, tell } = options;
  let run = begun;
  const save = async (change: Partial<Run>) => {
    run = { ...run, ...change };
    await writeRun(kube, namespace, run);
  };
  for (const phase of chosen(options)) {
    if (run.over.includes(phase.name) && options.only === undefined) {
      tell({ kind: 'phase-over', phase, says: 'over before', tookMs: 0 });
      continue;
    }
    const outcome = await timed(phase, options, () =>
      carryOut(phase, {
        options,
        context: { ...prepared.context, kube },
        kube,
        inventory: run.inventory,
        touching: async (refs) => {
          const known = new Set(run.touched.map(keyOf));
          await save({ touched: [...run.touched, ...refs.filter((ref) => !known.has(keyOf(ref)))] });
        },
      }),
    );
    if (outcome.is === 'stopped') return await stop(phase, outcome, options, run);
    await save({ over: [...new Set([...run.over, phase.name])] });
  }
  await save({ state: 'done', endedAt: new Date(clock.now()).toISOString() });
  return { is: 'done', runId: run.id };
}

async function stop(
  phase: Phase,
  outcome: Extract<PhaseOutcome, { is: 'stopped' }>,
  { kube, clock, namespace, tell, rollbackOnFailure = false }: DeployOptions,
  run: Run,
): Promise<DeployOutcome> {
  const endedAt = new Date(clock.now()).toISOString();
  await writeRun(kube, namespace, { ...run, state: 'failed', endedAt });
  const restored = rollbackOnFailure ? await rollBack(kube, run, ({ says }) => tell({ kind: 'line', line: says })) : [];
  const rolledBack = rollbackOnFailure && restored.every(({ did }) => did !== 'failed');
  if (rolledBack) await writeRun(kube, namespace, { ...run, state: 'rolled-back', endedAt });
  const { says, todo, notReady } = outcome;
  return { is: 'stopped', phase, says, todo, notReady, rolledBack };
}

async function rehearse(options: DeployOptions, { context, earlier }: Prepared): Promise<DeployOutcome> {
  for (const phase of chosen(options)) {
    const work = {
      options,
      context,
      kube: options.kube,
      inventory: earlier?.inventory ?? [],
      touching: async () => undefined,
    };
    const outcome = await timed(phase, options, () => carryOut(phase, work));
    if (outcome.is === 'stopped')
      return { is: 'stopped', phase, says: outcome.says, todo: outcome.todo, notReady: undefined, rolledBack: false };
  }
  return { is: 'rehearsed' };
}

/** The phases after the first that are wanted. */
function chosen({ from, only }: DeployOptions): readonly Phase[] {
  const start = from === undefined ? 2 : (phaseNamed(from)?.number ?? 2);
  return phases.filter(({ name, number }) => number > 1 && (only === undefined ? number >= start : name === only));
}

async function timed(
  phase: Phase,
  { clock, tell }: DeployOptions,
  work: () => Promise<PhaseOutcome>,
): Promise<PhaseOutcome> {
  const startedMs = clock.now();
  tell({ kind: 'phase-began', phase });
  let outcome: PhaseOutcome;
  try {
    outcome = await work();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    outcome = {
      is: 'stopped',
      says: errorText(error),
      todo: 'mend the cause and run the same command again: it goes on from here',
    };
  }
  if (outcome.is === 'over') tell({ kind: 'phase-over', phase, says: outcome.says, tookMs: clock.now() - startedMs });
  return outcome;
}
