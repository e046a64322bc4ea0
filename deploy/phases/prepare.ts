import { randomUUID } from 'node:crypto';
import { errorText, PortError } from '../../kernel/errors.ts';
import { inShadow, shadowAnnotation } from '../adopt.ts';
import { runChecks } from '../checks/define.ts';
import { type Refusal, refusals } from '../guard.ts';
import { type ApplyContext, applyObjects } from '../kube/apply.ts';
import { labelled } from '../kube/leftovers.ts';
import { groupOf, type KubeObject, type Ref } from '../kube/object.ts';
import { appliedRefs, manager, ownerLabel } from '../kube/own.ts';
import { missingKeys, neededKeys } from '../kube/secrets.ts';
import { digestOf } from '../record/codec.ts';
import type { Run } from '../record/run.ts';
import { takeSnapshot } from '../record/snapshot.ts';
import { readRuns } from '../record/store.ts';
import { fileToPhase } from './define.ts';
import type { DeployOptions } from './ports.ts';

/** What phase 1 found: reasons not to begin, or what the run goes by. */
export interface Prepared {
  readonly refusals: readonly Refusal[];
  readonly context: ApplyContext;
  /** The run that goes on, or a new one without its snapshot. */
  readonly earlier: Run | undefined;
  readonly digest: string;
}

/** Looks at everything that could stop a run half way, and changes nothing. */
export async function prepare(options: DeployOptions): Promise<Prepared> {
  const { kube, clock, environment, clusterName, others, namespace: name, files, dryRun = false } = options;
  const declared = files.flatMap(({ objects }) => objects);
  const [namespace, runs, deployments] = await Promise.all([
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name }),
    readRuns(kube, name),
    kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: name }),
  ]);
  const adjust = adjustment(options, namespace);
  const digest = digestOf(files);
  const [last] = runs;
  const context: ApplyContext = {
    kube,
    clock,
    environment,
    declared,
    dryRun,
    ...(adjust === undefined ? {} : { adjust }),
  };
  const found = [
    ...unknownFiles(options),
    ...refusals(
      { environment, clusterName, others, where: kube.where, namespace, foreign: foreignOf(deployments), digest, last },
      { context: options.context, adopt: options.adopt ?? false, supersede: options.supersede ?? false },
    ),
  ];
  // In a wrong cluster nothing else is worth looking at.
  if (found.length === 0) found.push(...(await secretRefusals(options, declared)), ...(await checkRefusals(options)));
  if (found.length === 0 && !dryRun) found.push(...(await rehearsalRefusals(context)));
  const unfinished = last !== undefined && (last.state === 'running' || last.state === 'failed');
  return { refusals: found, context, earlier: unfinished ? last : undefined, digest };
}

/** The run to go by: the one that stopped half way with its snapshot, or a new one with a fresh snapshot. */
export async function beginRun({ context, earlier, digest }: Prepared, options: DeployOptions): Promise<Run> {
  const { kube, clock, environment, declared } = context;
  const inventory = appliedRefs(declared);
  if (earlier !== undefined) {
    const same = earlier.digest === digest;
    return {
      ...earlier,
      digest,
      state: 'running',
      over: same ? earlier.over : [],
      inventory: merged(inventory, earlier.inventory),
    };
  }
  const [last] = await readRuns(kube, options.namespace);
  const standing = await labelled(kube, environment, [...inventory, ...(last?.inventory ?? [])]);
  return {
    id: `${new Date(clock.now()).toISOString().replace(/\D/g, '').slice(0, 14)}-${randomUUID().slice(0, 4)}`,
    environment,
    digest,
    state: 'running',
    startedAt: new Date(clock.now()).toISOString(),
    endedAt: undefined,
    over: [],
    touched: [],
    inventory: merged(inventory, last?.inventory ?? []),
    snapshot: await takeSnapshot(kube, inventory, standing, clock.now()),
  };
}

/** What is declared, and one object of each kind that was declared before and is no more. */
function merged(declared: readonly Ref[], before: readonly Ref[]): readonly Ref[] {
  const kindOf = ({ apiVersion, kind }: Ref) => `${groupOf(apiVersion)}/${kind}`;
  const known = new Set(declared.map(kindOf));
  const others = new Map(before.filter((ref) => !known.has(kindOf(ref))).map((ref) => [kindOf(ref), ref]));
  return [...declared, ...others.values()];
}

/** A platform that was taken over stays in shadow until somebody says otherwise. */
function adjustment(
  { adopt, outOfShadow, clock }: DeployOptions,
  namespace: KubeObject | undefined,
): ((object: KubeObject) => KubeObject) | undefined {
  if (outOfShadow) return undefined;
  const since = namespace?.metadata.annotations?.[shadowAnnotation];
  if (since !== undefined) return inShadow(since);
  return adopt ? inShadow(new Date(clock.now()).toISOString()) : undefined;
}

function unknownFiles({ files }: DeployOptions): readonly Refusal[] {
  return files
    .filter(({ path }) => fileToPhase[path] === undefined)
    .map(({ path }) => ({ says: `no phase applies ${path}`, todo: 'give it one in deploy/phases/define.ts' }));
}

function foreignOf(deployments: readonly KubeObject[]): readonly string[] {
  return deployments
    .filter(({ metadata }) => metadata.labels?.[ownerLabel] !== manager)
    .map(({ metadata }) => metadata.name);
}

async function secretRefusals(
  { kube, namespace }: DeployOptions,
  declared: readonly KubeObject[],
): Promise<readonly Refusal[]> {
  const missing = await missingKeys(kube, neededKeys(declared, namespace));
  return missing.map((says) => ({
    says: `no value for ${says}`,
    todo: 'make it with `gomeet secrets setup`; pods that read it would not start',
  }));
}

async function checkRefusals({ checks, tell }: DeployOptions): Promise<readonly Refusal[]> {
  const findings = await runChecks(checks.preDeployment);
  if (findings.length > 0) tell({ kind: 'checked', title: 'Pre-deployment', findings });
  return findings
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ check, says, todo }) => ({ says: `${check}: ${says}`, todo }));
}

/** Everything is tried on the API server first: what it refuses, and what we may not do, is known before the first change. */
async function rehearsalRefusals(context: ApplyContext): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const object of context.declared) {
    try {
      await applyObjects({ ...context, dryRun: true }, [object]);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      refused.push({
        says: errorText(error),
        todo: error.code === 'forbidden' ? 'use an account that may' : 'correct what is declared',
      });
      if (error.code === 'unreachable' || error.code === 'timeout') break;
    }
  }
  return refused;
}
