import type { Metrics, Sample } from '../ports.ts';
import type { Watched } from './verdict.ts';

/** Which series are of one version: a Service of the gateway, or the pods of an SFU Deployment. */
export type Side =
  | { readonly kind: 'http'; readonly service: string }
  | { readonly kind: 'sfu'; readonly deployment: string; readonly without?: string }
  | { readonly kind: 'pods'; readonly pods: readonly string[] };

/** A window shorter than this holds too few scrapes to count by. */
export const minWindowSeconds = 60;

/** What one version did over the last `seconds`; undefined when Prometheus has nothing of it. */
export async function watch(metrics: Metrics, side: Side, seconds: number): Promise<Watched | undefined> {
  if (side.kind === 'pods' && side.pods.length === 0) return undefined;
  const { requests, errors, latency } = queries(side, Math.max(minWindowSeconds, Math.round(seconds)));
  const [all, failed, slow] = await Promise.all([
    metrics.query(requests),
    metrics.query(errors),
    metrics.query(latency),
  ]);
  const count = only(all);
  if (count === undefined) return undefined;
  return { requests: count, errors: only(failed) ?? 0, latencySeconds: only(slow) };
}

function only([sample]: readonly Sample[]): number | undefined {
  return sample !== undefined && Number.isFinite(sample.value) ? sample.value : undefined;
}

/** The queries of a side: how many, how many failed, and how slow or how bad. */
export function queries(side: Side, seconds: number): { requests: string; errors: string; latency: string } {
  if (side.kind === 'http') {
    // Traefik names a Kubernetes Service namespace-name-port@kubernetes…; the port keeps `auth-service` apart from `auth-service-canary`.
    const of = `service=~".+-${side.service}-[a-z0-9]+@kubernetes.*"`;
    const count = (more = '') => `sum(${grown(`traefik_service_requests_total{${of}${more}}`, seconds)})`;
    return {
      requests: count(),
      errors: count(', code=~"5.."'),
      latency: `histogram_quantile(0.95, sum by (le) (rate(traefik_service_request_duration_seconds_bucket{${of}}[${seconds}s])))`,
    };
  }
  const of =
    side.kind === 'pods'
      ? `pod=~"${side.pods.join('|')}"`
      : `pod=~"${side.deployment}-[a-z0-9]+-[a-z0-9]+"${side.without === undefined ? '' : `, pod!~"${side.without}-.+"`}`;
  const joins = (states: string) =>
    `sum(${grown(`livekit_participant_join_total{${of}, state=~"${states}"}`, seconds)})`;
  return {
    requests: joins('rtc_success|rtc_failure'),
    errors: joins('rtc_failure'),
    // Share of bad quality samples in the place of seconds: what a slow answer is to HTTP, a bad picture is to a call.
    latency: `sum(increase(livekit_quality_score_bucket{${of}, le="3.5"}[${seconds}s])) / sum(increase(livekit_quality_score_count{${of}}[${seconds}s]))`,
  };
}

/** What counters grew by. A series that begins in the window counts whole: of a new version's first errors `increase` alone would see nothing. */
function grown(series: string, seconds: number): string {
  return `(${series} unless ${series} offset ${seconds}s) or increase(${series}[${seconds}s])`;
}
