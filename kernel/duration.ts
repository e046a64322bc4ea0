/** A length of time as Prometheus writes it: `30s`, `5m`, `1h30m`, `250ms`. */
export type Duration = string & { readonly duration: unique symbol };

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const pattern = /(\d+)(ms|[smhdw])/g;

/** Parses a Prometheus duration; throws a TypeError for anything else. */
export function duration(text: string): Duration {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text))
    throw new TypeError(`not a duration: ${JSON.stringify(text)} (want 30s, 5m, 1h30m)`);
  return text as Duration;
}

/** A duration in milliseconds. */
export function toMs(value: Duration): number {
  let total = 0;
  for (const [, count, unit] of value.matchAll(pattern)) total += Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  return total;
}

/** A whole number of milliseconds as the shortest exact duration. */
export function fromMs(ms: number): Duration {
  if (!Number.isInteger(ms) || ms < 0) throw new TypeError(`not a duration in milliseconds: ${ms}`);
  if (ms === 0) return duration('0s');
  let rest = ms;
  let text = '';
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return duration(text);
}

/** Milliseconds as a person reads them: `850 ms`, `12.3 s`, `4 min`, `2 h 5 min`. */
export function humanMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
