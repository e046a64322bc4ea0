import type { Core } from '../core.ts';

/** The phases of an incident as the metric names them. */
const phases = ['detect', 'acknowledge', 'resolve'] as const;

/** Shows how long incidents take: medians over those opened in the last thirty days, by the store's clock. A phase that no incident went through has no median. */
export async function timesSweep(core: Core): Promise<void> {
  const [medians] = await core.database.query<Record<(typeof phases)[number], number | null>>(
    `select ${phases.map((phase) => `percentile_cont(0.5) within group (order by ${phase}) as ${phase}`).join(', ')}
     from (
       select extract(epoch from greatest(i.opened_at - min(e.starts_at), interval '0'))::float8 as detect,
         extract(epoch from i.acknowledged_at - i.opened_at)::float8 as acknowledge,
         extract(epoch from i.closed_at - i.opened_at)::float8 as resolve
       from incident i left join episode e on e.incident_id = i.id
       where i.opened_at > clock_timestamp() - interval '30 days'
       group by i.id
     ) as times`,
  );
  for (const phase of phases) {
    const seconds = medians?.[phase];
    if (typeof seconds === 'number') core.instruments.incidentTime.set({ phase }, seconds);
    else core.instruments.incidentTime.remove({ phase });
  }
}
