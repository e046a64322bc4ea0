import type { Sev } from '../../alerts/vocabulary.ts';
import type { JournalKind, Subject } from '../records.ts';
import type { Database, Sql } from '../store/database.ts';
import { closeIncident, declare } from '../store/incidents.ts';
import { append } from '../store/journal.ts';

/** What people do with a declared incident; each is one journal line and stands in the thread. */
export type IncidentChange =
  | { readonly kind: 'declare'; readonly sev: Sev }
  | { readonly kind: 'command' }
  | { readonly kind: 'update'; readonly text: string }
  | { readonly kind: 'close'; readonly postmortem: string };

/** Changes an incident; false when there was nothing to change, for one that is closed or in that state already. */
export async function changeIncident(
  database: Database,
  incidentId: string,
  change: IncidentChange,
  subject: Subject,
): Promise<boolean> {
  return await database.transaction(async (sql) => {
    if (!(await apply(sql, incidentId, change, subject))) return false;
    const [kind, text] = words(change);
    await append(sql, [{ kind, incidentId, subject, text, detail: {} }]);
    return true;
  });
}

async function apply(sql: Sql, incidentId: string, change: IncidentChange, subject: Subject): Promise<boolean> {
  switch (change.kind) {
    case 'declare':
      return await declare(sql, incidentId, change.sev, subject);
    case 'command':
      return await changed(
        sql,
        'update incident set commander = $2, version = version + 1 where id = $1 and closed_at is null and commander is distinct from $2 returning id',
        [incidentId, subject],
      );
    case 'update':
      return await changed(sql, 'select id from incident where id = $1 and closed_at is null', [incidentId]);
    case 'close':
      return await closeIncident(sql, incidentId, change.postmortem);
  }
}

async function changed(sql: Sql, statement: string, values: readonly unknown[]): Promise<boolean> {
  return (await sql.query<{ id: string }>(statement, values)).length > 0;
}

function words(change: IncidentChange): [JournalKind, string] {
  switch (change.kind) {
    case 'declare':
      return ['declared', `incident, SEV ${change.sev}`];
    case 'command':
      return ['status', 'has command of this incident'];
    case 'update':
      return ['status', change.text];
    case 'close':
      return ['closed', 'the incident is over; a draft of the postmortem is kept'];
  }
}
