import type { Limits } from '../../alerts/define.ts';
import type { Mode } from '../../alerts/vocabulary.ts';
import { duration } from '../../kernel/duration.ts';
import type { Core } from '../core.ts';
import { schedules } from './schedules.ts';

/** Bounds of what a person asks for by button or command line: a person is no safer than a runbook. */
export const requestLimits: Limits = {
  cooldown: duration('1m'),
  maxActsPerHour: 10,
  maxFleetShareRatio: 0.5,
  maxParticipants: 500,
  verifyWithin: duration('15m'),
  maxDataAge: duration('60s'),
  breakerAfter: 3,
  breakerFor: duration('30m'),
  approvalWithin: duration('15m'),
  holdFor: duration('2h'),
};

/** Under which name and within what bounds the rules of `gomeet scale scheduled` and `event` act: a morning may raise every service at once. */
export const scaleRulesName = 'scale-rules';
export const scaleRuleLimits: Limits = { ...requestLimits, maxActsPerHour: 60 };

/** Mode and limits of whatever started a run: an alert's runbook, a schedule, or a person. */
export function policyOf(
  core: Pick<Core, 'alerts' | 'scaleLimits'>,
  runbook: string | undefined,
): { mode: Mode; limits: Limits } {
  const alert = runbook === undefined ? undefined : core.alerts.get(runbook);
  if (alert !== undefined) return { mode: alert.response.mode, limits: alert.limits };
  const schedule = schedules.find(({ name }) => name === runbook);
  const usual = runbook === scaleRulesName ? scaleRuleLimits : requestLimits;
  return { mode: schedule?.mode ?? 'auto', limits: core.scaleLimits(schedule?.limits ?? usual) };
}
