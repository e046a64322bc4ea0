import { troubleDrill } from './troubleshooting.ts';

/** The managed PostgreSQL is not online; the look names it. */
export const troubleDatabase = troubleDrill(
  'database',
  'the managed PostgreSQL is not online',
  /gomeet-cluster-postgresql is offline/,
);
