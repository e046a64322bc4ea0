import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean X?` where a name is close to one that exists, else nothing. */
export function nearest(name: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const found = closest(name, [...names]);
  return distance(name, found) <= Math.max(2, found.length / 3) ? `; did you mean ${found}?` : '';
}
