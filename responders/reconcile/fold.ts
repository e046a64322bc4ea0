import { createHash } from 'node:crypto';
import type { Alert } from '../../alerts/define.ts';
import { humanMs } from '../../kernel/duration.ts';
import { takeInbox } from '../intake/inbox.ts';
import type { WebhookAlert } from '../intake/schema.ts';
import type { Episode } from '../records.ts';
import type { Sql } from '../store/database.ts';
import { openByFingerprint, openEpisodes, touchEpisodes } from '../store/episodes.ts';
import { openIncidents, openIncidentsByKeys } from '../store/incidents.ts';
import { append, type NewEntry } from '../store/journal.ts';

/** What a batch of accepted alerts became. */
export interface Folded {
  readonly taken: number;
  /** Episodes that fired, or fired again, and want a decision now. */
  readonly toDecide: readonly Episode[];
  /** When the oldest of the batch came in, for the latency from webhook to act. */
  readonly receivedAtMs: number | undefined;
}

/** Turns accepted alerts into episodes and incidents. One folder at a time over all replicas, so that order is kept. */
export async function foldInbox(sql: Sql, alerts: ReadonlyMap<string, Alert>, limit: number): Promise<Folded> {
  const [, batch] = await Promise.all([
    sql.query(`select pg_advisory_xact_lock(hashtext('gomeet-fold'))`),
    takeInbox(sql, limit),
  ]);
  if (batch.length === 0) return { taken: 0, toDecide: [], receivedAtMs: undefined };

  const known = new Map(
    (await openByFingerprint(sql, [...new Set(batch.map(({ alert }) => alert.fingerprint))])).map((episode) => [
      episode.fingerprint,
      episode,
    ]),
  );
  const latest = new Map(batch.map(({ alert }) => [alert.fingerprint, alert]));
  const fired = new Set(batch.filter(({ alert }) => alert.status === 'firing').map(({ alert }) => alert.fingerprint));
  const entries: NewEntry[] = [];
  const toDecide: Episode[] = [];

  const touched = [...known.values()].flatMap((episode) => {
    const alert = latest.get(episode.fingerprint);
    return alert === undefined ? [] : [{ episode, alert }];
  });
  for (const { episode, alert } of touched) {
    const wasResolved = episode.resolvedAtMs !== undefined;
    if (alert.status === 'resolved' && !wasResolved) entries.push(line(episode, 'resolved', resolvedText));
    if (alert.status === 'firing' && wasResolved) {
      entries.push(
        line(
          episode,
          'reopened',
          `fires again after ${humanMs(Math.max(0, Date.parse(alert.startsAt) - (episode.resolvedAtMs ?? 0)))}`,
        ),
      );
      toDecide.push({ ...episode, resolvedAtMs: undefined });
    }
  }
  await touchEpisodes(
    sql,
    touched.map(({ episode, alert }) => ({
      id: episode.id,
      startsAt: alert.startsAt,
      annotations: alert.annotations,
      resolved: alert.status === 'resolved',
    })),
  );

  // One that fired and resolved before we looked is on the record all the same; a resolved for what never fired here is not.
  const fresh = [...latest.values()].filter((alert) => fired.has(alert.fingerprint) && !known.has(alert.fingerprint));
  const incidentIds = await incidentsFor(sql, fresh, alerts);
  const opened = await openEpisodes(
    sql,
    fresh.map((alert, index) => ({
      fingerprint: alert.fingerprint,
      alertname: alert.labels['alertname'] ?? 'unknown',
      labels: alert.labels,
      annotations: alert.annotations,
      incidentId: incidentIds[index] ?? '',
      startsAt: alert.startsAt,
      resolved: alert.status === 'resolved',
    })),
  );
  for (const episode of opened) {
    entries.push(
      line(
        episode,
        'fired',
        episode.annotations['summary'] ?? alerts.get(episode.alertname)?.summary ?? episode.alertname,
      ),
    );
    if (!alerts.has(episode.alertname))
      entries.push(line(episode, 'no-runbook', 'There is no runbook for this alert. It is told, and never acted on.'));
    if (episode.resolvedAtMs === undefined) toDecide.push(episode);
    else entries.push(line(episode, 'resolved', resolvedText));
  }
  await append(sql, entries);
  return { taken: batch.length, toDecide, receivedAtMs: batch[0]?.receivedAtMs };
}

const resolvedText = 'Alertmanager says resolved. That is not proof; what was done is verified by itself.';

function line(episode: Episode, kind: NewEntry['kind'], text: string): NewEntry {
  return {
    kind,
    incidentId: episode.incidentId,
    episodeId: episode.id,
    subject: 'alertmanager',
    text,
    detail: { alertname: episode.alertname },
  };
}

/** What an alert is about: service and node; its region only when it names neither, or all of a region would be one incident. */
export function incidentKeys(labels: Readonly<Record<string, string>>): string[] {
  const keys = (['service', 'node'] as const).flatMap((label) => (labels[label] ? [keyOf(label, labels[label])] : []));
  if (keys.length > 0) return keys;
  return [labels['region'] ? keyOf('region', labels['region']) : keyOf('alert', labels['alertname'] ?? 'unknown')];
}

/** An index entry has 2.7 kB at most: a longer label counts by its digest. */
function keyOf(label: string, value: string): string {
  return `${label}:${value.length <= 200 ? value : createHash('sha256').update(value).digest('hex')}`;
}

/** The open incident that each alert joins, or a new one for all that share a key with it. */
async function incidentsFor(
  sql: Sql,
  fresh: readonly WebhookAlert[],
  alerts: ReadonlyMap<string, Alert>,
): Promise<string[]> {
  const keysOf = fresh.map(({ labels }) => incidentKeys(labels));
  const byKey = new Map<string, string>();
  for (const incident of await openIncidentsByKeys(sql, [...new Set(keysOf.flat())]))
    for (const key of incident.keys) if (!byKey.has(key)) byKey.set(key, incident.id);

  const groups: { keys: Set<string>; alert: WebhookAlert }[] = [];
  for (const [index, alert] of fresh.entries()) {
    const keys = keysOf[index] ?? [];
    if (keys.some((key) => byKey.has(key))) continue;
    const group = groups.find((candidate) => keys.some((key) => candidate.keys.has(key)));
    if (group === undefined) groups.push({ keys: new Set(keys), alert });
    else for (const key of keys) group.keys.add(key);
  }
  const ids = await openIncidents(
    sql,
    groups.map(({ keys, alert }) => ({
      title: titleOf(alert, alerts),
      severity: alert.labels['severity'] ?? 'warning',
      keys: [...keys],
    })),
  );
  for (const [index, { keys }] of groups.entries()) for (const key of keys) byKey.set(key, ids[index] ?? '');
  return keysOf.map((keys) => keys.map((key) => byKey.get(key)).find((id) => id !== undefined) ?? '');
}

function titleOf({ labels, annotations }: WebhookAlert, alerts: ReadonlyMap<string, Alert>): string {
  const alertname = labels['alertname'] ?? 'unknown';
  return `${alertname}: ${annotations['summary'] ?? alerts.get(alertname)?.summary ?? labels['service'] ?? 'no summary'}`
    .slice(0, 200)
    .toWellFormed();
}
