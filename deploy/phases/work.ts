import { runChecks } from '../checks/define.ts';
import { type ApplyContext, applyObjects } from '../kube/apply.ts';
import { leftovers } from '../kube/leftovers.ts';
import { type KubeObject, nameOf, type Ref, refOf } from '../kube/object.ts';
import { appliedRefs } from '../kube/own.ts';
import type { Kube } from '../kube/port.ts';
import { type NotReady, waitReady } from '../kube/wait.ts';
import { forgetOldRuns } from '../record/store.ts';
import { fileToPhase, type PartName, type Phase, partsOf } from './define.ts';
import type { DeployOptions, Part } from './ports.ts';

/** How a phase ended. */
export type PhaseOutcome =
  | { readonly is: 'over'; readonly says: string }
  | { readonly is: 'stopped'; readonly says: string; readonly todo: string; readonly notReady?: NotReady };

/** What a phase works with: the API server under the lock, and where to write down what it is about to touch. */
export interface Work {
  readonly options: DeployOptions;
  readonly context: ApplyContext;
  readonly kube: Kube;
  readonly inventory: readonly Ref[];
  /** Resolves once it is written down. */
  touching(refs: readonly Ref[]): Promise<void>;
}

/** More than this at once is no tidying but a mistake in what is declared. */
const mostLeftovers = 10;

/** Carries out a phase, or in a rehearsal says what it would do. */
export async function carryOut(phase: Phase, work: Work): Promise<PhaseOutcome> {
  const { options } = work;
  switch (phase.name) {
    case 'health':
      return await checkHealth(work);
    case 'verification':
      return await check('Validation', options.checks.validation, options);
    case 'cleanup':
      return await cleanUp(work);
    default:
      return await partsAndFiles(phase, work);
  }
}

async function partsAndFiles(phase: Phase, work: Work): Promise<PhaseOutcome> {
  const { parts, dryRun = false } = work.options;
  const { before, after } = partsOf[phase.name] ?? {};
  const said: string[] = [];
  const steps: readonly (() => Promise<PhaseOutcome>)[] = [
    async () => {
      if (before === undefined) return { is: 'over', says: '' };
      return parts[before] === undefined
        ? { is: 'over', says: without[before] }
        : await carryOutPart(parts[before], work.options);
    },
    () => applyFiles(phase, work),
    // A rehearsal has told of all of it where it comes first.
    async () =>
      after === undefined || parts[after] === undefined || dryRun
        ? { is: 'over', says: '' }
        : await carryOutPart(parts[after], work.options),
  ];
  for (const step of steps) {
    const outcome = await step();
    if (outcome.is === 'stopped') return outcome;
    if (outcome.says !== '') said.push(outcome.says);
  }
  return { is: 'over', says: said.join('; ') || 'nothing to do' };
}

const without: Readonly<Record<PartName, string>> = {
  infrastructure: 'DigitalOcean not looked at: DIGITALOCEAN_TOKEN is not set',
  images: 'taken from the registry as they are; build them with `gomeet images push`',
  database: 'PostgreSQL not looked at: DATABASE_ADMIN_URL is not set',
};

async function carryOutPart(part: Part, { dryRun, tell }: DeployOptions): Promise<PhaseOutcome> {
  const say = (line: string) => tell({ kind: 'line', line });
  if (dryRun) {
    const lines = await part.rehearse();
    for (const line of lines) say(line);
    return { is: 'over', says: lines.length === 0 ? 'nothing to do' : `${lines.length} to do` };
  }
  const outcome = await part.run(say);
  return outcome.is === 'failed'
    ? { is: 'stopped', says: outcome.says, todo: outcome.todo }
    : { is: 'over', says: outcome.says };
}

