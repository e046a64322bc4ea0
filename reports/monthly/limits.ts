import { errorText } from '../../kernel/errors.ts';
import type { Metrics } from '../../responders/ports.ts';
import { workloadOf } from '../cost/usage.ts';
import type { Range } from './history.ts';
import type { MonthlyInput } from './input.ts';
import { limitQueries, tenantQueries } from './queries.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const gib = 1024 ** 3;

/** Daily highs of every limit. One without a series or without a limit is named in `gaps`: unknown is not roomy. */
export async function readLimits(
  metrics: Pick<Metrics, 'query' | 'queryRange'>,
  sfu: MonthlyInput['sfu'],
  history: Range,
  gaps: string[],
): Promise<MonthlyInput['constraints']> {
  const days = Math.ceil((history.untilMs - history.fromMs) / dayMs);
  const found: MonthlyInput['constraints'] = [];
  const missing: string[] = [];
  for (const { name, unit, value, limit: asked, leadDays, note } of limitQueries(sfu)) {
    try {
      const limit = typeof asked === 'number' ? asked : (await metrics.query(asked))[0]?.value;
      // A value at midnight speaks of the day before it; the last day may not be over.
      const range = { fromMs: history.fromMs + dayMs, toMs: history.fromMs + days * dayMs, stepMs: dayMs };
      const [series] = await metrics.queryRange(`max_over_time((${value})[1d:5m])`, range);
      const highs = new Map(series?.points.map(([at, high]) => [at - dayMs, high]));
      if (limit === undefined || !(limit > 0) || highs.size === 0) {
        missing.push(name);
        continue;
      }
      found.push({
        name,
        unit,
        limit,
        firstDayMs: history.fromMs,
        days: Array.from({ length: days }, (_none, day) => highs.get(history.fromMs + day * dayMs) ?? null),
        leadDays,
        note,
      });
    } catch (error) {
      gaps.push(`the limit “${name}” could not be read: ${errorText(error).slice(0, 200)}`);
    }
  }
  if (missing.length > 0) gaps.push(`not measured, so that their headroom is unknown: ${missing.join(', ')}`);
  return found;
}

/** What each workload held of each node over the month: the larger of what it asked for and what it took, as OpenCost counts. */
export async function readTenants(metrics: Pick<Metrics, 'query'>, month: Range): Promise<MonthlyInput['tenants']> {
  const hours = Math.max(1, Math.round((month.untilMs - month.fromMs) / hourMs));
  const queries = tenantQueries(hours, month.untilMs);
  const [requests, cpu, memory] = await Promise.all([
    metrics.query(queries.requests),
    metrics.query(queries.cpu),
    metrics.query(queries.memory),
  ]);
  const used = (samples: typeof cpu) =>
    new Map(samples.map(({ labels, value }) => [`${labels['namespace']}/${labels['pod']}`, value]));
  const [cpuUsed, memoryUsed] = [used(cpu), used(memory)];
  const pods = Map.groupBy(requests, ({ labels }) => `${labels['node']} ${labels['namespace']}/${labels['pod']}`);
  const tenants = [...pods.values()].map((samples) => {
    const labels = samples[0]?.labels ?? {};
    const of = (resource: string) => samples.find((one) => one.labels['resource'] === resource)?.value ?? 0;
    const pod = `${labels['namespace']}/${labels['pod']}`;
    return {
      node: labels['node'] ?? '',
      namespace: labels['namespace'] ?? '',
      workload: workloadOf(labels['pod'] ?? ''),
      cpuCoreHours: Math.max(of('cpu'), cpuUsed.get(pod) ?? 0),
      memoryGibHours: Math.max(of('memory'), memoryUsed.get(pod) ?? 0) / gib,
    };
  });
  return [...Map.groupBy(tenants, ({ node, namespace, workload }) => `${node} ${namespace} ${workload}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined || first.node === '') return [];
      return [
        {
          ...first,
          cpuCoreHours: group.reduce((sum, one) => sum + one.cpuCoreHours, 0),
          memoryGibHours: group.reduce((sum, one) => sum + one.memoryGibHours, 0),
        },
      ];
    });
}
