/** How a value of a unit is written for people; the keys are Grafana's own unit ids, and a panel can have no other. */
export const units = {
  short: (value) =>
    Math.abs(value) < 100_000
      ? value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 })
      : scaled(value, '', 1_000, ['', ' k', ' M', ' G', ' T']),
  none: (value) => trimmed(value),
  percentunit: (value) => `${trimmed(value * 100)} %`,
  s: (value) => seconds(value),
  ms: (value) => seconds(value / 1_000),
  dtdurations: (value) => seconds(value),
  bytes: (value) => scaled(value, 'B', 1_024, [' ', ' Ki', ' Mi', ' Gi', ' Ti']),
  mbytes: (value) => `${trimmed(value)} MiB`,
  bps: (value) => scaled(value, 'bit/s', 1_000, [' ', ' k', ' M', ' G', ' T']),
  pps: (value) => scaled(value, 'packets/s', 1_000, [' ', ' k', ' M', ' G']),
  reqps: (value) => `${trimmed(value)} /s`,
  ops: (value) => `${trimmed(value)} /s`,
  currencyUSD: (value) =>
    `${value < 0 ? '−' : ''}$${Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 1 ? 4 : Math.abs(value) < 100 ? 2 : 0 })}`,
  bool_yes_no: (value) => (value === 0 ? 'No' : 'Yes'),
} as const satisfies Readonly<Record<string, (value: number) => string>>;
export type Unit = keyof typeof units;

function scaled(value: number, unit: string, base: number, steps: readonly string[]): string {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= base && step < steps.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${trimmed(rest)}${steps[step] ?? ''}${unit}`.trim();
}

/** Three digits that matter, no zeros behind the point. */
function trimmed(value: number): string {
  return String(Number(value.toPrecision(Math.abs(value) >= 100 ? Math.trunc(value).toString().length : 3)));
}

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size < 1) return `${trimmed(value * 1_000)} ms`;
  if (size < 120) return `${trimmed(value)} s`;
  if (size < 7_200) return `${trimmed(value / 60)} min`;
  return size < 172_800 ? `${trimmed(value / 3_600)} h` : `${trimmed(value / 86_400)} d`;
}
