import { sloAlerts } from '../../../alerts/slo/index.ts';
import { alertNamed, fired, fires, type Proof, proves, silent } from '../scenario.ts';

/** For so many minutes, so many of 1,000 things go wrong. */
type Phase = readonly [minutes: number, badPerMille: number];
/** Of so many things each two minutes, as the phases say. */
type Series = (things: number, ...phases: readonly Phase[]) => Readonly<Record<string, string>>;

const sfu = 'job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER"';
const gateway = 'job="traefik", instance="t1:8082", pod="traefik-1", method="GET", entrypoint="websecure"';

/** Two values still fall into the five minutes over which rates are taken. */
const interval = '2m';

/** A counter that grows by what each phase says, two minutes a step. */
function grows(things: number, phases: readonly Phase[], perMille: (bad: number) => number): string {
  let count = 0;
  return phases
    .map(([minutes, bad]) => {
      const step = (things * perMille(bad)) / 1_000;
      const from = count + step;
      count += (step * minutes) / 2;
      return `${from}+${step}x${minutes / 2 - 1}`;
    })
    .join(' ');
}
const both =
  (good: string, bad: string): Series =>
  (things, ...phases) => ({
    [good]: grows(things, phases, (perMille) => 1_000 - perMille),
    [bad]: grows(things, phases, (perMille) => perMille),
  });
const histogram =
  (name: string, labels: string, le: string, goodBelow: boolean): Series =>
  (things, ...phases) => ({
    [`${name}_bucket{${labels}, le="${le}"}`]: grows(things, phases, (bad) => (goodBelow ? 1_000 - bad : bad)),
    [`${name}_count{${labels}}`]: grows(things, phases, () => 1_000),
  });

/** The budgets stand here a second time, as figures: things of a thousand that may go wrong, and how many must in an hour before anybody is woken. */
const cases: readonly {
  readonly name: string;
  readonly budget: number;
  readonly least: number;
  readonly series: Series;
  readonly fixed: `${string} ${string}`;
}[] = [
  {
    name: 'JoinSuccess',
    budget: 10,
    least: 10,
    series: both(
      `livekit_participant_join_total{${sfu}, state="rtc_success"}`,
      `livekit_participant_join_total{${sfu}, state="rtc_failure"}`,
    ),
    fixed: 'media livekit-sfu',
  },
  {
    name: 'MediaQuality',
    budget: 50,
    least: 7_200,
    series: histogram('livekit_quality_score', sfu, '3.5', false),
    fixed: 'media livekit-sfu',
  },
  {
    name: 'ApiAvailability',
    budget: 1,
    least: 30,
    series: both(
      `traefik_entrypoint_requests_total{${gateway}, protocol="http", code="200"}`,
      `traefik_entrypoint_requests_total{${gateway}, protocol="http", code="503"}`,
    ),
    fixed: 'api traefik',
  },
  {
    name: 'ApiLatency',
    budget: 10,
    least: 30,
    series: histogram(
      'traefik_entrypoint_request_duration_seconds',
      `${gateway}, protocol="http", code="200"`,
      '1.2',
      true,
    ),
    fixed: 'api traefik',
  },
  {
    name: 'SignallingLatency',
    budget: 10,
    least: 10,
    series: histogram('livekit_session_join_latency_ms', `${sfu}, protocol_version="16"`, '2275.8459260747895', true),
    fixed: 'media livekit-sfu',
  },
  {
    name: 'RecordingSuccess',
    budget: 10,
    least: 3,
    series: both(
      'gomeet_recordings_total{job="livekit-exporter", instance="e1:9482", result="complete"}',
      'gomeet_recordings_total{job="livekit-exporter", instance="e1:9482", result="failed"}',
    ),
    fixed: 'media livekit-recorder',
  },
];

const asPercent = (perMille: number) => Number((perMille / 10).toPrecision(4));

/** Hours without fault before what a scenario is about, so that the windows of hours see little. */
const quiet: Phase = [420, 0];

export const proofs: readonly Proof[] = cases.flatMap(({ name, budget, least, series: of, fixed }) => {
  const fast = alertNamed(`${name}BurnsFast`, sloAlerts);
  const slow = alertNamed(`${name}BurnsSlowly`, sloAlerts);
  /** A phase in which the budget goes so many times too fast. */
  const burns = (minutes: number, times: number): Phase => [minutes, Number((budget * times).toPrecision(6))];
  const series = (...phases: readonly Phase[]) => of(1_000, ...phases);
  const words = (times: number) =>
    `${asPercent(budget * times)}% failed of late; ${asPercent(budget)} % may in 30 days.`;
  const fastAt = (times: number) => [fired(fast, `critical ${fixed}`, {}, words(times))];
  /** For two hours sixteen times too many of so few that this share of what wakes somebody fails in an hour. */
  const few = (share: number) => of((share * least * 1_000) / (30 * 16 * budget), burns(120, 16));
  return [
    proves(fast, {
      'it fires within minutes when more than six times the budget goes for hours': fires(
        series(burns(60, 6.6)),
        ['2m', '20m'],
        fastAt(6.6),
        interval,
      ),
      'it fires when sixteen times the budget goes for an hour, and not before the hour agrees': fires(
        series(quiet, burns(120, 16)),
        ['450m', '490m'],
        fastAt(16),
        interval,
      ),
      'it stays silent while five times the budget goes': silent(series(burns(240, 5)), '3h', interval),
      'it stays silent while the last minutes are too bad and the hour is not': silent(
        series(quiet, burns(70, 13), burns(12, 18)),
        '500m',
        interval,
      ),
      'it stays silent once the last minutes are better, though the hour was too bad': silent(
        series(quiet, burns(70, 17), burns(12, 13)),
        '500m',
        interval,
      ),
      'it stays silent while the last half hour is too bad and six hours are not': silent(
        series(burns(420, 5.2), burns(42, 8)),
        '460m',
        interval,
      ),
      'it stays silent once the last half hour is better, though six hours were too bad': silent(
        series(burns(420, 7), burns(42, 5.4)),
        '460m',
        interval,
      ),
      'it stays silent while everything fails for two minutes after hours without fault': silent(
        series(quiet, [10, 1_000]),
        '422m',
        interval,
      ),
      'it wakes somebody for a few more than are enough, and nobody for a few less': [
        fires(few(1.1), ['2m', '90m'], fastAt(16), interval),
        silent(few(0.9), '90m', interval),
      ],
      'it stays silent without data': silent({}, '3h', interval),
    }),
    proves(slow, {
      'it fires after an hour in which the budget goes a little too fast': fires(
        series(burns(120, 1.1)),
        ['1h', '70m'],
        [fired(slow, `warning ${fixed}`, {}, words(1.1))],
        interval,
      ),
      'it stays silent while the budget lasts': silent(series(burns(300, 0.9)), '4h', interval),
      'it stays silent while six hours are too bad and three days are not': silent(
        series(burns(720, 0.6), burns(392, 1.3)),
        '1110m',
        interval,
      ),
      'it stays silent once six hours are better, though three days were too bad': silent(
        series(burns(720, 1.3), burns(422, 0.9)),
        '1140m',
        interval,
      ),
      'it stays silent without data': silent({}, '3h', interval),
    }),
  ];
});
