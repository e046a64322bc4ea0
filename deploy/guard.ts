import type { KubeObject } from './kube/object.ts';
import { environmentLabel, manager, ownerLabel } from './kube/own.ts';
import type { Whereabouts } from './kube/port.ts';
import type { Run } from './record/run.ts';

/** Why a deployment does not begin, and what to do. */
export interface Refusal {
  readonly says: string;
  readonly todo: string;
}

/** What is known before anything is changed. */
export interface Standing {
  readonly environment: string;
  readonly clusterName: string;
  /** Names of the other environments and of their clusters, by which a context of theirs is known. */
  readonly others: readonly string[];
  readonly where: Whereabouts;
  /** The platform's namespace as it stands. */
  readonly namespace: KubeObject | undefined;
  /** Names of Deployments in it that deployment did not make. */
  readonly foreign: readonly string[];
  readonly digest: string;
  /** The newest run, whatever became of it. */
  readonly last: Run | undefined;
}

/** What the caller has said he knows. */
export interface Consent {
  /** The context he named: it must be the one that the kubeconfig has. */
  readonly context: string | undefined;
  readonly adopt: boolean;
  /** Go on from a run that stopped half way, with other content. */
  readonly supersede: boolean;
}

/** Wrong cluster, somebody else's platform, a run that stopped half way: each refused before anything changes. */
export function refusals(standing: Standing, consent: Consent): readonly Refusal[] {
  return [...wrongContext(standing, consent), ...halfApplied(standing, consent), ...notOurs(standing, consent)];
}

function wrongContext(
  { environment, clusterName, others, where, namespace }: Standing,
  { context }: Consent,
): readonly Refusal[] {
  const label = namespace?.metadata.labels?.[environmentLabel];
  const choose = `choose the right one: KUBECONFIG, or \`gomeet infra kubeconfig --environment ${environment}\``;
  const here = `context ${where.context}, ${where.server}`;
  if (context !== undefined && context !== where.context)
    return [{ says: `--context says ${context}, but the kubeconfig has ${here}`, todo: choose }];
  if (label !== undefined && label !== environment)
    return [
      {
        says: `${environment} was asked for, but this cluster is ${label} (${here})`,
        todo: `${choose}; if the platform has grown from one into the other: kubectl label namespace ${namespace?.metadata.name} ${environmentLabel}=${environment} --overwrite`,
      },
    ];
  // The cluster has said itself who it is.
  if (label === environment) return [];
  const names = `${where.context} ${where.cluster}`;
  const other = others.find((one) => one !== environment && one !== clusterName && hasWord(names, one));
  if (other !== undefined && context === undefined)
    return [
      {
        says: `${environment} was asked for, but the kubeconfig looks like ${other} (${here})`,
        todo: `${choose}; if it is right all the same, say --context ${where.context}`,
      },
    ];
  if (!hasWord(names, environment) && !hasWord(names, clusterName) && context === undefined)
    return [
      {
        says: `nothing says that this cluster is ${environment} (${here})`,
        todo: `say --context ${where.context} once; from then on the cluster knows`,
      },
    ];
  return [];
}

function halfApplied({ digest, last }: Standing, { supersede }: Consent): readonly Refusal[] {
  if (last === undefined || last.state === 'done' || last.state === 'rolled-back') return [];
  if (last.digest === digest || supersede) return [];
  return [
    {
      says: `the run ${last.id} stopped after ${last.over.at(-1) ?? 'no phase'}, and what is declared has changed since`,
      todo: 'go back with `gomeet rollback full`, or go on from where it stands with --supersede (its snapshot is kept)',
    },
  ];
}

function notOurs({ namespace, foreign, environment }: Standing, { adopt }: Consent): readonly Refusal[] {
  const ours = namespace?.metadata.labels?.[ownerLabel] === manager;
  if (ours || adopt || foreign.length === 0) return [];
  const some = foreign.slice(0, 5).join(', ');
  return [
    {
      says: `${foreign.length} Deployments run here that this tool did not make (${some}${foreign.length > 5 ? ', …' : ''})`,
      todo: `look with \`gomeet deploy --environment ${environment} --dry-run --adopt\`, then take it over with --adopt: the responder then only watches`,
    },
  ];
}

/** Whether a name stands in a text by itself: `gomeet-staging` in `do-nyc1-gomeet-staging`, not in `gomeet-staging2`. */
function hasWord(text: string, word: string): boolean {
  return text
    .split(/\s+/)
    .some((name) => `-${name}-`.replaceAll(/[^a-z0-9]+/gi, '-').includes(`-${word.replaceAll(/[^a-z0-9]+/gi, '-')}-`));
}
