import { type PriceBook, prices } from '../../model/prices.ts';
import type { Environment } from '../environments/define.ts';
import { otherFindings } from './checks.ts';
import type { FitReport } from './define.ts';
import { mediaFindings } from './media.ts';
import { fitPools, monthlyAt, poolFindings, sizeChoices } from './pools.ts';

/** Whether an environment fits its nodes, its network, its database and its account; with all the arithmetic, at the prices of a book. */
export function fit(environment: Environment, book: PriceBook = prices): FitReport {
  const findings = [...poolFindings(environment, book), ...mediaFindings(environment), ...otherFindings(environment)];
  const pools = fitPools(environment, book);
  return {
    environment: environment.name,
    fits: findings.every((finding) => finding.fits),
    pools,
    findings,
    choices: sizeChoices(environment, book),
    deviations: environment.deviations,
    monthlyLeast: monthlyAt(pools, 'least'),
    monthlyMost: monthlyAt(pools, 'most'),
  };
}

/** The environment with other nodes in one pool, or in all that the size is asked for. */
export function withSize(environment: Environment, size: string, pool?: string): Environment {
  return {
    ...environment,
    pools: environment.pools.map((one) => (pool === undefined || one.name === pool ? { ...one, size } : one)),
  };
}
