import type { MicroUsd } from '../../kernel/money.ts';
import type { Deviation } from '../environments/define.ts';

/** What is looked at. */
export type CheckName =
  | 'pool'
  | 'largest-meeting'
  | 'participants'
  | 'network'
  | 'host-ports'
  | 'volumes'
  | 'disruption'
  | 'connections'
  | 'ranges'
  | 'droplet-limit';

/** The outcome of one check: its arithmetic in a sentence, and what to change where it does not hold. */
export interface Finding {
  readonly check: CheckName;
  readonly about: string;
  readonly fits: boolean;
  readonly arithmetic: string;
  readonly change?: string;
}

/** When a pool is looked at: as declared, with everything at its least, and with everything at its most while one of it is rolled out. */
export type Moment = 'declared' | 'least' | 'most';

/** A pool at one moment. */
export interface PoolFit {
  readonly pool: string;
  readonly moment: Moment;
  readonly size: string;
  readonly pods: number;
  readonly cpuCores: number;
  readonly memoryGib: number;
  /** Nodes that the pods take in whatever order they are placed; undefined where one of them fits on no node. */
  readonly needed: number | undefined;
  readonly has: number;
  readonly monthly: MicroUsd;
}

/** A size that would carry a pool at its most, with what it costs at its least. */
export interface SizeChoice {
  readonly pool: string;
  readonly size: string;
  readonly least: number;
  readonly most: number;
  readonly monthlyLeast: MicroUsd;
  readonly monthlyMost: MicroUsd;
}

/** Whether an environment fits, and why. */
export interface FitReport {
  readonly environment: string;
  readonly fits: boolean;
  readonly pools: readonly PoolFit[];
  readonly findings: readonly Finding[];
  /** Cheapest sizes for each pool, cheapest first. */
  readonly choices: readonly SizeChoice[];
  /** What differs from the documents, each with its reason. */
  readonly deviations: readonly Deviation[];
  readonly monthlyLeast: MicroUsd;
  readonly monthlyMost: MicroUsd;
}
