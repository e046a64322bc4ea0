import { type Unit, units } from '../units.ts';
import type { ChartFrame } from './parts.ts';

/** The word by which a chart's labels are written as everything else of that unit is; render.ts makes it known to Vega. */
export const unitFunction = 'gomeetUnit';

/** Values as people read them: a number of the axis, a number in a sentence and a number in a table look alike. */
export function unitText(value: number, unit: string): string {
  return isUnit(unit) ? units[unit](value) : String(value);
}

function isUnit(unit: string): unit is Unit {
  return Object.hasOwn(units, unit);
}

/** The axis of values of a unit up to `top`: whole counts have whole ticks, bytes have ticks of their own size, yes and no are two. */
export function valueAxis(unit: Unit, top: number) {
  const common = { title: null, labelExpr: `${unitFunction}(datum.value, '${unit}')` };
  if (unit === 'bool_yes_no') return { ...common, values: [0, 1] };
  if (unit === 'bytes') return { ...common, values: binaryTicks(top) };
  return { ...common, tickCount: 4, ...(unit === 'short' ? { tickMinStep: 1 } : {}) };
}

/** Round steps of 1,024: five at the most. */
function binaryTicks(top: number): number[] {
  const size = 1_024 ** Math.max(0, Math.floor(Math.log(Math.max(1, top)) / Math.log(1_024)));
  const step = size * ([0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].find((steps) => top / (steps * size) <= 5) ?? 500);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}

/** The axis of time where a day is a small part of it: one tick a day, or fewer, and no date twice. */
export function dayAxis({ fromMs, toMs }: Pick<ChartFrame, 'fromMs' | 'toMs'>) {
  const days = (toMs - fromMs) / 86_400_000;
  return days > 1.5
    ? { format: '%d %b', tickCount: { interval: 'day' as const, step: Math.max(1, Math.ceil(days / 10)) } }
    : {};
}
