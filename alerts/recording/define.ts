/** A series worked out beforehand, named `level:metric:operations` (Prometheus' practice for recording rules). */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  /** Labels that the rule adds. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that its series have, those of `labels` among them. */
  readonly resultLabels: readonly string[];
  readonly unit: 'ratio' | 'count' | 'per second' | 'USD';
  readonly help: string;
}

/** Types the rules of one subject and keeps the literal names. */
export function defineRecordingRules<const Group extends Readonly<Record<string, RecordingRule>>>(group: Group): Group {
  return group;
}
