import { objectiveAlerts } from '../../../alerts/slo/alerts.ts';
import { apiAvailability } from '../../../alerts/slo/api-availability.ts';
import { apiLatency } from '../../../alerts/slo/api-latency.ts';
import type { Objective } from '../../../alerts/slo/define.ts';
import { joinSuccess } from '../../../alerts/slo/join-success.ts';
import { mediaQuality } from '../../../alerts/slo/media-quality.ts';
import { recordingSuccess } from '../../../alerts/slo/recording-success.ts';
import { signallingLatency } from '../../../alerts/slo/signalling-latency.ts';
import { fired, fires, type Proof, proves, silent } from '../scenario.ts';

/** Series in which `bad` of 1,000 things a minute go wrong: for four hours `first`, then `then`. */
type Series = (first: number, then: number) => Readonly<Record<string, string>>;

const sfu = 'job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER"';
const gateway = 'job="traefik", instance="t1:8082", pod="traefik-1", method="GET", entrypoint="websecure"';
const steps = 240;
const grows = (first: number, then: number) => `0+${first}x${steps} ${first * steps + then}+${then}x600`;
const both =
  (good: string, bad: string): Series =>
  (first, then) => ({
    [good]: grows(1_000 - first, 1_000 - then),
    [bad]: grows(first, then),
  });
const histogram = (name: string, labels: string, le: string, goodBelow: boolean): Series => {
  const below = (bad: number) => (goodBelow ? 1_000 - bad : bad);
  return (first, then) => ({
    [`${name}_bucket{${labels}, le="${le}"}`]: grows(below(first), below(then)),
    [`${name}_count{${labels}}`]: grows(1_000, 1_000),
  });
};

const cases: readonly { objective: Objective; series: Series; fixed: string }[] = [
  {
    objective: joinSuccess,
    series: both(
      `livekit_participant_join_total{${sfu}, state="rtc_success"}`,
      `livekit_participant_join_total{${sfu}, state="rtc_failure"}`,
    ),
    fixed: 'media livekit-sfu',
  },
  {
    objective: mediaQuality,
    series: histogram('livekit_quality_score', sfu, '3.5', false),
    fixed: 'media livekit-sfu',
  },
  {
    objective: apiAvailability,
    series: both(
      `traefik_entrypoint_requests_total{${gateway}, protocol="http", code="200"}`,
      `traefik_entrypoint_requests_total{${gateway}, protocol="http", code="503"}`,
    ),
    fixed: 'api traefik',
  },
  {
    objective: apiLatency,
    series: histogram(
      'traefik_entrypoint_request_duration_seconds',
      `${gateway}, protocol="http", code="200"`,
      '1.2',
      true,
    ),
    fixed: 'api traefik',
  },
  {
    objective: signallingLatency,
    series: histogram('livekit_session_join_latency_ms', `${sfu}, protocol_version="16"`, '2275.8459260747895', true),
    fixed: 'media livekit-sfu',
  },
  {
    objective: recordingSuccess,
    series: both(
      'livekit_egress_handler_results_total{job="livekit-recorder", node_id="EG_a", cluster_id="", type="room_composite", result="success"}',
      'livekit_egress_handler_results_total{job="livekit-recorder", node_id="EG_a", cluster_id="", type="room_composite", result="failure"}',
    ),
    fixed: 'media livekit-recorder',
  },
];

const percent = (perMille: number) => `${Number((perMille / 10).toPrecision(4))}% failed.`;

export const proofs: readonly Proof[] = cases.flatMap(({ objective, series, fixed }) => {
  const [fast, slow] = objectiveAlerts(objective);
  if (fast === undefined || slow === undefined) throw new TypeError(`${objective.name} has no two alerts`);
  /** Things of a thousand that are exactly the budget. */
  const budget = (1 - objective.objective) * 1_000;
  const shareFor = (times: number) => Math.min(1_000, Math.round(budget * times * 100) / 100);
  return [
    proves(fast, {
      'it fires within minutes when more than six times the budget goes for hours': fires(
        series(shareFor(7), shareFor(7)),
        ['2m', '20m'],
        [fired(fast, `critical ${fixed}` as `${string} ${string} ${string}`, {}, percent(shareFor(7)))],
        '1m',
      ),
      'it stays silent while less goes, and once it is over': [
        silent(series(shareFor(5), shareFor(5)), '3h', '1m'),
        silent(series(shareFor(7), 0), '6h', '1m'),
      ],
      'it stays silent while everything fails for two minutes after hours without fault': silent(
        series(0, 1_000),
        '4h2m',
        '1m',
      ),
      'it stays silent without data': silent({}, '3h', '1m'),
    }),
    proves(slow, {
      'it fires after an hour in which the budget goes a little too fast': fires(
        series(shareFor(1.1), shareFor(1.1)),
        ['1h', '70m'],
        [fired(slow, `warning ${fixed}` as `${string} ${string} ${string}`, {}, percent(shareFor(1.1)))],
        '1m',
      ),
      'it stays silent while the budget lasts': silent(series(shareFor(0.9), shareFor(0.9)), '4h', '1m'),
      'it stays silent without data': silent({}, '3h', '1m'),
    }),
  ];
});
