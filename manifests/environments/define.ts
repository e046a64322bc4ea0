import type { Pool, PoolName, Requests, Scaling, Storage, Workload } from '../catalogue/define.ts';
import { type WorkloadName, workloads } from '../catalogue/index.ts';
import type { Settings } from '../settings.ts';

export type EnvironmentName = 'readme' | 'documented' | 'production' | 'staging' | 'starter';

/** What an environment changes of a workload's catalogue entry, and why. */
export interface Change {
  readonly replicas?: number;
  readonly maxReplicas?: number;
  readonly minAvailable?: number;
  readonly requests?: Requests;
  readonly limits?: Requests;
  readonly pool?: PoolName;
  readonly storage?: readonly Storage[];
  readonly scaling?: Scaling;
  readonly why: string;
}

/** One figure that differs from the catalogue, which has the README's. */
export interface Deviation {
  readonly workload: string;
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** A whole platform: what runs, how much of it, on which nodes. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly says: string;
  /** A fixture is checked by `fit` and never rendered. */
  readonly deployable: boolean;
  readonly settings: Settings;
  readonly pools: readonly Pool[];
  readonly workloads: readonly Workload[];
  readonly deviations: readonly Deviation[];
  /** Thresholds of alerts that are moved here, by the alert's name. */
  readonly thresholds: Readonly<Record<string, Threshold>>;
}

/** A threshold other than the alert's own, and why. */
export interface Threshold {
  readonly value: number;
  readonly why: string;
}

/** What an environment is made from. */
export interface EnvironmentSpec {
  readonly name: EnvironmentName;
  readonly says: string;
  readonly deployable: boolean;
  readonly settings: Settings;
  readonly pools: readonly Pool[];
  /** Which workloads run; all, unless said. */
  readonly runs?: (workload: Workload) => boolean;
  /** Where workloads go whose own pool the environment does not have. */
  readonly poolOf?: Readonly<Partial<Record<PoolName, PoolName>>>;
  readonly changes?: Readonly<Partial<Record<WorkloadName, Change>>>;
  readonly thresholds?: Readonly<Record<string, Threshold>>;
}

/** Applies the changes to the catalogue and lists each as a deviation. */
export function defineEnvironment(spec: EnvironmentSpec): Environment {
  const { name, says, deployable, settings, pools } = spec;
  const changed = workloads
    .filter((workload) => spec.runs?.(workload) ?? true)
    .map((workload) => {
      const { why, ...figures } = spec.changes?.[workload.name] ?? { why: '' };
      const moved = workload.pool === undefined ? undefined : spec.poolOf?.[workload.pool];
      const pool = moved === undefined ? {} : { pool: moved };
      return { workload, why, after: { ...workload, ...pool, ...figures } satisfies Workload };
    });
  return {
    name,
    says,
    deployable,
    settings,
    pools,
    workloads: changed.map(({ after }) => after),
    thresholds: spec.thresholds ?? {},
    deviations: changed.flatMap(({ workload, after, why }) => differences(workload, after, why)),
  };
}

const compared = ['replicas', 'maxReplicas', 'minAvailable', 'requests', 'limits', 'storage', 'scaling'] as const;

function differences(before: Workload, after: Workload, why: string): readonly Deviation[] {
  return compared.flatMap((field) => {
    const [from, to] = [JSON.stringify(before[field] ?? null), JSON.stringify(after[field] ?? null)];
    return from === to ? [] : [{ workload: before.name, field, from, to, why }];
  });
}
