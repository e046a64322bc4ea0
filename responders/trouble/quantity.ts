const units: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** A Kubernetes quantity as a number (cores, bytes); undefined when it is none. */
export function quantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m|k|M|G|Ki|Mi|Gi|Ti)?$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** The quantity that was asked for: itself, or a factor of what stands (`×1.5`, `x2`). Undefined when it is neither, or there is nothing to multiply. */
export function wantedQuantity(asked: string, current: string | undefined, kind: 'cpu' | 'memory'): string | undefined {
  const factor = /^[×x](\d+(?:\.\d+)?)$/.exec(asked)?.[1];
  if (factor === undefined) return quantity(asked) === undefined ? undefined : asked;
  const now = current === undefined ? undefined : quantity(current);
  if (now === undefined) return undefined;
  const amount = now * Number(factor);
  return kind === 'cpu' ? `${Math.round(amount * 1_000)}m` : `${Math.ceil(amount / 1024 ** 2)}Mi`;
}
