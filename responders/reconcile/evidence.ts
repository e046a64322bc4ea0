import { errorText } from '../../kernel/errors.ts';
import type { Core } from '../core.ts';
import { append } from '../store/journal.ts';
import { claimOccurrence } from '../store/once.ts';
import { collectTrouble } from '../trouble/collect.ts';
import { diagnose, diagnosisResult } from '../trouble/define.ts';
import { entryFor } from '../trouble/entries.ts';

/** Incidents whose evidence is collected in one go; a storm gets the rest later. */
const atOnce = 3;

/** Collects events, log lines and rollouts of what new incidents are about: once each, beside the decision, never before it. */
export async function evidenceSweep(core: Core): Promise<void> {
  const wanting = await core.database.query<{
    id: string;
    openedAtMs: number;
    service: string | null;
    alertname: string;
  }>(
    `select i.id, i.opened_at as "openedAtMs", e.labels->>'service' as service, e.alertname
     from incident i join lateral (select labels, alertname from episode where incident_id = i.id order by labels ? 'service' desc, id limit 1) e on true
     where i.closed_at is null and i.opened_at > clock_timestamp() - interval '10 minutes'
       and not exists (select from occurrence o where o.name = 'evidence/' || i.id)
     order by i.id limit $1`,
    [atOnce],
  );
  await Promise.all(
    wanting.map(async ({ id, openedAtMs, service, alertname }) => {
      if (!(await claimOccurrence(core.database, `evidence/${id}`, openedAtMs, core.name))) return;
      await lookForCause(core, { incidentId: id, service: service ?? undefined, alertname });
      if (service === null) return;
      try {
        const evidence = await core.ports.cluster.evidence(service);
        if (evidence.events.length + evidence.logLines.length + evidence.rollouts.length === 0) return;
        await append(core.database, [
          {
            kind: 'evidence',
            incidentId: id,
            subject: 'responder',
            text: `what ${service} did last`,
            detail: { ...evidence },
          },
        ]);
        core.changed();
      } catch (error) {
        core.log.warn(
          { incident: id, service, error: errorText(error) },
          'evidence could not be collected; the incident goes on without',
        );
      }
    }),
  );
}

/** Works through the troubleshooting when the alert arrives. Where no object can be read there is nothing to tell. */
async function lookForCause(
  core: Core,
  { incidentId, service, alertname }: { incidentId: string; service: string | undefined; alertname: string },
): Promise<void> {
  const entry = entryFor(alertname);
  if (entry.ofWorkload && service === undefined) return;
  const evidence = await collectTrouble(core.ports, {
    workload: service,
    nowMs: core.clock.now(),
    environment: core.declared.environment,
  });
  if ('missing' in evidence.pods) return;
  const found = diagnose(entry, evidence);
  await append(core.database, [
    {
      kind: 'evidence',
      incidentId,
      subject: 'responder',
      text: `${entry.title}: ${found.says}`,
      detail: { result: diagnosisResult(found) },
    },
  ]);
  core.changed();
}
