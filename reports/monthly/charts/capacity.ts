import type { TopLevelSpec } from 'vega-lite';
import { whole } from '../../figures.ts';
import type { MonthlyReport } from '../report.ts';
import { figure } from '../words.ts';
import { chart, ink, onWhite } from './theme.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** How many people are there at which hour of the week, in the zone of the report. */
export function heatMap({ capacity }: MonthlyReport): TopLevelSpec | undefined {
  if (capacity.heat.length === 0) return undefined;
  const values = capacity.heat.map(({ weekday, hour, mean }) => ({
    day: weekdays[weekday - 1] ?? '',
    hour,
    people: Math.round(mean),
  }));
  return chart(
    'People by weekday and hour',
    { widthPx: 470, heightPx: 220 },
    {
      data: { values },
      mark: { type: 'rect', cornerRadius: 1 },
      encoding: {
        x: {
          field: 'hour',
          type: 'ordinal',
          axis: {
            title: 'hour of the day',
            labelAngle: 0,
            ticks: false,
            domain: false,
            values: [0, 3, 6, 9, 12, 15, 18, 21],
          },
        },
        y: { field: 'day', type: 'ordinal', sort: weekdays, axis: { title: null, ticks: false, domain: false } },
        color: {
          field: 'people',
          type: 'quantitative',
          scale: { range: ['#eef3fb', '#0f3f99'] },
          legend: { orient: 'right', format: ',.0f', tickCount: 4, gradientLength: 130 },
        },
      },
    },
  );
}

/** How much of each limit the month's peak took. */
export function bullets({ capacity }: MonthlyReport): TopLevelSpec | undefined {
  const values = capacity.constraints
    .filter(({ usedRatio }) => usedRatio !== undefined)
    .map(({ name, usedRatio = 0, peak, limit, unit }, order) => ({
      name,
      used: Math.min(1.15, usedRatio),
      order,
      label: `${figure(peak)} of ${figure(limit)} ${unit}`,
      state: usedRatio >= 0.9 ? 'tight' : usedRatio >= 0.7 ? 'watch' : 'room',
    }));
  if (values.length === 0) return undefined;
  const y = {
    field: 'name',
    type: 'nominal',
    sort: values.map(({ name }) => name),
    axis: { title: null, labelLimit: 340, labelColor: ink.ink, ticks: false, domain: false },
  } as const;
  const x = {
    field: 'used',
    type: 'quantitative',
    scale: { domain: [0, 1.5] },
    axis: { title: null, format: '.0%', values: [0, 0.25, 0.5, 0.75, 1] },
  } as const;
  return chart(
    'What the peak took of each limit',
    { widthPx: 960, heightPx: 40 + 30 * values.length },
    {
      data: { values },
      layer: [
        { mark: { type: 'bar', color: '#eef1f5', height: 18 }, encoding: { x: { datum: 1, type: 'quantitative' }, y } },
        {
          mark: { type: 'bar', height: 10, cornerRadius: 2 },
          encoding: {
            x,
            y,
            color: {
              field: 'state',
              type: 'nominal',
              legend: null,
              scale: { domain: ['room', 'watch', 'tight'], range: [ink.good, ink.amber, ink.danger] },
            },
          },
        },
        {
          mark: { type: 'rule', color: ink.danger, strokeWidth: 1.4 },
          encoding: { x: { datum: 1, type: 'quantitative' } },
        },
        {
          mark: { type: 'text', align: 'left', dx: 8, fontSize: 11, color: ink.faint },
          encoding: { x: { datum: 1, type: 'quantitative' }, y, text: { field: 'label' } },
        },
      ],
    },
  );
}

/** Peaks that came, peaks that will, what stood ready, and what the pool can hold. */
export function peaks({ capacity }: MonthlyReport): TopLevelSpec | undefined {
  const { comparison, forecast, capacityParticipants } = capacity;
  const past = (comparison?.days ?? []).map(({ day, real, provisioned, forecast: was }) => ({
    day: Date.parse(day),
    real: real ?? null,
    provisioned: provisioned ?? null,
    likely: was?.likely ?? null,
    low: was?.low ?? null,
    high: was?.high ?? null,
  }));
  const ahead =
    forecast.kind === 'forecast'
      ? forecast.days.map(({ day, low, likely, high }) => ({ day: Date.parse(day), low, likely, high }))
      : [];
  if (past.length === 0 && ahead.length === 0) return undefined;
  const x = {
    field: 'day',
    type: 'temporal',
    scale: { type: 'utc' },
    axis: { title: null, format: '%-d %b', tickCount: 10, grid: false },
  } as const;
  const y = { type: 'quantitative', axis: { title: null, format: '~s', tickCount: 5 } } as const;
  const bands = [...past.filter(({ low }) => low !== null), ...ahead];
  const limit =
    capacityParticipants > 0
      ? [
          {
            data: { values: [{ limit: capacityParticipants }] },
            mark: { type: 'rule', color: ink.danger, strokeDash: [6, 4], strokeWidth: 1.4 },
            encoding: { y: { field: 'limit', ...y } },
          },
          ...onWhite({
            data: {
              values: [
                {
                  limit: capacityParticipants,
                  label: `the pool's maximum carries ${whole(capacityParticipants)}, one node lost`,
                },
              ],
            },
            mark: { type: 'text', align: 'left', dx: 4, dy: -9, color: ink.danger, fontSize: 11 },
            encoding: { x: { value: 0 }, y: { field: 'limit', ...y }, text: { field: 'label' } },
          }),
        ]
      : [];
  const series = [
    { name: 'real peak', colour: ink.ink },
    { name: 'ready for it', colour: ink.good },
    { name: 'forecast, 80 % range', colour: ink.accent },
  ];
  const colour = (name: string) => ({
    datum: name,
    type: 'nominal',
    scale: { domain: series.map((one) => one.name), range: series.map((one) => one.colour) },
    legend: { orient: 'top', labelLimit: 0 },
  });
  return chart(
    'Peaks of people: real, ready for, forecast',
    { widthPx: 960, heightPx: 260 },
    {
      layer: [
        {
          data: { values: bands },
          mark: { type: 'area', color: ink.soft, interpolate: 'step', opacity: 0.8 },
          encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        {
          data: { values: past },
          mark: { type: 'line', interpolate: 'step', strokeWidth: 1.6 },
          encoding: { x, y: { field: 'provisioned', ...y }, color: colour('ready for it') },
        },
        {
          data: { values: bands },
          mark: { type: 'line', interpolate: 'step', strokeWidth: 1.2, strokeDash: [4, 2] },
          encoding: { x, y: { field: 'likely', ...y }, color: colour('forecast, 80 % range') },
        },
        {
          data: { values: past },
          mark: { type: 'circle', size: 40, opacity: 1 },
          encoding: { x, y: { field: 'real', ...y }, color: colour('real peak') },
        },
        ...limit,
      ],
    },
  );
}
