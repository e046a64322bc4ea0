import { type Duration, duration } from '../kernel/duration.ts';
import type { RunbookSection } from './runbook-sections.ts';
import type { ActionName, ActionParams, Approval, Group, Mode, Owner, Severity } from './vocabulary.ts';

/** One step of a runbook's mitigation: what a person reads, and the action the responder takes for it. */
export type Mitigation = {
  [Name in ActionName]: {
    readonly say: string;
    readonly action: Name;
    readonly params: ActionParams[Name];
    readonly approval: Approval;
    /** Catalogue names for which this step is left out: see `stepsFor`. */
    readonly exceptServices?: readonly string[];
  };
}[ActionName];

/** A line of diagnosis: what to look at, and the query or command that shows it. */
export interface Diagnosis {
  readonly say: string;
  readonly query?: string;
  readonly command?: string;
  /** What a healthy answer looks like, where `say` does not. */
  readonly expect?: string;
}

/** The four headings of a runbook page (openshift/runbooks). */
export interface Runbook {
  readonly meaning: string;
  readonly impact: string;
  readonly diagnosis: readonly Diagnosis[];
  /** Tried in order: the next one when the one before did not help. After the last, a person. */
  readonly mitigation: readonly Mitigation[];
  /** What a person does that no machine should. */
  readonly person: string;
  /** When to leave it alone. */
  readonly leave: string;
  /** Sections of the operations runbook that this page answers. */
  readonly answers?: readonly RunbookSection[];
}

/** What a signal is counted in. */
export const signalUnits = ['ratio', 'count', 'seconds'] as const;

/** What is drawn in the thread and the console: a query with one line a series, against its threshold. */
export interface Signal {
  readonly query: string;
  readonly unit: (typeof signalUnits)[number];
  readonly threshold: number;
  readonly direction: 'above' | 'below';
  readonly legend: string;
}

/** How the responder may answer this alert. */
export interface ResponsePolicy {
  readonly mode: Mode;
  /** Nobody acknowledged for this long: escalate. */
  readonly escalateAfter: Duration;
  readonly signal: Signal;
}

/** The bounds within which the answer stays; the guards of `responders/decide` hold them. */
export interface Limits {
  /** Between two acts of one action on one target. */
  readonly cooldown: Duration;
  /** Acts that this runbook may take in an hour, all targets together. */
  readonly maxActsPerHour: number;
  /** Largest share of the fleet that may be touched at once, 0 to 1. */
  readonly maxFleetShareRatio: number;
  /** Most participants an act may disturb. */
  readonly maxParticipants: number;
  /** The effect must be seen within this time. */
  readonly verifyWithin: Duration;
  /** Older readings than this are no data. */
  readonly maxDataAge: Duration;
  /** After this many acts in a row that did not help, the breaker opens and people take over. */
  readonly breakerAfter: number;
  /** How long the breaker stays open. */
  readonly breakerFor: Duration;
  /** A proposal that nobody answered in this time lapses. */
  readonly approvalWithin: Duration;
  /** What scale-out added is wanted for this long; then room-aware scale-in may take it back. */
  readonly holdFor: Duration;
}

/** A threshold that an environment may move, and the same alert at another one: rule, signal and words. */
export interface Tuning {
  readonly threshold: number;
  /** Least and most, both included. */
  readonly range: readonly [number, number];
  at(threshold: number): Alert;
}

/** One alert: rule, runbook and response policy under one name. */
export interface Alert {
  /** PascalCase: subject and symptom. The one key in files, tests, pages, policies, labels and titles. */
  readonly name: string;
  readonly expr: string;
  readonly for: Duration;
  readonly keepFiringFor?: Duration;
  readonly severity: Severity;
  readonly owner: Owner;
  /** Chapter of the runbook, and the group of rules it is evaluated in. */
  readonly group: Group;
  /** Another name of that group of rules, where one is given from outside. */
  readonly ruleGroup?: string;
  /** How an environment may move the threshold; without it the threshold is fixed. */
  readonly tuning?: Tuning;
  /** Static labels; `service` is the catalogue name of what is affected, unless the expression yields it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line without numbers that change. */
  readonly summary: string;
  /** A sentence that may quote `{{ $value }}`. */
  readonly description: string;
  readonly runbook: Runbook;
  readonly response: ResponsePolicy;
  readonly limits: Limits;
}

/** Bounds that suit most alerts; an alert overrides what it must. */
export interface AlertInput extends Omit<Alert, 'limits' | 'tuning'> {
  readonly limits?: Partial<Limits>;
}

/** The bounds that stand where an alert sets none. */
export const defaultLimits: Limits = {
  cooldown: duration('10m'),
  maxActsPerHour: 4,
  maxFleetShareRatio: 0.2,
  maxParticipants: 500,
  verifyWithin: duration('10m'),
  maxDataAge: duration('1m'),
  breakerAfter: 3,
  breakerFor: duration('1h'),
  approvalWithin: duration('30m'),
  holdFor: duration('2h'),
};

/** Makes an alert of its parts, with the default limits where it sets none. */
export function defineAlert(input: AlertInput): Alert {
  return { ...input, limits: { ...defaultLimits, ...input.limits } };
}

/** Makes an alert whose threshold an environment may move within a range. */
export function defineTunable(
  { threshold, range }: Omit<Tuning, 'at'>,
  make: (threshold: number) => AlertInput,
): Alert {
  const at = (value: number): Alert => ({ ...defineAlert(make(value)), tuning: { threshold: value, range, at } });
  return at(threshold);
}

/** The mitigation for this alert's labels: the steps without those that its service must never see. */
export function stepsFor(alert: Alert, labels: Readonly<Record<string, string>>): readonly Mitigation[] {
  const service = labels['service'] ?? '';
  return alert.runbook.mitigation.filter((step) => !step.exceptServices?.includes(service));
}
