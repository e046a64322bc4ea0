import { duration } from '../../kernel/duration.ts';
import { type Alert, defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';
import { budgetLeft, budgetOf, errorRatio, failedInHour, type Objective, type Window } from './define.ts';

/** How many times faster than allowed a budget burns: at 14.4 two hundredths of a month go in an hour, at 6 five hundredths in six hours, at 1 a tenth in three days (SRE workbook, chapter 5). */
export const burnRates = { hour: 14.4, sixHours: 6, threeDays: 1 } as const;

/** The two alerts of an objective: one that wakes somebody, one that makes a ticket. Each asks a long window whether it matters and a short one whether it still goes on. */
export function objectiveAlerts(objective: Objective): readonly Alert[] {
  const burns = (long: Window, short: Window, rate: number) => {
    const limit = limitOf(objective, rate);
    return `(${errorRatio(objective, long)} > ${limit} and ${errorRatio(objective, short)} > ${limit})`;
  };
  const { hour, sixHours, threeDays } = burnRates;
  return [
    {
      ...common(objective, {
        window: '1h',
        // Whichever of the two windows fires, an hour of it is beyond this.
        rate: sixHours,
        pace: `At the pace of the last hour these are used up within two days, or at that of the last six hours within five; and at least ${objective.leastAnHour} failed in the last hour.`,
      }),
      name: `${objective.name}BurnsFast`,
      expr: `(${burns('1h', '5m', hour)}\nor ${burns('6h', '30m', sixHours)})\nand ${failedInHour(objective)} >= ${objective.leastAnHour}`,
      for: duration('2m'),
      severity: 'critical' as const,
      summary: `${objective.promise}: the budget of the month goes within days`,
      mode: 'auto' as const,
      escalateAfter: duration('10m'),
      mitigation: [declareIncident(2, 'the promise is being broken for many.'), callThePersonOnCall],
    },
    {
      ...common(objective, {
        window: '3d',
        rate: threeDays,
        pace: 'At the pace of the last three days, and still of the last six hours, they will not last the month.',
      }),
      name: `${objective.name}BurnsSlowly`,
      expr: burns('3d', '6h', threeDays),
      for: duration('1h'),
      severity: 'warning' as const,
      summary: `${objective.promise}: the budget of the month will not last`,
      mode: 'suggest' as const,
      escalateAfter: duration('1d'),
      mitigation: [callThePersonOnCall],
    },
  ].map(({ mode, escalateAfter, signal, mitigation, runbook, ...rest }) =>
    defineAlert({ ...rest, runbook: { ...runbook, mitigation }, response: { mode, escalateAfter, signal } }),
  );
}

/** Share of failures at which a budget burns so many times faster than allowed. */
function limitOf(objective: Objective, rate: number): number {
  return Number((rate * budgetOf(objective)).toPrecision(6));
}

function common(
  objective: Objective,
  { window, rate, pace }: { readonly window: Window; readonly rate: number; readonly pace: string },
) {
  const { promise, impact, look } = objective;
  const percent = (ratio: number) => Number((ratio * 100).toPrecision(6));
  const may = percent(budgetOf(objective));
  return {
    owner: objective.owner,
    group: 'business' as const,
    labels: { service: objective.service },
    description: `{{ $value | humanizePercentage }} failed of late; ${may} % may in 30 days.`,
    signal: {
      query: errorRatio(objective, window),
      unit: 'ratio' as const,
      threshold: limitOf(objective, rate),
      direction: 'above' as const,
      legend: `failed in ${window}`,
    },
    runbook: {
      meaning: `${promise}: that is promised for ${percent(objective.objective)} %, so that ${may} % may fail in 30 days. ${pace}`,
      impact,
      diagnosis: [
        { say: 'How much fails now?', query: errorRatio(objective, '5m') },
        { say: 'How many failed in the last hour?', query: failedInHour(objective) },
        { say: 'How much of the budget of 30 days is left?', query: budgetLeft(objective) },
        ...look,
      ],
      person: 'Find what fails and repair it; when it burns slowly, put it before new features.',
      leave: 'The cause has an alert of its own that is being handled: this one ends with it.',
    },
  };
}
