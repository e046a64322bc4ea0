import { duration } from '../../kernel/duration.ts';
import { type Alert, defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';
import { budgetLeft, budgetOf, errorRatio, type Objective, type Window } from './define.ts';

/** How many times faster than allowed a budget burns: at 14.4 two hundredths of a month go in an hour, at 6 five hundredths in six hours, at 1 a tenth in three days (SRE workbook, chapter 5). */
export const burnRates = { hour: 14.4, sixHours: 6, threeDays: 1 } as const;

/** The two alerts of an objective: one that wakes somebody, one that makes a ticket. Each asks a long window whether it matters and a short one whether it still goes on. */
export function objectiveAlerts(objective: Objective): readonly Alert[] {
  const burns = (long: Window, short: Window, rate: number) => {
    const limit = Number((rate * budgetOf(objective)).toPrecision(6));
    return `(${errorRatio(objective, long)} > ${limit} and ${errorRatio(objective, short)} > ${limit})`;
  };
  const { hour, sixHours, threeDays } = burnRates;
  return [
    {
      ...common(objective, '1h'),
      name: `${objective.name}BurnsFast`,
      expr: `${burns('1h', '5m', hour)}\nor ${burns('6h', '30m', sixHours)}`,
      for: duration('2m'),
      severity: 'critical' as const,
      summary: `${objective.promise}: the budget of the month goes within days`,
      mode: 'auto' as const,
      escalateAfter: duration('10m'),
      mitigation: [declareIncident(2, 'the promise is being broken for many.'), callThePersonOnCall],
    },
    {
      ...common(objective, '3d'),
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

function common(objective: Objective, window: Window) {
  const { promise, impact, look } = objective;
  const percent = Number((objective.objective * 100).toPrecision(6));
  return {
    owner: objective.owner,
    group: 'business' as const,
    labels: { service: objective.service },
    description: '{{ $value | humanizePercentage }} failed.',
    signal: {
      query: errorRatio(objective, window),
      unit: 'ratio' as const,
      threshold: budgetOf(objective),
      direction: 'above' as const,
      legend: `failed in ${window}`,
    },
    runbook: {
      meaning: `${promise}: ${percent} % in 30 days. So much fails that this will not be kept.`,
      impact,
      diagnosis: [
        { say: 'How much fails, lately?', query: errorRatio(objective, '5m') },
        { say: 'How much of the budget of 30 days is left?', query: budgetLeft(objective) },
        ...look,
      ],
      person: 'Find what fails and repair it; when it burns slowly, put it before new features.',
      leave: 'The cause has an alert of its own that is being handled: this one ends with it.',
    },
  };
}
