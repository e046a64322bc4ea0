import { pools } from '../catalogue/pools.ts';
import { declareInfrastructure, documentedDatabases, type Site } from './declare.ts';
import type { Infrastructure } from './define.ts';

const sites: readonly Site[] = [
  {
    environment: 'production',
    region: 'nyc1',
    domain: 'gomeet.com',
    pools,
    network: 100,
    highlyAvailable: true,
    databaseSizes: documentedDatabases,
  },
];

/** Names of the environments that have infrastructure of their own. */
export const siteNames: readonly string[] = sites.map(({ environment }) => environment);

/** The infrastructure of an environment; undefined for one that nobody declared. */
export function infrastructureOf(environment: string): Infrastructure | undefined {
  const site = sites.find((one) => one.environment === environment);
  return site === undefined ? undefined : declareInfrastructure(site);
}
