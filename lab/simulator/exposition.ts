/** One line of a metric family. */
export interface ExposedSample {
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric family as Prometheus' text format has it. prom-client counts events of its own process; these values come from a model. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly ExposedSample[];
}

/** Families in Prometheus' text format, version 0.0.4. A family without samples is absent, as a vector is that was never used. */
export function expose(families: readonly Family[]): string {
  return families
    .filter((family) => family.samples.length > 0)
    .map(({ name, type, samples }) =>
      [`# TYPE ${name} ${type}`, ...samples.map((sample) => line(name, sample))].join('\n'),
    )
    .map((text) => `${text}\n`)
    .join('');
}

function line(name: string, { suffix, labels, value }: ExposedSample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${suffix ?? ''}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
