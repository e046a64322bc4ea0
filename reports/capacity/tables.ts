import Table from 'cli-table3';
import { humanMs } from '../../kernel/duration.ts';
import { formatUsd, sumUsd } from '../../kernel/money.ts';
import type { Calibration } from '../../model/capacity/calibrate.ts';
import type { Comparison } from '../../model/capacity/compare.ts';
import type { fleetHeadroom, Headroom } from '../../model/capacity/headroom.ts';
import { bootLeadMs, joinEarlyMs, overrunMs, type PlanStep } from '../../model/capacity/schedule.ts';
import type { Forecast, PeakRange } from '../../model/forecast/forecast.ts';
import { percent, whole } from '../figures.ts';
import type { BookingIssue } from './booking-issues.ts';
import { localTime } from './text.ts';

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows as text in columns, without colours or lines, so that it can be piped. */
export function columns(rows: readonly (readonly string[])[]): string {
  const table = new Table({ chars: plain, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Whether the CPU of a packet is the platform's own, and how well the line lies. */
export function calibrationRow(calibration: Calibration | undefined): readonly string[] {
  if (calibration === undefined)
    return ['CPU of a packet', "LiveKit's benchmark: 17.8 us, 13.3 to 26.2 by what is sent"];
  if (calibration.kind === 'not-enough-data')
    return ['CPU of a packet', `not enough data to fit (${calibration.says}); LiveKit's benchmark is used: 17.8 us`];
  const { cpu, points, rSquared, residualCores, worstResidualCores, triedPacketsPerSecond } = calibration;
  return [
    'CPU of a packet',
    `${(cpu.secondsPerPacket * 1e6).toFixed(2)} us and ${cpu.idleCores.toFixed(2)} cores idle, fitted to ${whole(points)} points: R² ${rSquared.toFixed(3)}, residuals ${residualCores.toFixed(2)} cores (worst ${worstResidualCores.toFixed(2)}), untried above ${whole(triedPacketsPerSecond)} packets/s`,
  ];
}

/** Headroom now and with one node lost. */
export function headroomRows({ now, oneLost }: ReturnType<typeof fleetHeadroom>): readonly (readonly string[])[] {
  const says = ({ participants, largestMeetings }: Headroom) =>
    `${participants === undefined ? 'unknown, nobody is connected' : `${whole(participants)} participants like those of now`}; ${largestMeetings} meetings of 500`;
  return [
    ['headroom', says(now)],
    ['with one node lost', oneLost === undefined ? 'none: what runs now would not fit on the others' : says(oneLost)],
  ];
}

const range = ({ low, likely, high }: PeakRange, show: (value: number) => string) =>
  `${show(likely)} (${show(low)} to ${show(high)})`;

/** The forecast for people. */
export function forecastText(forecast: Forecast, capacity: string): string {
  if (forecast.kind === 'not-enough-data') return `not enough data: ${forecast.says}`;
  const { backTest, runsOut, growthRatio, historyWeeks, days } = forecast;
  const within = (day: string | undefined) => day ?? 'not within a year';
  const ends =
    runsOut === undefined
      ? 'no capacity was given'
      : 'kind' in runsOut
        ? `not enough data: ${runsOut.says}`
        : `${within(runsOut.likely)} (80 % range: ${within(runsOut.earliest)} to ${within(runsOut.latest)})`;
  const better = backTest.errorRatio < backTest.guessErrorRatio;
  return [
    columns([
      ['history', `${historyWeeks} weeks`],
      ['growth a week', range(growthRatio, percent)],
      [
        'past error',
        `${percent(backTest.errorRatio)} over ${backTest.weeks} weeks; same hour last week: ${percent(backTest.guessErrorRatio)}${better ? '' : ': the guess was better here, so distrust this forecast'}`,
      ],
      ['capacity', capacity],
      ['runs out on', ends],
    ]),
    '',
    columns([
      ['day', 'peak', '80 % range'],
      ...days.map((day) => [day.day, whole(day.likely), `${whole(day.low)} to ${whole(day.high)}`]),
    ]),
  ].join('\n');
}

/** Forecast, provisioned and real peak of each day for people, and how they lay to each other. */
export function compareText(comparison: Comparison, basis: string): string {
  const shown = (value: number | undefined) => (value === undefined ? 'not measured' : whole(value));
  const { days, missRatio, within, forecastDays, short, provisionedRatio } = comparison;
  return [
    columns([
      ['day', 'forecast', '80 % range', 'stood ready', 'real peak', ''],
      ...days.map(({ day, forecast, provisioned, real }) => [
        day,
        forecast === undefined ? 'not enough data' : whole(forecast.likely),
        forecast === undefined ? '' : `${whole(forecast.low)} to ${whole(forecast.high)}`,
        shown(provisioned),
        shown(real),
        real !== undefined && provisioned !== undefined && real > provisioned ? 'short of nodes' : '',
      ]),
    ]),
    '',
    columns([
      [
        'forecast a week ahead',
        missRatio === undefined
          ? 'not enough history to try it'
          : `missed by ${percent(missRatio)} on average; ${within} of ${forecastDays} peaks within the range`,
      ],
      [
        'stood ready',
        provisionedRatio === undefined
          ? 'no day with nodes and people measured'
          : `${provisionedRatio.toFixed(1)} x the peak on average; ${short} days were short of nodes`,
      ],
      ['reckoned with', basis],
    ]),
  ].join('\n');
}

/** The pre-scaling plan for people. */
export function planText(steps: readonly PlanStep[], issues: readonly BookingIssue[], timeZone: string): string {
  const at = (ms: number) => localTime(ms, timeZone);
  const lines =
    steps.length === 0
      ? ["nothing to do: the pool's minimum carries what is booked"]
      : [
          columns([
            ['ask for nodes at', 'serving at', 'until', 'nodes', 'meetings', 'people', 'costs at most', ''],
            ...steps.map((step) => [
              at(step.orderAtMs),
              at(step.servingAtMs),
              at(step.untilMs),
              `${step.nodes}`,
              `${step.meetings}`,
              whole(step.participants),
              formatUsd(step.extraCost),
              step.missingNodes > 0 ? `the pool lacks ${step.missingNodes}` : '',
            ]),
          ]),
          '',
          `${formatUsd(sumUsd(steps.map(({ extraCost }) => extraCost)))} at most, for the nodes above the pool's minimum; ${timeZone} time; ${humanMs(bootLeadMs)} to boot, people come ${humanMs(joinEarlyMs)} early, meetings run ${humanMs(overrunMs)} over`,
        ];
  if (issues.length > 0) lines.push('', `${issues.length} findings about the bookings:`);
  for (const { at: place, reason } of issues.slice(0, 20)) lines.push(`  ${place}: ${reason}`);
  if (issues.length > 20) lines.push(`  and ${issues.length - 20} more (--format json has all)`);
  return lines.join('\n');
}
