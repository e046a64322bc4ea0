import { toMs } from '../../kernel/duration.ts';
import type { Core } from '../core.ts';
import { accept } from '../intake/inbox.ts';
import type { Run } from '../records.ts';
import type { Sql } from '../store/database.ts';
import { closeQuiet, listOpen, markFromApi } from '../store/episodes.ts';
import { closeFinished } from '../store/incidents.ts';
import { append, type NewEntry } from '../store/journal.ts';
import { keepScene, openDocket } from './docket.ts';
import { judge, writeJudgement } from './judge.ts';
import { requestLimits } from './policy.ts';

/** Closes episodes that stayed quiet, and incidents of which nothing is left. */
export async function closeSweep(core: Core): Promise<void> {
  const closed = await core.database.transaction(async (sql) => {
    const episodes = await closeQuiet(sql, core.timings.flapMs);
    const incidents = await closeFinished(sql);
    await append(sql, [
      ...episodes.map(
        (episode): NewEntry => ({
          kind: 'closed',
          incidentId: episode.incidentId,
          episodeId: episode.id,
          subject: 'responder',
          text: `${episode.alertname} stayed quiet`,
          detail: {},
        }),
      ),
      ...incidents.map(
        (incidentId): NewEntry => ({
          kind: 'closed',
          incidentId,
          subject: 'responder',
          text: 'over',
          detail: { incident: true },
        }),
      ),
    ]);
    return episodes.length + incidents.length;
  });
  if (closed > 0) core.changed();
}

/** Incidents that nobody took in the time their runbook gives: a person is called. Returns the runs that call. */
export async function escalateSweep(sql: Sql, core: Core): Promise<Run[]> {
  if ((await unanswered(sql, core)).length === 0) return [];
  const docket = await openDocket(sql, core);
  // Once more under the lock: another replica may have called meanwhile.
  const due = await unanswered(sql, core);
  const entries: NewEntry[] = [];
  const runs: Run[] = [];
  for (const { id } of due) {
    const question = {
      action: 'escalate',
      params: {},
      runbook: 'escalation',
      mode: 'auto',
      limits: core.scaleLimits(requestLimits),
      silenced: false,
      requestedBy: 'responder',
      approvals: [],
      approvalsNeeded: 0,
      breakGlass: false,
      self: undefined,
      occasion: { labels: {}, fingerprint: undefined, incidentId: id },
    } as const;
    const run = await writeJudgement(
      sql,
      core,
      {
        judgement: judge(core, docket, question),
        question,
        episode: undefined,
        step: undefined,
        docket,
        claimed: true,
      },
      entries,
    );
    if (run !== undefined) runs.push(run);
  }
  if (entries.length > 0) await keepScene(sql, core, docket);
  await append(sql, entries);
  return runs;
}

async function unanswered(sql: Sql, core: Core): Promise<{ id: string }[]> {
  const rows = await sql.query<{ id: string; ageMs: number; alertnames: string[] }>(
    `select i.id, (extract(epoch from clock_timestamp() - i.opened_at) * 1000)::float8 as "ageMs", array_agg(distinct e.alertname) as alertnames from incident i join episode e on e.incident_id = i.id
     where i.closed_at is null and i.acknowledged_at is null and i.escalated_at is null
       and e.closed_at is null and e.resolved_at is null and not e.silenced and not e.inhibited and not e.noise
       and not exists (select from run r where r.incident_id = i.id and r.action = 'escalate' and r.state in ('intended', 'verifying'))
     group by i.id`,
  );
  return rows.filter(({ ageMs, alertnames }) => {
    const waits = alertnames.flatMap((name) => {
      const alert = core.alerts.get(name);
      return alert === undefined || alert.severity === 'info' ? [] : [toMs(alert.response.escalateAfter)];
    });
    return waits.length > 0 && ageMs > Math.min(...waits);
  });
}

/** Compares open episodes with Alertmanager: what is silenced or inhibited, what is gone without a word, what never reached us. */
export async function alertmanagerSweep(core: Core): Promise<void> {
  const active = new Map((await core.ports.alertmanager.activeAlerts()).map((alert) => [alert.fingerprint, alert]));
  const open = await listOpen(core.database);
  const graceMs = core.timings.reconcileMs;
  const nowMs = core.clock.now();
  const changes = open.flatMap((episode) => {
    const alert = active.get(episode.fingerprint);
    const silenced = (alert?.silencedBy.length ?? 0) > 0;
    const inhibited = (alert?.inhibitedBy.length ?? 0) > 0;
    const gone = alert === undefined && episode.resolvedAtMs === undefined && nowMs - episode.lastSeenAtMs > graceMs;
    const quiet = silenced || inhibited;
    return gone || (alert !== undefined && quiet !== episode.silenced)
      ? [{ episode, change: { id: episode.id, silenced, inhibited, gone } }]
      : [];
  });
  await core.database.transaction(async (sql) => {
    await markFromApi(
      sql,
      changes.map(({ change }) => change),
    );
    await append(
      sql,
      changes
        .filter(({ change }) => change.gone)
        .map(
          ({ episode }): NewEntry => ({
            kind: 'resolved',
            incidentId: episode.incidentId,
            episodeId: episode.id,
            subject: 'alertmanager',
            text: 'Alertmanager no longer lists it, and no resolved has come. That is not proof that it is over.',
            detail: { alertname: episode.alertname },
          }),
        ),
    );
  });
  const known = new Set(open.map(({ fingerprint }) => fingerprint));
  const missed = [...active.values()].filter(
    (alert) =>
      !known.has(alert.fingerprint) &&
      alert.silencedBy.length === 0 &&
      alert.inhibitedBy.length === 0 &&
      nowMs - alert.startsAtMs > graceMs &&
      (core.alerts.get(alert.labels['alertname'] ?? '')?.runbook.mitigation.length ?? 0) > 0,
  );
  if (missed.length > 0)
    await accept(
      core.database,
      missed.map((alert) => ({
        status: 'firing',
        labels: { ...alert.labels },
        annotations: {},
        startsAt: new Date(alert.startsAtMs).toISOString(),
        fingerprint: alert.fingerprint,
      })),
    );
  if (missed.length > 0 || changes.length > 0) {
    core.wake();
    core.changed();
  }
}
