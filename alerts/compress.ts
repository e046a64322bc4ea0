import { type Duration, duration, fromMs, toMs } from '../kernel/duration.ts';
import type { Alert } from './define.ts';
import { durationsIn } from './promql.ts';
import type { RecordingRule } from './recording/define.ts';

/** An alert for the lab: every duration divided by one factor (`for` not below 1 s), all else the production object. Throws a RangeError for a factor below 1. */
export function compress(alert: Alert, factor: number): Alert {
  const shorter = (value: Duration) => compressDuration(value, factor);
  const { limits, response, runbook } = alert;
  return {
    ...alert,
    expr: compressExpr(alert.expr, factor),
    for: atLeastOneSecond(alert.for, shorter(alert.for)),
    ...(alert.keepFiringFor === undefined ? {} : { keepFiringFor: shorter(alert.keepFiringFor) }),
    runbook: {
      ...runbook,
      diagnosis: runbook.diagnosis.map((line) =>
        line.query === undefined ? line : { ...line, query: compressExpr(line.query, factor) },
      ),
      mitigation: runbook.mitigation.map((step) =>
        step.action === 'silenceAlert' ? { ...step, params: { for: shorter(step.params.for) } } : step,
      ),
    },
    response: {
      ...response,
      escalateAfter: shorter(response.escalateAfter),
      signal: { ...response.signal, query: compressExpr(response.signal.query, factor) },
    },
    limits: {
      ...limits,
      cooldown: shorter(limits.cooldown),
      verifyWithin: shorter(limits.verifyWithin),
      maxDataAge: shorter(limits.maxDataAge),
      breakerFor: shorter(limits.breakerFor),
      approvalWithin: shorter(limits.approvalWithin),
      holdFor: shorter(limits.holdFor),
    },
  };
}

/** A recording rule for the lab. */
export function compressRecording(rule: RecordingRule, factor: number): RecordingRule {
  return { ...rule, expr: compressExpr(rule.expr, factor) };
}

/** A PromQL expression with each range, step and offset divided by the factor; throws a SyntaxError when it does not parse. */
export function compressExpr(expr: string, factor: number): string {
  let result = expr;
  for (const [from, to, text] of durationsIn(expr).toReversed()) {
    // `[300]` is 300 seconds.
    const value = /^\d+$/.test(text) ? duration(`${text}s`) : duration(text);
    result = result.slice(0, from) + compressDuration(value, factor) + result.slice(to);
  }
  return result;
}

/** A duration divided by the factor, to the millisecond and never to nothing. */
export function compressDuration(value: Duration, factor: number): Duration {
  if (!(factor >= 1)) throw new RangeError(`not a factor to divide durations by: ${factor}`);
  const ms = toMs(value);
  return ms === 0 ? value : fromMs(Math.max(1, Math.round(ms / factor)));
}

function atLeastOneSecond(original: Duration, shorter: Duration): Duration {
  return toMs(original) >= 1_000 && toMs(shorter) < 1_000 ? duration('1s') : shorter;
}
