import { closest } from 'fastest-levenshtein';
import { UsageError } from '../kernel/errors.ts';
import type { Environment, Threshold } from '../manifests/environments/define.ts';
import type { Alert } from './define.ts';
import { alerts } from './index.ts';

/** The alerts with the thresholds that an environment moves. Throws a UsageError that names an unknown alert, one whose threshold is fixed, or the range that a value is outside of. */
export function alertsOf(
  { name, thresholds }: Pick<Environment, 'name' | 'thresholds'>,
  among: readonly Alert[] = alerts,
): readonly Alert[] {
  const problems = Object.entries(thresholds).flatMap(([alert, threshold]) => {
    const problem = problemOf(alert, threshold, among);
    return problem === undefined ? [] : [`manifests/environments/${name}.ts: ${problem}`];
  });
  if (problems.length > 0) throw new UsageError(`thresholds:\n  ${problems.join('\n  ')}`);
  return among.map((alert) => {
    const moved = thresholds[alert.name];
    return moved === undefined || alert.tuning === undefined ? alert : alert.tuning.at(moved.value);
  });
}

function problemOf(name: string, { value }: Threshold, among: readonly Alert[]): string | undefined {
  const alert = among.find((one) => one.name === name);
  const tunable = among.filter(({ tuning }) => tuning !== undefined).map((one) => one.name);
  if (alert === undefined)
    return `thresholds.${name}: there is no such alert; did you mean ${closest(
      name,
      among.map((one) => one.name),
    )}?`;
  if (alert.tuning === undefined)
    return `thresholds.${name}: its threshold is fixed; those that can be moved are ${tunable.join(', ')}`;
  const [least, most] = alert.tuning.range;
  if (value >= least && value <= most) return undefined;
  return `thresholds.${name}: ${value} is outside the range from ${least} to ${most}`;
}
