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

/** An amount as people read it: `$1.00`, `$27,048`, `−$500.00`; cents shown below a thousand dollars unless other digits are asked for. */
export function formatUsd(amount: MicroUsd, options: { readonly digits?: number } = {}): string {
  const { digits = Math.abs(amount) >= 1_000_000_000 ? 0 : 2 } = options;
  const text = Math.abs(amount / 1_000_000).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // What rounds to nothing has no sign.
  return `${amount < 0 && /[1-9]/.test(text) ? '−' : ''}$${text}`;
}

/** A difference as people read it: `+$589.57`, `−$14.00`, `$0.00`. */
export function formatUsdChange(amount: MicroUsd): string {
  const text = formatUsd(amount);
  return amount > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}
