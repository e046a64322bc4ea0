import { figure, of, percent } from './ask.ts';
import type { Figure } from './collect.ts';
import type { Question } from './define.ts';

/** Words with which programs say that a database does not answer. */
const databaseWords =
  /(connection refused|could not connect|no route to host|timeout|too many (clients|connections)|password authentication failed|getaddrinfo|ECONNREFUSED).*/i;

/** A log that speaks of a database that does not answer. */
export const databaseInLog: Question = {
  cause: 'database connection',
  look: ({ logLines }) =>
    of(logLines, (lines) => {
      if (lines.length === 0) return { notKnown: 'there is no log line to read' };
      const line = lines.findLast(
        (one) =>
          databaseWords.test(one) &&
          /(postgres|pg|sql|redis|valkey|database|:5432|:25060|:25061|:6379|connect)/i.test(one),
      );
      return line === undefined
        ? { ruledOut: `none of the last ${lines.length} log lines speaks of it` }
        : { found: `its log says: ${line}` };
    }),
};

/** What DigitalOcean says of its databases. */
export const managedStatus: Question = {
  cause: 'managed service',
  look: ({ databases }) =>
    of(databases, (all) => {
      const bad = all.filter(({ status }) => status !== 'online');
      if (all.length === 0) return { notKnown: 'the account shows no database' };
      return bad.length === 0
        ? { ruledOut: `${all.map(({ name }) => name).join(', ')}: online` }
        : { found: bad.map(({ name, status }) => `${name} is ${status}`).join(', ') };
    }),
};

/** Whether one of them answers its exporter. */
export const answersOf = (cause: string, name: Figure): Question => ({
  cause,
  look: (evidence) =>
    figure(
      evidence,
      name,
      (value) => (value >= 1 ? { ruledOut: 'it answers its exporter' } : { found: 'it does not answer its exporter' }),
      true,
    ),
});

/** How many of PostgreSQL's connections are left. */
export const connections: Question = {
  cause: 'connections used up',
  look: (evidence) =>
    figure(evidence, 'connectionsUsed', (value) =>
      value > 0.9
        ? { found: `${percent(value)} of its connections are in use` }
        : { ruledOut: `${percent(value)} in use` },
    ),
};

/** Whether the pooler in between is there. */
export const pooler: Question = {
  cause: 'connection pooler',
  look: ({ endpoints }) =>
    of(endpoints, (all) => {
      const slices = all.filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === 'pgbouncer-do');
      if (slices.length === 0) return { notKnown: 'there is no EndpointSlice of pgbouncer-do' };
      const ready = slices
        .flatMap(({ endpoints: some }) => some ?? [])
        .filter(({ conditions }) => conditions.ready).length;
      return ready > 0
        ? { ruledOut: `${ready} poolers are ready` }
        : {
            found: 'no pooler is ready',
            fix: { say: 'restart it', action: 'restartWorkload', params: { workload: 'pgbouncer-do' } },
          };
    }),
};
