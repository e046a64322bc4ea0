import { formatUsd } from '../../kernel/money.ts';
import type { Forecast } from '../../model/forecast/forecast.ts';
import { percent, whole } from '../figures.ts';
import type { MonthlyReport } from './report.ts';
import type { Table } from './table.ts';
import { figure } from './words.ts';

/** How full each limit was, and when it will be reached. */
export function limitTable({ capacity }: MonthlyReport): Table {
  return {
    title: 'Limits',
    columns: ['Limit', 'Peak', 'Of', 'Used', 'Reached (likely)', 'Earliest (90 %)', 'Decide by', 'Note'],
    rows: capacity.constraints.map((one) => {
      const { reaches } = one;
      const when =
        reaches.kind === 'reached'
          ? 'already'
          : reaches.kind === 'not-enough-data'
            ? 'not enough data'
            : (one.likelyOn ?? 'not within a year');
      return [
        one.name,
        figure(one.peak),
        `${figure(one.limit)} ${one.unit}`,
        percent(one.usedRatio),
        when,
        reaches.kind === 'dates' ? (one.earliestOn ?? 'not within a year') : '',
        one.decideBy ?? '',
        reaches.kind === 'not-enough-data' ? reaches.says : (one.note ?? ''),
      ];
    }),
    none: 'No limit was measured.',
  };
}

/** What the SFU pool carries, and how the forecast did. */
export function peopleTable({ capacity }: MonthlyReport): Table {
  const { comparison, forecast, nextThousand } = capacity;
  return {
    title: 'People and nodes',
    columns: ['What', 'Figure', 'Note'],
    rows: [
      ['largest peak', whole(capacity.largestPeak), 'people at once'],
      [
        'the pool at its maximum carries',
        capacity.capacityParticipants === 0 ? 'unknown' : whole(capacity.capacityParticipants),
        `${capacity.mix}; one ${capacity.size} lost; ${whole(capacity.participantsPerNode)} a node`,
      ],
      ...forecastRows(forecast),
      ...(comparison === undefined
        ? []
        : [
            [
              'forecast a week ahead',
              percent(comparison.missRatio),
              comparison.forecastDays === 0
                ? 'not enough history to try it'
                : `mean miss; ${comparison.within} of ${comparison.forecastDays} days within the range`,
            ],
            [
              'stood ready',
              comparison.provisionedRatio === undefined
                ? 'no data'
                : `${comparison.provisionedRatio.toFixed(1)} x the peak`,
              `${comparison.short} days were short of nodes`,
            ],
          ]),
      ...(nextThousand === undefined
        ? []
        : [
            [
              'another 1,000 people at the peak',
              `${nextThousand.nodes.toFixed(1)} nodes`,
              `${formatUsd(nextThousand.monthly)} a month if they stand all of it`,
            ],
          ]),
    ],
    none: '',
  };
}

function forecastRows(forecast: Forecast): string[][] {
  if (forecast.kind === 'not-enough-data') return [['growth', 'not enough data', forecast.says]];
  const { growthRatio, runsOut, backTest } = forecast;
  const ends =
    runsOut === undefined
      ? ['unknown', 'no capacity is known']
      : 'kind' in runsOut
        ? ['not enough data', runsOut.says]
        : [
            runsOut.likely ?? 'not within a year',
            runsOut.earliest === undefined
              ? 'nor at the early end of the 80 % range'
              : `80 % range ${runsOut.earliest} to ${runsOut.latest ?? 'not within a year'}`,
          ];
  return [
    [
      'growth a week',
      percent(growthRatio.likely),
      `80 % range ${percent(growthRatio.low)} to ${percent(growthRatio.high)}; past error ${percent(backTest.errorRatio)}, same hour last week ${percent(backTest.guessErrorRatio)}`,
    ],
    ['the pool runs out on', ...ends],
  ];
}

/** Service levels, incidents, and what the responder did. */
export function reliabilityTables({ input }: MonthlyReport): readonly Table[] {
  const { reliability } = input;
  const none = "The responder's journal was not read.";
  return [
    {
      title: 'Service levels',
      columns: ['Objective', 'Wanted', 'Attained', 'Error budget left'],
      rows:
        reliability?.slos.map(({ name, objectiveRatio, attainedRatio, budgetLeftRatio }) => [
          name,
          share(objectiveRatio),
          share(attainedRatio),
          percent(budgetLeftRatio),
        ]) ?? [],
      none: 'No service level was measured.',
    },
    {
      title: 'Incidents',
      columns: ['Incident', 'Severity', 'Opened (UTC)', 'Lasted', 'Acknowledged in', 'Impaired participant-minutes'],
      rows:
        reliability?.incidents.map((one) => [
          one.title,
          one.severity,
          new Date(one.openedAtMs).toISOString().slice(0, 16).replace('T', ' '),
          one.closedAtMs === undefined ? 'still open' : minutes((one.closedAtMs - one.openedAtMs) / 1_000),
          one.acknowledgeSeconds === undefined ? 'not by a person' : minutes(one.acknowledgeSeconds),
          whole(one.impairedParticipantMinutes),
        ]) ?? [],
      none: reliability === undefined ? none : 'No incident was opened.',
    },
    {
      title: 'What automation did',
      columns: ['Action', 'Taken', 'Verified', 'Did not help'],
      rows:
        reliability === undefined
          ? []
          : [
              ...reliability.acts.map(({ action, acted, verified, notImproved }) => [
                action,
                String(acted),
                String(verified),
                String(notImproved),
              ]),
              ['incidents closed without a person', String(reliability.closedAlone), '', ''],
            ],
      none,
    },
    {
      title: 'What automation refused',
      columns: ['Reason', 'Times', 'Not spent an hour'],
      rows:
        reliability?.refusals.map(({ reason, count, costPerHour }) => [
          reason,
          String(count),
          costPerHour === undefined ? '' : formatUsd(costPerHour),
        ]) ?? [],
      none: reliability === undefined ? none : 'Nothing was refused.',
    },
  ];
}

function share(ratio: number | undefined): string {
  return ratio === undefined ? 'no data' : `${(ratio * 100).toFixed(2)} %`;
}

function minutes(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5_400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3_600).toFixed(1)} h`;
}
