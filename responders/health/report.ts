import { z } from 'zod';
import type { Workload } from '../../manifests/catalogue/define.ts';
import type { StepResult } from '../act/define.ts';
import { allChecks } from './checks.ts';
import type { Readings } from './collect.ts';
import { type Check, type Section, sections, statuses, worst } from './define.ts';

const CheckShape = z.object({
  section: z.enum(sections),
  subject: z.string().describe('a service, a node, a database, a certificate'),
  status: z.enum(statuses),
  saw: z.string().describe('what was seen, with the figures'),
});

/** What `gomeet health --format json` prints; its JSON schema is generated from this. */
export const HealthReport = z
  .object({
    version: z.literal(1),
    namespace: z.string(),
    checkedAt: z.iso.datetime(),
    overall: z.enum(statuses).describe('the worst: failing before unknown before degraded; unknown is never healthy'),
    counts: z.object({
      healthy: z.number().int(),
      degraded: z.number().int(),
      failing: z.number().int(),
      unknown: z.number().int(),
    }),
    checks: z.array(CheckShape),
  })
  .describe('Health of the platform, by gomeet health');
export type HealthReport = z.infer<typeof HealthReport>;

/** What a health check is about: everything, or some sections of it. */
export const scopes = {
  check: sections,
  services: ['services'],
  databases: ['databases'],
  performance: ['performance', 'resources'],
} as const satisfies Readonly<Record<string, readonly Section[]>>;
export type Scope = keyof typeof scopes;

/** The report over readings. Pure. */
export function healthReport(readings: Readings, expected: readonly Workload[], scope: Scope = 'check'): HealthReport {
  const wanted: readonly Section[] = scopes[scope];
  const checks = allChecks(readings, expected)
    .filter(({ section }) => wanted.includes(section))
    .sort((a, b) => sections.indexOf(a.section) - sections.indexOf(b.section));
  const count = (status: Check['status']) => checks.filter((one) => one.status === status).length;
  return {
    version: 1,
    namespace: readings.namespace,
    checkedAt: new Date(readings.atMs).toISOString(),
    overall: worst(checks.map(({ status }) => status)),
    counts: {
      healthy: count('healthy'),
      degraded: count('degraded'),
      failing: count('failing'),
      unknown: count('unknown'),
    },
    checks,
  };
}

/** `failing: 57 of 60 healthy, 1 failing, 2 unknown`. */
export function healthSentence({ overall, counts, checks }: HealthReport): string {
  const others = (['failing', 'unknown', 'degraded'] as const).filter((status) => counts[status] > 0);
  return `${overall}: ${counts.healthy} of ${checks.length} healthy${others.map((status) => `, ${counts[status]} ${status}`).join('')}`;
}

/** The report as a step's result: what is not healthy as a table, the whole as data. */
export function healthResult(report: HealthReport): StepResult {
  return {
    table: {
      columns: ['section', 'what', 'status', 'saw'],
      rows: report.checks
        .filter(({ status }) => status !== 'healthy')
        .map(({ section, subject, status, saw }) => [section, subject, status, saw]),
    },
    data: report,
  };
}
