import { formatUsd, type MicroUsd } from '../kernel/money.ts';

/** A count as people read it: 50,000. */
export function whole(value: number | undefined): string {
  return value === undefined ? 'no data' : Math.round(value).toLocaleString('en-US');
}

/** A ratio as per cent with one decimal, its minus that of money. */
export function percent(ratio: number | undefined): string {
  return ratio === undefined ? 'no data' : `${(ratio * 100).toFixed(1).replace('-', '−')} %`;
}

/** An amount, or that nobody knows it. */
export function maybeUsd(amount: MicroUsd | undefined): string {
  return amount === undefined ? 'no data' : formatUsd(amount);
}

/** Fractions of a cent, which unit costs are. */
export function smallUsd(amount: MicroUsd | undefined): string {
  return amount === undefined ? 'no data' : formatUsd(amount, { digits: 4 });
}
