import { reservedRanges } from '../settings.ts';

/** First and last address of a CIDR range as numbers; throws a RangeError for what is none. */
export function rangeBounds(range: string): { readonly first: number; readonly last: number } {
  const [, address = '', length = ''] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(range) ?? [];
  const parts = address.split('.').map(Number);
  const bits = Number(length);
  if (length === '' || bits > 32 || parts.some((part) => part > 255))
    throw new RangeError(`not an IPv4 range: ${range}`);
  const size = 2 ** (32 - bits);
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

/** Whether two ranges have an address in common. */
export function rangesOverlap(one: string, other: string): boolean {
  const a = rangeBounds(one);
  const b = rangeBounds(other);
  return a.first <= b.last && b.first <= a.last;
}

/** The reserved range that this one touches in the region; undefined when it is free. */
export function reservedOverlap(range: string, region: string): (typeof reservedRanges)[number] | undefined {
  return reservedRanges.find(
    (reserved) => (reserved.region ?? region) === region && rangesOverlap(range, reserved.range),
  );
}
