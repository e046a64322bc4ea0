import type { Mode } from '../../alerts/vocabulary.ts';
import { type Duration, toMs } from '../../kernel/duration.ts';
import { formatUsd, type MicroUsd } from '../../kernel/money.ts';
import type { Core } from '../core.ts';
import type { Subject } from '../records.ts';
import { type ControlName, clearControl, setControl } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { openIncidents, openIncidentsByKeys } from '../store/incidents.ts';
import { append } from '../store/journal.ts';

/** A change of what the responder may do, by whomever and from wherever. */
export type ControlChange = { readonly subject: Subject; readonly reason: string } & (
  | { readonly name: 'stop-all' | 'resume' | 'unfreeze' | 'end-live-event' | 'end-break-glass' }
  | { readonly name: 'freeze' | 'live-event' | 'break-glass'; readonly for: Duration }
  | { readonly name: 'mode'; readonly alertname: string; readonly mode: Mode }
  | { readonly name: 'budget'; readonly amount: MicroUsd }
);

/** Makes the change, journals it, and tells everyone through a thread of its own; returns the sentence. */
export async function changeControl(
  core: Pick<Core, 'database' | 'alerts' | 'wake' | 'changed'>,
  change: ControlChange,
): Promise<{ ok: boolean; says: string }> {
  if (change.name === 'mode' && !core.alerts.has(change.alertname))
    return { ok: false, says: `there is no runbook ${change.alertname}` };
  const says = sentence(change);
  const done = await core.database.transaction(async (sql) => {
    if (!(await apply(sql, change))) return false;
    const incidentId = await controlThread(sql);
    await append(sql, [
      {
        kind: 'control',
        incidentId,
        subject: change.subject,
        text: `${says}: ${change.reason}`,
        detail: { ...change },
      },
    ]);
    // Whatever was refused because of the switch is decided anew.
    await sql.query('update episode set due_at = clock_timestamp() where closed_at is null and refusal is not null');
    return true;
  });
  core.wake();
  core.changed();
  return done ? { ok: true, says } : { ok: false, says: 'it was not on' };
}

const switches: Readonly<Record<'stop-all' | 'freeze' | 'live-event' | 'break-glass', ControlName>> = {
  'stop-all': 'stop-all',
  freeze: 'freeze',
  'live-event': 'live-event',
  'break-glass': 'break-glass',
};
const ends = {
  resume: 'stop-all',
  unfreeze: 'freeze',
  'end-live-event': 'live-event',
  'end-break-glass': 'break-glass',
} as const;

async function apply(sql: Sql, change: ControlChange): Promise<boolean> {
  const by = { by: change.subject, reason: change.reason };
  switch (change.name) {
    case 'resume':
    case 'unfreeze':
    case 'end-live-event':
    case 'end-break-glass':
      return await clearControl(sql, ends[change.name]);
    case 'mode':
      await setControl(sql, `mode/${change.alertname}`, { ...by, value: { mode: change.mode } });
      return true;
    case 'budget':
      await setControl(sql, 'budget', { ...by, value: { microUsd: change.amount } });
      return true;
    case 'stop-all':
      await setControl(sql, 'stop-all', by);
      return true;
    default:
      await setControl(sql, switches[change.name], { ...by, forMs: toMs(change.for) });
      return true;
  }
}

function sentence(change: ControlChange): string {
  switch (change.name) {
    case 'stop-all':
      return 'Stop switch on: nothing is done until someone resumes';
    case 'resume':
      return 'Stop switch off';
    case 'freeze':
      return `Freeze for ${change.for}`;
    case 'unfreeze':
      return 'Freeze over';
    case 'live-event':
      return `Live event for ${change.for}: nothing that could disturb a meeting`;
    case 'end-live-event':
      return 'Live event over';
    case 'break-glass':
      return `Glass broken by ${change.subject} for ${change.for}: one person may act alone`;
    case 'end-break-glass':
      return 'Glass mended: two people again';
    case 'budget':
      return `A month may cost ${formatUsd(change.amount)}`;
    case 'mode':
      return `${change.alertname} is now in ${change.mode} mode`;
  }
}

async function controlThread(sql: Sql): Promise<string> {
  const [open] = await openIncidentsByKeys(sql, ['routine:controls']);
  if (open !== undefined) return open.id;
  const [id] = await openIncidents(sql, [
    { title: 'Controls of the responder', severity: 'info', keys: ['routine:controls'] },
  ]);
  return id ?? '';
}
