/** A source of numbers in [0, 1). */
export type Random = () => number;

/** The mulberry32 generator: the same seed gives the same platform again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number whose mean is `expected`: 2.3 gives 2 mostly and 3 sometimes. */
export function wholeNumber(expected: number, random: Random): number {
  const floor = Math.floor(expected);
  return floor + (random() < expected - floor ? 1 : 0);
}
