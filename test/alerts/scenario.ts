import type { Alert } from '../../alerts/define.ts';
import { runbookUrl } from '../../alerts/render.ts';

/** An alert as it must fire: every label but `alertname`, and the words that depend on the data. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly runbook_url: string;
}

/** Series as promtool writes them (a value each 15 s unless said), and what must fire when. */
export interface Scenario {
  /** Between values and between evaluations; for what takes days, `1h`. */
  readonly interval?: string;
  readonly series: Readonly<Record<string, string>>;
  readonly expect: readonly { readonly at: string; readonly firing: readonly Firing[] }[];
}

/** Everything that proves one alert, as data: the tests run it over the rule, the mutation run over the rule made wrong. */
export interface Proof {
  readonly alert: Alert;
  readonly cases: Readonly<Record<string, Scenario | readonly Scenario[]>>;
}

/** The scenarios of an alert, by what each shows. */
export function proves(alert: Alert, cases: Proof['cases']): Proof {
  return { alert, cases };
}

/** The alert of that name; throws a TypeError when there is none. */
export function alertNamed(name: string, among: readonly Alert[]): Alert {
  const found = among.find((alert) => alert.name === name);
  if (found === undefined) throw new TypeError(`no alert ${name}`);
  return found;
}

/** One expected alert. `fixed` are the words severity, owner and service; what the expression yields is in `labels`. */
export function fired(
  alert: Alert,
  fixed: `${string} ${string} ${string}`,
  labels: Readonly<Record<string, string>>,
  description: string,
): Firing {
  const [severity = '', owner = '', service = ''] = fixed.split(' ');
  return {
    labels: { severity, owner, service, ...labels },
    summary: alert.summary,
    description,
    runbook_url: runbookUrl(alert.name),
  };
}

/** Nothing fires at any of these times, whatever is put in. */
export function silent(
  series: Readonly<Record<string, string>>,
  at: string | readonly string[],
  interval?: string,
): Scenario {
  return {
    series,
    expect: [at].flat().map((one) => ({ at: one, firing: [] })),
    ...(interval === undefined ? {} : { interval }),
  };
}

/** Nothing fires before, and exactly this after: `[before, after]`. */
export function fires(
  series: Readonly<Record<string, string>>,
  [before, after]: readonly [string, string],
  firing: readonly Firing[],
  interval?: string,
): Scenario {
  return {
    series,
    expect: [
      { at: before, firing: [] },
      { at: after, firing },
    ],
    ...(interval === undefined ? {} : { interval }),
  };
}

/** Labels that every series of kube-state-metrics about the platform has. */
export const inCluster = 'job="kube-state-metrics", instance="ksm:8080", namespace="gomeet"';
