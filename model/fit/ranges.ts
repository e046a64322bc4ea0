/** First and last address of an IPv4 range; undefined for what is no range. */
export function rangeOf(cidr: string): { readonly first: number; readonly last: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (match === null) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || bits === undefined) return undefined;
  if ([a, b, c, d].some((octet) => octet > 255) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether two ranges share an address; what is no range overlaps with everything, so that it is refused. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a === undefined || b === undefined || (a.first <= b.last && b.first <= a.last);
}

/** Addresses in a range; none in what is no range. */
export function addresses(cidr: string): number {
  const range = rangeOf(cidr);
  return range === undefined ? 0 : range.last - range.first + 1;
}
