/** Money as whole millionths of a US dollar, so that parts sum to the whole. */
export type MicroUsd = number & { readonly microUsd: unique symbol };

/** Dollars to micro-dollars, rounded to the nearest; throws a RangeError for what is not finite. */
export function usd(dollars: number): MicroUsd {
  if (!Number.isFinite(dollars)) throw new RangeError(`not an amount of money: ${dollars}`);
  return Math.round(dollars * 1_000_000) as MicroUsd;
}

/** The sum of amounts. */
export function sumUsd(amounts: readonly MicroUsd[]): MicroUsd {
  return amounts.reduce<number>((total, amount) => total + amount, 0) as MicroUsd;
}

/** An amount times a factor, rounded once. */
export function timesUsd(amount: MicroUsd, factor: number): MicroUsd {
  return Math.round(amount * factor) as MicroUsd;
}

/** An amount as people read it: `$1.00`, `$27,048`, cents shown below a thousand dollars. */
export function formatUsd(amount: MicroUsd): string {
  const dollars = amount / 1_000_000;
  const digits = Math.abs(dollars) >= 1_000 ? 0 : 2;
  const text = Math.abs(dollars).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${dollars < 0 ? '-' : ''}$${text}`;
}
