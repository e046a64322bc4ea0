import type { MicroUsd } from '../../kernel/money.ts';

/** Shares an amount out by weights, so that the parts sum exactly to it (largest remainder; ties to the first). Throws a RangeError for a weight that is negative or not a number, or when none is above zero. */
export function splitUsd(amount: MicroUsd, weights: readonly number[]): readonly MicroUsd[] {
  if (weights.some((weight) => !(weight >= 0 && Number.isFinite(weight)))) throw new RangeError('not a weight');
  const most = Math.max(...weights, 0);
  if (most === 0) throw new RangeError('no weight is above zero');
  // Scaled first: a sum of the largest numbers would be infinite.
  const scaled = weights.map((weight) => weight / most);
  const whole = scaled.reduce((sum, weight) => sum + weight, 0);
  const exact = scaled.map((weight) => (Math.abs(amount) * weight) / whole);
  const parts = exact.map(Math.floor);
  let left = Math.abs(amount) - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (let turn = 0; left !== 0; turn += 1) {
    const index = byRemainder[turn % byRemainder.length]?.index ?? 0;
    // Floating point may have given a unit too many where amounts are huge.
    if (left < 0 && (parts[index] ?? 0) === 0) continue;
    parts[index] = (parts[index] ?? 0) + Math.sign(left);
    left -= Math.sign(left);
  }
  return parts.map((part) => (amount < 0 ? -part : part) as MicroUsd);
}
