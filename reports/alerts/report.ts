import { z } from 'zod';
import type { Sql } from '../../responders/store/database.ts';

/** What one alert did to people and to the responder over a stretch of time. */
const AlertLine = z.object({
  alertname: z.string(),
  episodes: z.number(),
  /** Episodes that someone marked as noise. */
  noise: z.number(),
  acknowledged: z.number(),
  acted: z.number(),
  verified: z.number(),
  refused: z.number(),
  medianAcknowledgeSeconds: z.number().nullable(),
  medianResolveSeconds: z.number().nullable(),
});
export type AlertLine = z.infer<typeof AlertLine>;

/** Every alert that fired in the last `days`, the noisiest first: where a rule should be changed or removed. */
export async function alertReport(sql: Sql, days: number): Promise<readonly AlertLine[]> {
  const rows = await sql.query<object>(
    `select e.alertname,
       count(*)::int as episodes,
       count(*) filter (where e.noise)::int as noise,
       count(*) filter (where i.acknowledged_at is not null)::int as acknowledged,
       coalesce(sum(r.acted), 0)::int as acted,
       coalesce(sum(r.verified), 0)::int as verified,
       coalesce(sum(j.refused), 0)::int as refused,
       percentile_cont(0.5) within group (order by extract(epoch from i.acknowledged_at - i.opened_at))::float8 as "medianAcknowledgeSeconds",
       percentile_cont(0.5) within group (order by extract(epoch from e.resolved_at - e.opened_at))::float8 as "medianResolveSeconds"
     from episode e
     join incident i on i.id = e.incident_id
     left join lateral (
       select count(*) filter (where acted_at is not null)::int as acted, count(*) filter (where state = 'verified')::int as verified
       from run where episode_id = e.id and action not in ('openIncident', 'escalate')) r on true
     left join lateral (select count(*)::int as refused from journal where episode_id = e.id and kind = 'refused') j on true
     where e.opened_at > clock_timestamp() - make_interval(days => $1)
     group by e.alertname
     order by count(*) filter (where e.noise)::float8 / count(*) desc, count(*) desc`,
    [days],
  );
  return z.array(AlertLine).parse(rows);
}
