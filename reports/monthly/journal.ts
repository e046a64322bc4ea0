import { z } from 'zod';
import type { MicroUsd } from '../../kernel/money.ts';
import { impairedParticipantMinutes } from '../../responders/impaired.ts';
import type { Metrics } from '../../responders/ports.ts';
import type { Sql } from '../../responders/store/database.ts';
import { listEpisodes } from '../../responders/store/episodes.ts';
import type { Range } from './history.ts';
import type { MonthlyInput } from './input.ts';

const Incidents = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    severity: z.enum(['critical', 'warning', 'info']),
    openedAtMs: z.number(),
    closedAtMs: z.number().nullable(),
    acknowledgeSeconds: z.number().nullable(),
    alone: z.boolean(),
  }),
);
const Acts = z.array(
  z.object({ action: z.string(), acted: z.number(), verified: z.number(), notImproved: z.number() }),
);
const Refusals = z.array(z.object({ reason: z.string(), count: z.number(), costPerHour: z.number().nullable() }));

/** Most incidents whose effect on people is measured: the worst are asked for first. */
const measuredIncidents = 20;

/** What the journal says of a month: incidents, what automation did for them, and what it refused. Routine work is counted under its acts. */
export async function readReliability(
  sql: Sql,
  metrics: Pick<Metrics, 'queryRange' | 'query'> | undefined,
  { fromMs, untilMs }: Range,
): Promise<NonNullable<MonthlyInput['reliability']>> {
  const range = [fromMs / 1_000, untilMs / 1_000];
  const within = (column: string) => `${column} >= to_timestamp($1) and ${column} < to_timestamp($2)`;
  const incidents = Incidents.parse(
    await sql.query<object>(
      `select i.id::text, i.title, i.severity, (extract(epoch from i.opened_at) * 1000)::float8 as "openedAtMs",
         (extract(epoch from i.closed_at) * 1000)::float8 as "closedAtMs",
         extract(epoch from i.acknowledged_at - i.opened_at)::float8 as "acknowledgeSeconds",
         (i.closed_at is not null and i.acknowledged_at is null
           and exists (select from run r where r.incident_id = i.id and r.state = 'verified')) as alone
       from incident i
       where ${within('i.opened_at')} and exists (select from episode e where e.incident_id = i.id)
       order by array_position(array['critical', 'warning', 'info'], i.severity), i.opened_at, i.id`,
      range,
    ),
  );
  const acts = Acts.parse(
    await sql.query<object>(
      `select action, count(*)::int as acted, count(*) filter (where state = 'verified')::int as verified,
         count(*) filter (where state in ('not-improved', 'unknown', 'failed'))::int as "notImproved"
       from run where ${within('acted_at')} group by action order by count(*) desc, action`,
      range,
    ),
  );
  const refusals = Refusals.parse(
    await sql.query<object>(
      `select detail->>'reason' as reason, count(*)::int as count, sum((detail->'plan'->>'costPerHour')::float8) as "costPerHour"
       from journal where kind = 'refused' and detail->>'reason' is not null and ${within('at')}
       group by 1 order by count(*) desc, 1`,
      range,
    ),
  );
  const listed: NonNullable<MonthlyInput['reliability']>['incidents'] = [];
  for (const [index, { id, title, severity, openedAtMs, closedAtMs, acknowledgeSeconds }] of incidents.entries())
    listed.push({
      title: title.slice(0, 300),
      severity,
      openedAtMs: Math.round(openedAtMs),
      closedAtMs: closedAtMs === null ? undefined : Math.round(closedAtMs),
      acknowledgeSeconds: acknowledgeSeconds ?? undefined,
      impairedParticipantMinutes:
        metrics === undefined || index >= measuredIncidents
          ? undefined
          : await impairedParticipantMinutes(metrics, await listEpisodes(sql, { incidentId: id }), untilMs),
    });
  return {
    slos: [],
    incidents: listed,
    acts,
    // A refusal because of money is the only one whose cost was not spent.
    refusals: refusals.map(({ reason, count, costPerHour }) => ({
      reason,
      count,
      costPerHour:
        reason.includes('budget') && costPerHour !== null ? (Math.round(costPerHour) as MicroUsd) : undefined,
    })),
    closedAlone: incidents.filter(({ alone }) => alone).length,
  };
}
