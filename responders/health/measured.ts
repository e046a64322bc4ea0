import { maxErrorPercent } from '../../alerts/catalogue/high-error-rate.ts';
import { maxGatewayErrorRatio } from '../../alerts/catalogue/high-error-rate-critical.ts';
import { maxResponseSeconds } from '../../alerts/catalogue/high-response-time.ts';
import { maxJoinFailureRatio } from '../../alerts/catalogue/join-failures-high.ts';
import { maxNodeCpuRatio } from '../../alerts/catalogue/node-cpu-high.ts';
import { maxConnectionRatio } from '../../alerts/catalogue/postgres-connections-high.ts';
import { joinRules } from '../../alerts/recording/joins.ts';
import { blackboxMetrics as blackbox } from '../../exporters/metrics/blackbox.ts';
import { nodeMetrics as node } from '../../exporters/metrics/node.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
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

const requests = (codes = '') => `sum by (service) (rate(${traefik.serviceRequests.name}${codes}[5m]))`;

/** The script's bounds, CPU 70/90, memory 80/95, disk 80/90 %, latency 0.5/1 s, errors 5/10 %, certificates 30/7 days; those that an alert has as well are the alert's own, and no alert fires while its measure is healthy. */
export const measures: readonly Measure[] = [
  {
    name: 'node CPU',
    section: 'resources',
    query: `1 - avg by (instance) (rate(${node.cpuSeconds.name}{mode="idle"}[5m]))`,
    by: 'instance',
    unit: 'percent',
    degraded: 0.7,
    failing: maxNodeCpuRatio,
  },
  {
    name: 'node memory',
    section: 'resources',
    query: `1 - ${node.memoryAvailable.name} / ${node.memoryTotal.name}`,
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.95,
  },
  {
    name: 'node disk',
    section: 'resources',
    query: `1 - ${node.diskFree.name}{mountpoint="/"} / ${node.diskSize.name}{mountpoint="/"}`,
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.9,
  },
  {
    name: 'errors',
    section: 'performance',
    // Where nothing failed yet there is no series of failures: that is no error, not no data.
    query: `(${requests('{code=~"5.."}')} or 0 * ${requests()}) / ${requests()}`,
    by: 'service',
    unit: 'percent',
    degraded: maxErrorPercent / 100,
    failing: maxGatewayErrorRatio,
  },
  {
    name: 'latency, 95 %',
    section: 'performance',
    query: `histogram_quantile(0.95, sum by (service, le) (rate(${traefik.serviceDuration.name}_bucket[5m])))`,
    by: 'service',
    unit: 'seconds',
    degraded: 0.5,
    failing: maxResponseSeconds,
  },
  {
    name: 'joins that succeed',
    section: 'performance',
    query: joinRules.success.record,
    unit: 'percent',
    degraded: 0.99,
    failing: 1 - maxJoinFailureRatio,
    below: true,
  },
  {
    name: 'PostgreSQL answers',
    section: 'databases',
    query: pg.up.name,
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'PostgreSQL connections used',
    section: 'databases',
    query: `sum by (instance) (${pg.backends.name}) / max by (instance) (${pg.maxConnections.name})`,
    by: 'instance',
    unit: 'percent',
    degraded: maxConnectionRatio,
    failing: 0.95,
  },
  {
    name: 'Valkey answers',
    section: 'databases',
    query: redis.up.name,
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'Valkey memory used',
    section: 'databases',
    query: `${redis.memoryUsed.name} / (${redis.memoryMax.name} > 0)`,
    by: 'instance',
    unit: 'percent',
    degraded: 0.8,
    failing: 0.95,
  },
  {
    name: 'reached from outside',
    section: 'load-balancer',
    query: blackbox.success.name,
    by: 'instance',
    unit: 'count',
    degraded: 1,
    failing: 1,
    below: true,
  },
  {
    name: 'days to the end of the certificate served',
    section: 'certificates',
    query: `(${blackbox.certificateEnd.name} - time()) / 86400`,
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
