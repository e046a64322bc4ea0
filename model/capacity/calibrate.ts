import { linearRegression, linearRegressionLine, rSquared, standardDeviation } from 'simple-statistics';
import type { CpuCost } from './node.ts';

/** One reading of one node: packets sent and CPU used over the same time. */
export interface CpuPoint {
  readonly packetsPerSecond: number;
  readonly cpuCores: number;
}

/** Why points say nothing about the CPU of a packet. */
export type UnfittedReason = 'few-points' | 'narrow-range' | 'poor-fit' | 'falling';

/** A line through the points with how well it lies, or why there is none. */
export type Calibration =
  | {
      readonly kind: 'fitted';
      readonly cpu: CpuCost;
      readonly points: number;
      /** Share of the variance that the line explains, 0 to 1. */
      readonly rSquared: number;
      /** Standard deviation of what the line misses, in cores. */
      readonly residualCores: number;
      /** The furthest miss, in cores. */
      readonly worstResidualCores: number;
      /** Most packets a second in the points: the line is untried above. */
      readonly triedPacketsPerSecond: number;
    }
  | {
      readonly kind: 'not-enough-data';
      readonly reason: UnfittedReason;
      readonly points: number;
      readonly says: string;
    };

const fewestPoints = 48;
const leastRSquared = 0.7;

/** Fits CPU = idle + packets x seconds by least squares; refuses with a reason where the points cannot carry it: fewer than 48, load that hardly changes, R² under 0.7, or CPU that falls as packets rise. */
export function calibrateCpu(points: readonly CpuPoint[]): Calibration {
  const good = points.filter(
    ({ packetsPerSecond, cpuCores }) =>
      Number.isFinite(packetsPerSecond) && Number.isFinite(cpuCores) && packetsPerSecond >= 0 && cpuCores >= 0,
  );
  const refuse = (reason: UnfittedReason, says: string): Calibration => ({
    kind: 'not-enough-data',
    reason,
    points: good.length,
    says,
  });
  if (good.length < fewestPoints)
    return refuse('few-points', `${good.length} points with CPU and packets, ${fewestPoints} are wanted`);
  const pairs = good.map(({ packetsPerSecond, cpuCores }) => [packetsPerSecond, cpuCores]);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { packetsPerSecond } of good) {
    least = Math.min(least, packetsPerSecond);
    most = Math.max(most, packetsPerSecond);
  }
  if (most < 2 * least || most === 0)
    return refuse('narrow-range', 'the busiest point has less than twice the packets of the quietest');
  const { m, b } = linearRegression(pairs);
  if (!(m > 0)) return refuse('falling', 'CPU falls as packets rise: something else uses it');
  const line = linearRegressionLine({ m, b });
  const fit = rSquared(pairs, line);
  if (!(fit >= leastRSquared))
    return refuse(
      'poor-fit',
      `packets explain ${(fit * 100).toFixed(0)} % of the CPU, ${leastRSquared * 100} % are wanted`,
    );
  const residuals = good.map(({ packetsPerSecond, cpuCores }) => cpuCores - line(packetsPerSecond));
  return {
    kind: 'fitted',
    cpu: { idleCores: Math.max(0, b), secondsPerPacket: m, source: `least squares over ${good.length} points` },
    points: good.length,
    rSquared: fit,
    residualCores: standardDeviation(residuals),
    worstResidualCores: residuals.reduce((worst, residual) => Math.max(worst, Math.abs(residual)), 0),
    triedPacketsPerSecond: most,
  };
}