/** Applies the files of a phase and waits until what they hold works; says nothing where there are none. */
async function applyFiles(phase: Phase, { options, context, kube, touching }: Work): Promise<PhaseOutcome> {
  const objects = options.files.filter(({ path }) => fileToPhase[path] === phase.name).flatMap((file) => file.objects);
  if (objects.length === 0) return { is: 'over', says: '' };
  const refs = appliedRefs(objects);
  if (!context.dryRun) await touching(refs);
  const applied = await applyObjects({ ...context, kube }, objects, (one) =>
    options.tell({ kind: 'applied', applied: one }),
  );
  const counts = ['created', 'changed', 'unchanged', 'left'] as const;
  const says = counts
    .map((did) => [applied.filter((one) => one.did === did).length, did] as const)
    .filter(([count]) => count > 0)
    .map(([count, did]) => `${count} ${did}`)
    .join(', ');
  return context.dryRun ? { is: 'over', says } : ((await wait(refs, options, kube)) ?? { is: 'over', says });
}

async function wait(refs: readonly Ref[], options: DeployOptions, kube: Kube): Promise<PhaseOutcome | undefined> {
  const { clock, tell, readyWithinMs: withinMs = 900_000, pollMs } = options;
  const notReady = await waitReady(refs, {
    kube,
    clock,
    withinMs,
    ...(pollMs === undefined ? {} : { pollMs }),
    tell: (line) => tell({ kind: 'line', line }),
  });
  if (notReady === undefined) return undefined;
  return {
    is: 'stopped',
    says: `${nameOf(notReady.ref)}: ${notReady.says}`,
    todo: 'mend the cause and run the same command again: it goes on from here. Or go back: gomeet rollback full',
    notReady,
  };
}

async function checkHealth(work: Work): Promise<PhaseOutcome> {
  const { options, context, kube } = work;
  if (!context.dryRun) {
    const stopped = await wait(appliedRefs(context.declared), options, kube);
    if (stopped !== undefined) return stopped;
  }
  return await check('Post-deployment', options.checks.postDeployment, options);
}

async function check(
  title: string,
  checks: Parameters<typeof runChecks>[0],
  options: DeployOptions,
): Promise<PhaseOutcome> {
  if (options.dryRun) return { is: 'over', says: `${checks.length} checks` };
  const findings = await runChecks(checks);
  if (findings.length > 0) options.tell({ kind: 'checked', title, findings });
  const failed = findings.filter(({ verdict }) => verdict === 'failed');
  const unknown = findings.filter(({ verdict }) => verdict === 'unknown').length;
  const [first] = failed;
  if (first !== undefined)
    return {
      is: 'stopped',
      says: `${failed.length} checks failed: ${failed.map((one) => one.check).join(', ')}`,
      todo: first.todo,
    };
  return {
    is: 'over',
    says: `${findings.length - unknown} of ${findings.length} ok${unknown === 0 ? '' : `, ${unknown} unknown`}`,
  };
}

/** Removes what carries our label and is declared no more, and the oldest records. */
async function cleanUp({ options, context, kube, inventory, touching }: Work): Promise<PhaseOutcome> {
  const { environment, namespace, tell } = options;
  const { removable, kept } = await leftovers(kube, environment, appliedRefs(context.declared), inventory);
  for (const object of kept)
    tell({ kind: 'line', line: `${nameOf(refOf(object))} is declared no more and stays: it is never deleted` });
  if (removable.length > mostLeftovers)
    return {
      is: 'stopped',
      says: `${removable.length} objects are declared no more, more than ${mostLeftovers}: ${removable
        .slice(0, 5)
        .map((one) => nameOf(refOf(one)))
        .join(', ')}, …`,
      todo: 'look whether the right environment is rendered; if it is meant, remove some by hand first',
    };
  if (context.dryRun) {
    for (const object of removable) tell({ kind: 'line', line: `would remove ${nameOf(refOf(object))}` });
    return { is: 'over', says: `${removable.length} to remove` };
  }
  if (removable.length > 0) await touching(removable.map(refOf));
  for (const object of removable) await removeOne(kube, object, tell);
  const forgotten = await forgetOldRuns(kube, namespace);
  return { is: 'over', says: `${removable.length} removed, ${forgotten} old records forgotten` };
}

async function removeOne(kube: Kube, object: KubeObject, tell: DeployOptions['tell']): Promise<void> {
  const { uid } = object.metadata;
  if (uid === undefined) return;
  await kube.remove(refOf(object), uid);
  tell({ kind: 'line', line: `removed ${nameOf(refOf(object))}` });
}
