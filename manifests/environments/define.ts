import type { Pool, PoolName, Requests, Scaling, Storage, Workload } from '../catalogue/define.ts';
import { type WorkloadName, workloads } from '../catalogue/index.ts';
import { documentedPool } from '../catalogue/pools.ts';
import { productionSettings, type Settings } from '../settings.ts';

export type EnvironmentName = 'readme' | 'documented' | 'production' | 'staging' | 'starter';

/** What an environment changes of a workload's catalogue entry, and why. */
export interface Change {
  readonly replicas?: number;
  readonly maxReplicas?: number;
  readonly requests?: Requests;
  readonly limits?: Requests;
  readonly storage?: readonly Storage[];
  readonly scaling?: Scaling;
  readonly why: string;
}

/** One figure that differs: of a workload, from the catalogue, which has the README's; of a pool, from the runbook's one pool; of a setting, from production's. */
export interface Deviation {
  readonly about: string;
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
  /** Where workloads go whose own pool the environment does not have; without a reason where the pool is the documents' own. */
  readonly poolOf?: Readonly<Partial<Record<PoolName, PoolName>>>;
  readonly poolOfWhy?: string;
  /** Why its settings are others than production's. */
  readonly settingsWhy?: string;
  readonly changes?: Readonly<Partial<Record<WorkloadName, Change>>>;
  readonly thresholds?: Readonly<Record<string, Threshold>>;
}

/** Applies the changes to the catalogue and lists each as a deviation. */
export function defineEnvironment(spec: EnvironmentSpec): Environment {
  const { name, says, deployable, settings, pools } = spec;
  const changed = workloads
    .filter((workload) => spec.runs?.(workload) ?? true)
    .map((workload) => {
      const { why, ...changes } = spec.changes?.[workload.name] ?? { why: '' };
      const moved = workload.pool === undefined ? undefined : spec.poolOf?.[workload.pool];
      const pool = moved === undefined ? {} : { pool: moved };
      return { workload, why, after: { ...workload, ...pool, ...changes } satisfies Workload };
    });
  return {
    name,
    says,
    deployable,
    settings,
    pools,
    workloads: changed.map(({ after }) => after),
    thresholds: spec.thresholds ?? {},
    deviations: [
      ...changed.flatMap(({ workload, after, why }) => [
        ...differences(workload.name, figures, workload, after, why),
        ...(spec.poolOfWhy === undefined ? [] : differences(workload.name, ['pool'], workload, after, spec.poolOfWhy)),
      ]),
      ...pools.flatMap(({ why, ...pool }) =>
        why === undefined ? [] : differences<Pool>(`pool ${pool.name}`, nodes, documentedPool, pool, why),
      ),
      ...(spec.settingsWhy === undefined
        ? []
        : differences('settings', settingNames, productionSettings, settings, spec.settingsWhy)),
    ],
  };
}

const figures = ['replicas', 'maxReplicas', 'requests', 'limits', 'storage', 'scaling'] as const;
const nodes = ['size', 'nodes', 'minNodes', 'maxNodes'] as const;
const settingNames = Object.keys(productionSettings) as (keyof Settings)[];

function differences<T extends object>(
  about: string,
  fields: readonly (keyof T & string)[],
  before: T,
  after: T,
  why: string,
): readonly Deviation[] {
  return fields.flatMap((field) => {
    const [from, to] = [shown(before[field]), shown(after[field])];
    return from === to ? [] : [{ about, field, from, to, why }];
  });
}

/** A figure for people: `16 cpuCores, 64 memoryGib`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join('; ');
  if (typeof value !== 'object' || value === null) return value === undefined ? 'none' : `${value}`;
  return Object.entries(value)
    .map(([field, one]) => (typeof one === 'number' ? `${one} ${field}` : shown(one)))
    .join(', ');
}
