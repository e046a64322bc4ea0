import { forecastPeaks } from '../forecast/forecast.ts';
import { dayOf, hoursPerWeek, type TrafficGrid } from '../forecast/grid.ts';

/** One day: the peak that was forecast up to a week before, what stood ready for it, and the peak that came. */
export interface ComparedDay {
  readonly day: string;
  /** Undefined where there was not enough history. */
  readonly forecast: { readonly low: number; readonly likely: number; readonly high: number } | undefined;
  /** Participants that the nodes of the day could carry; undefined where they were not counted. */
  readonly provisioned: number | undefined;
  readonly real: number | undefined;
}

/** How forecast, provisioning and reality lay to each other. */
export interface Comparison {
  readonly days: readonly ComparedDay[];
  /** Mean miss of the forecast over the real peak; undefined where nothing could be compared. */
  readonly missRatio: number | undefined;
  /** Days whose peak lay within the forecast's range, of those that had one. */
  readonly within: number;
  readonly forecastDays: number;
  /** Days whose peak was above what stood ready. */
  readonly short: number;
  /** Mean of what stood ready over the peak. */
  readonly provisionedRatio: number | undefined;
}

/** Compares the days of the last whole weeks of the grid, each week forecast from the hours before it alone. */
export function comparePeaks(
  grid: TrafficGrid,
  options: { readonly weeks: number; readonly provisioned: (day: string) => number | undefined },
): Comparison {
  const daysThere = grid.hours.length / 24;
  const weeks = Math.min(options.weeks, Math.floor(daysThere / 7));
  const days: ComparedDay[] = [];
  for (let ago = weeks; ago >= 1; ago--) {
    const origin = grid.hours.length - ago * hoursPerWeek;
    const known = forecastPeaks(
      { ...grid, hours: grid.hours.slice(0, origin) },
      { days: 7, capacityParticipants: undefined },
    );
    for (let ahead = 0; ahead < 7; ahead++) {
      const day = dayOf(grid, origin / 24 + ahead);
      const measured = grid.hours
        .slice(origin + ahead * 24, origin + (ahead + 1) * 24)
        .filter((value) => value !== undefined);
      const forecast = known.kind === 'forecast' ? known.days[ahead] : undefined;
      days.push({
        day,
        forecast: forecast && { low: forecast.low, likely: forecast.likely, high: forecast.high },
        provisioned: options.provisioned(day),
        // A day of which less than three quarters was measured may have hidden its peak.
        real: measured.length < 18 ? undefined : Math.max(...measured),
      });
    }
  }
  return { days, ...summary(days) };
}

function summary(days: readonly ComparedDay[]): Omit<Comparison, 'days'> {
  const both = days.flatMap(({ forecast, real }) =>
    forecast === undefined || real === undefined || real <= 0 ? [] : [{ ...forecast, real }],
  );
  const ready = days.flatMap(({ provisioned, real }) =>
    provisioned === undefined || real === undefined || real <= 0 ? [] : [{ provisioned, real }],
  );
  const mean = (values: readonly number[]) =>
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    missRatio: mean(both.map(({ likely, real }) => Math.abs(likely - real) / real)),
    within: both.filter(({ low, high, real }) => real >= low && real <= high).length,
    forecastDays: both.length,
    short: ready.filter(({ provisioned, real }) => real > provisioned).length,
    provisionedRatio: mean(ready.map(({ provisioned, real }) => provisioned / real)),
  };
}
