import { type Database, openDatabase } from '../../../responders/store/database.ts';
import { openIncidents } from '../../../responders/store/incidents.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import type { NewRun } from '../../../responders/store/runs.ts';
import { testDatabase } from '../../support/database.ts';

export async function fresh(t: { after(work: () => Promise<void>): void }): Promise<Database> {
  const database = openDatabase(await testDatabase(), { max: 4 });
  t.after(() => database.close());
  await migrate(database);
  return database;
}

export async function anIncident(database: Database): Promise<string> {
  const [id] = await openIncidents(database, [{ title: 'an incident', severity: 'warning', keys: ['k'] }]);
  return id ?? '';
}

export function newRun(incidentId: string, more: Partial<NewRun> = {}): NewRun {
  return {
    incidentId,
    episodeId: undefined,
    alertname: 'A',
    step: 0,
    action: 'scaleSfu',
    params: {},
    target: 'deployment/x',
    change: { to: 5 },
    says: 'x',
    state: 'intended',
    requestedBy: 'responder',
    approvalsNeeded: 0,
    breakGlass: false,
    deadlineInMs: 60_000,
    ...more,
  };
}
export const held = { by: 'me', leaseMs: 60_000 };
export const lapsed = { by: 'me', leaseMs: -1 };
export const known = ['scaleSfu'];
