import type { Duration } from '../kernel/duration.ts';
import { toMs } from '../kernel/duration.ts';
import { compressDuration } from './compress.ts';
import type { Alert } from './define.ts';
import type { RecordingRule } from './recording/define.ts';
import { groupIntervals } from './recording/index.ts';

/** Where runbook pages are published unless a build says otherwise. */
export const defaultRunbookBaseUrl = 'https://runbooks.gomeet.com';

/** A rule as Prometheus reads it. */
export type Rule =
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: Duration;
      readonly keep_firing_for?: Duration;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }
  | { readonly record: string; readonly expr: string; readonly labels?: Readonly<Record<string, string>> };

/** A group of rules, evaluated together and in order. */
export interface RuleGroup {
  readonly name: string;
  /** Where it is another than that of all. */
  readonly interval?: Duration;
  readonly rules: readonly Rule[];
}

/** The page of an alert. */
export function runbookUrl(name: string, baseUrl: string = defaultRunbookBaseUrl): string {
  return `${baseUrl.replace(/\/+$/, '')}/${encodeURIComponent(name)}`;
}

/** An alert as a rule, with its page; a `for` of nothing is left out. */
export function alertingRule(alert: Alert, baseUrl?: string): Rule {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(toMs(alert.for) === 0 ? {} : { for: alert.for }),
    ...(alert.keepFiringFor === undefined ? {} : { keep_firing_for: alert.keepFiringFor }),
    labels: { severity: alert.severity, owner: alert.owner, ...alert.labels },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(alert.name, baseUrl),
    },
  };
}

/** What goes into a rule file: recordings first, since alerts read them; one group a subject and a kind of alert, so that a slow query holds up no other. */
export function ruleGroups(input: {
  readonly alerts: readonly Alert[];
  readonly recordings: Readonly<Record<string, readonly RecordingRule[]>>;
  readonly runbookBaseUrl?: string;
  /** Divides the intervals, in the lab. */
  readonly factor?: number;
}): readonly RuleGroup[] {
  const recorded = Object.entries(input.recordings).map(([name, rules]) => ({
    name: `gomeet-recording-${name}`,
    ...(groupIntervals[name] === undefined
      ? {}
      : { interval: compressDuration(groupIntervals[name], input.factor ?? 1) }),
    rules: rules.map(({ record, expr, labels }) => ({ record, expr, ...(labels === undefined ? {} : { labels }) })),
  }));
  const alerting = [...Map.groupBy(input.alerts, ({ group, ruleGroup = `gomeet-${group}` }) => ruleGroup)].map(
    ([name, alerts]) => ({ name, rules: alerts.map((alert) => alertingRule(alert, input.runbookBaseUrl)) }),
  );
  return [...recorded, ...alerting];
}
