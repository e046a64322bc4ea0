import { recordingRules } from '../../alerts/recording/index.ts';
import type { Sample } from '../ports.ts';
import type { Check, Part, Section, Status } from './define.ts';

/** A figure from Prometheus with the bounds of the operations runbook's health check. */
export interface Measure {
  readonly name: string;
  readonly section: Section;
  readonly query: string;
  /** Label that names the subject of each series. */
  readonly by?: string;
  readonly unit: 'percent' | 'seconds' | 'count';
  readonly degraded: number;
  readonly failing: number;
  /** Smaller is worse where this is set. */
  readonly below?: true;
}

const traffic = 'traefik_service_requests_total';
const ownJoins = recordingRules.find(({ record }) => record === 'gomeet:join_success:ratio_rate5m')?.record;

/** Bounds: CPU 70/90, memory 80/95, disk 80/90 %, latency 0.5/1 s, errors 5/10 %, certificates 30/7 days (health-check.sh, platform facts 3). */
export const measures: readonly Measure[] = [
  {
    name: 'node CPU',
    section: 'resources',
    query: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
    by: 'instance',
    unit: 'percent',
    degraded: 0.7,
    failing: 0.9,
  },
  {
    name: 'node memory',
    section: 'resources',
    query: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.95,
  },
  {
    name: 'node disk',
    section: 'resources',
    query: '1 - node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}',
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.9,
  },
  {
    name: 'errors',
    section: 'performance',
    query: `sum by (service) (rate(${traffic}{code=~"5.."}[5m])) / sum by (service) (rate(${traffic}[5m]))`,
    by: 'service',
    unit: 'percent',
    degraded: 0.05,
    failing: 0.1,
  },
  {
    name: 'latency, 95 %',
    section: 'performance',
    query: 'histogram_quantile(0.95, sum by (service, le) (rate(traefik_service_request_duration_seconds_bucket[5m])))',
    by: 'service',
    unit: 'seconds',
    degraded: 0.5,
    failing: 1,
  },
  {
    name: 'joins that succeed',
    section: 'performance',
    query: ownJoins ?? 'gomeet:join_success:ratio_rate5m',
    unit: 'percent',
    degraded: 0.99,
    failing: 0.95,
    below: true,
  },
  {
    name: 'PostgreSQL answers',
    section: 'databases',
    query: 'pg_up',
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'PostgreSQL connections used',
    section: 'databases',
    query: 'sum by (instance) (pg_stat_database_numbackends) / max by (instance) (pg_settings_max_connections)',
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.95,
  },
  {
    name: 'Valkey answers',
    section: 'databases',
    query: 'redis_up',
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'Valkey memory used',
    section: 'databases',
    query: 'redis_memory_used_bytes / (redis_memory_max_bytes > 0)',
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.95,
  },
  {
    name: 'reached from outside',
    section: 'load-balancer',
    query: 'probe_success',
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'days to the end of the certificate served',
    section: 'certificates',
    query: '(probe_ssl_earliest_cert_expiry - time()) / 86400',
    by: 'instance',
    unit: 'count',
    degraded: 30,
    failing: 7,
    below: true,
  },
];

/** Judges one measure. Without a sample, or with nothing but NaN (no traffic), it is unknown. */
export function measured(measure: Measure, part: Part<readonly Sample[]>): readonly Check[] {
  const { section, name } = measure;
  const check = (subject: string, status: Status, saw: string): Check => ({ section, subject, status, saw });
  if ('missing' in part) return [check(name, 'unknown', part.missing)];
  const samples = part.value.filter(({ value }) => Number.isFinite(value));
  if (samples.length === 0) return [check(name, 'unknown', `no data for ${measure.query}`)];
  return samples.map(({ labels, value }) => {
    const subject = measure.by === undefined ? name : `${labels[measure.by] ?? '?'}: ${name}`;
    return check(subject, judged(measure, value), shown(measure.unit, value));
  });
}

function judged({ degraded, failing, below }: Measure, value: number): Status {
  const beyond = (bound: number) => (below ? value < bound : value > bound);
  return beyond(failing) ? 'failing' : beyond(degraded) ? 'degraded' : 'healthy';
}

function shown(unit: Measure['unit'], value: number): string {
  if (unit === 'percent') return `${(value * 100).toFixed(1)} %`;
  return unit === 'seconds' ? `${value.toFixed(3)} s` : String(Math.round(value * 10) / 10);
}
