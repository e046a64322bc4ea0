/** How something is. What could not be looked at is `unknown`, which is never healthy. */
export const statuses = ['healthy', 'degraded', 'failing', 'unknown'] as const;
export type Status = (typeof statuses)[number];

/** The parts of a health check, in the order in which they are told. */
export const sections = [
  'services',
  'databases',
  'load-balancer',
  'certificates',
  'resources',
  'performance',
  'security',
  'network',
] as const;
export type Section = (typeof sections)[number];

/** One thing that was looked at. */
export interface Check {
  readonly section: Section;
  /** What of it: a service, a database, a node. */
  readonly subject: string;
  readonly status: Status;
  /** What was seen, with the figures. */
  readonly saw: string;
}

/** A part of the readings: its value, or why it could not be had. */
export type Part<T> = { readonly value: T } | { readonly missing: string };

/** The worst of several: failing before unknown before degraded. Of nothing it is unknown. */
export function worst(all: readonly Status[]): Status {
  const order: readonly Status[] = ['failing', 'unknown', 'degraded', 'healthy'];
  return order.find((status) => all.includes(status)) ?? 'unknown';
}

/** Whether people are told: of what is not healthy, and of a change. That it was told before is `told`. */
export function worthTelling(told: Status | undefined, now: Status): boolean {
  return now !== (told ?? 'healthy');
}

/** A check on a part that could not be read. */
export function unread(section: Section, subject: string, missing: string): Check {
  return { section, subject, status: 'unknown', saw: missing };
}

/** Exit codes of `gomeet health`; 2 is a wrong command line, as everywhere. */
export const exitCodes: Readonly<Record<Status, number>> = { healthy: 0, degraded: 1, unknown: 3, failing: 4 };
