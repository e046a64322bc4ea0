import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { IncidentDesk } from '../act/define.ts';
import type { Notifier } from '../ports.ts';
import type { Database } from '../store/database.ts';
import { declare, markEscalated, readIncident } from '../store/incidents.ts';
import { append } from '../store/journal.ts';

/** Declares incidents as rows, and calls people through every notifier there is. */
export function createIncidentDesk(
  database: Database,
  notifiers: readonly Notifier[],
  options: { consoleUrl: () => string | undefined; clock: Clock; log: Log },
): IncidentDesk {
  return {
    async declare({ incidentId, sev, by }) {
      await database.transaction(async (sql) => {
        const commander = by === 'responder' ? undefined : by;
        if (await declare(sql, incidentId, sev, commander))
          await append(sql, [
            { kind: 'declared', incidentId, subject: by, text: `incident, SEV ${sev}`, detail: { sev } },
          ]);
      });
    },

    async escalate({ incidentId, runId }) {
      const incident = await readIncident(database, { id: incidentId });
      if (incident === undefined) throw new PortError('store', 'not-found', 'the incident is gone');
      const console = options.consoleUrl();
      const url = console === undefined ? undefined : `${console}/incidents/${incident.publicId}`;
      const results = await Promise.allSettled(
        notifiers.map((notifier) =>
          notifier.page({
            dedupKey: runId,
            title: incident.title,
            text: 'Nobody has taken this yet, or someone asked for you.',
            url,
          }),
        ),
      );
      const reached = notifiers
        .filter((_notifier, index) => results[index]?.status === 'fulfilled')
        .map(({ name }) => name);
      for (const result of results)
        if (result.status === 'rejected')
          options.log.error({ error: errorText(result.reason) }, 'a notifier did not take the call');
      if (reached.length === 0)
        throw new PortError(
          'notifiers',
          'unavailable',
          notifiers.length === 0 ? 'there is none: set SLACK_BOT_TOKEN or PAGER_WEBHOOK_URL' : 'none took the call',
        );
      await database.transaction(async (sql) => {
        if (await markEscalated(sql, incidentId))
          await append(sql, [
            {
              kind: 'escalated',
              incidentId,
              runId,
              subject: 'responder',
              text: `called through ${reached.join(' and ')}`,
              detail: { reached },
            },
          ]);
      });
    },
  };
}
