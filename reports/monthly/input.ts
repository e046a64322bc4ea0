import { z } from 'zod';
import { UsageError } from '../../kernel/errors.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import { costKinds } from '../../model/cost/lines.ts';
import { printable } from '../capacity/text.ts';

/** Micro-dollars as they stand in a file: whole numbers. */
const money = z
  .number()
  .int()
  .transform((amount): MicroUsd => amount as MicroUsd);
const ms = z.number().int();
const Segments = z.array(z.tuple([ms, ms, z.number().min(0)]).readonly()).readonly();
const text = z.string().max(300);
const optional = <T extends z.ZodType>(schema: T) => schema.optional();

const Resource = z.object({
  id: text,
  name: text,
  kind: z.enum(costKinds),
  region: text,
  project: text.optional(),
  cluster: text.optional(),
  pool: text.optional(),
  origin: z.enum(['api', 'table']),
  perHour: Segments,
  /** Size or plan, where the account still has it. */
  sku: text.optional(),
  /** Paid for and used by nobody now. */
  unused: z.boolean().optional(),
});

const Invoice = z.object({
  id: text,
  period: z.string().regex(/^\d{4}-\d{2}$/),
  amount: money,
  isPreview: z.boolean(),
  items: optional(
    z.array(
      z.object({ product: text, description: text, amount: money, project: text.optional(), group: text.optional() }),
    ),
  ),
});

/** An hour of traffic: mean and highest number of participants, and the share of the hour that was measured. */
const Hour = z.object({
  atMs: ms,
  mean: z.number().min(0),
  peak: z.number().min(0),
  coverage: z.number().min(0).max(1),
});

const Tenant = z.object({
  node: text,
  namespace: text,
  workload: text,
  cpuCoreHours: z.number().min(0),
  memoryGibHours: z.number().min(0),
});

/** A limit of the platform: the highest value of each day of UTC, oldest first; null is a day that was not measured. */
const Constraint = z.object({
  name: text,
  unit: text,
  limit: z.number().positive(),
  firstDayMs: ms,
  days: z.array(z.number().min(0).nullable()),
  /** From when growth is decided until the room is there. */
  leadDays: z.number().int().min(0),
  note: text.optional(),
});

const Saving = z.object({
  what: text,
  why: text,
  /** A month; absent where nobody knows the price. */
  saving: money.optional(),
  confidence: z.enum(['high', 'medium', 'low']),
  needs: text,
  command: text,
});

const Incident = z.object({
  title: text,
  severity: z.enum(['critical', 'warning', 'info']),
  openedAtMs: ms,
  closedAtMs: ms.optional(),
  acknowledgeSeconds: z.number().optional(),
  impairedParticipantMinutes: z.number().optional(),
});

const Reliability = z.object({
  slos: z.array(
    z.object({
      name: text,
      objectiveRatio: z.number(),
      attainedRatio: z.number().optional(),
      budgetLeftRatio: z.number().optional(),
    }),
  ),
  incidents: z.array(Incident),
  acts: z.array(
    z.object({ action: text, acted: z.number().int(), verified: z.number().int(), notImproved: z.number().int() }),
  ),
  refusals: z.array(z.object({ reason: text, count: z.number().int(), costPerHour: money.optional() })),
  /** Incidents that closed with a verified act and without a person who acknowledged. */
  closedAlone: z.number().int(),
});

const Schema = z.object({
  schemaVersion: z.literal(1),
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'want a month such as 2026-10'),
  timeZone: text,
  asOfMs: ms,
  currency: z.literal(
    'USD',
    'only USD is reckoned with; what the account bills in another currency cannot be compared',
  ),
  budget: z.object({ amount: money, setBy: text.optional() }),
  book: z.object({
    asOf: z.string(),
    capHours: z.number().positive(),
    transferPerGib: money,
    /** Products whose price is not certain, and why. */
    doubts: z.record(z.string(), text),
  }),
  /** Where the history begins; what is before it was not asked for. */
  historyFromMs: ms,
  resources: z.array(Resource),
  /** What everything cost an hour, at least and at most; where it has no value the exporter was away. */
  bounds: z.object({ low: Segments, high: Segments }),
  hours: z.array(Hour),
  /** By day of UTC since the history began: meetings that ended, bytes the SFUs sent. */
  daily: z.array(
    z.object({ atMs: ms, meetings: z.number().min(0).optional(), egressBytes: z.number().min(0).optional() }),
  ),
  /** Of the month, by the upper end of a bucket: hours that rooms of more people than the bucket before lasted. */
  roomSizes: optional(z.array(z.object({ upTo: z.number().min(0), roomHours: z.number().min(0) }))),
  /** Last reading of each month. */
  transfer: z.array(z.object({ month: z.string(), usedBytes: z.number().min(0), poolBytes: z.number().min(0) })),
  tenants: z.array(Tenant),
  nodeSizes: z.record(z.string(), z.object({ vcpus: z.number().positive(), memoryGib: z.number().positive() })),
  invoices: z.array(Invoice),
  monthToDate: optional(money),
  pools: z.array(z.object({ cluster: text, name: text, size: text, minNodes: z.number(), maxNodes: z.number() })),
  /** What the SFUs run on: the pool's own maximum where it was read, else the declared one. */
  sfu: z.object({ pool: text, size: text, maxNodes: z.number().int().min(0), spareNodes: z.number().int().min(0) }),
  /** Ready SFU nodes by local day, the most; for the comparison with the forecast. */
  sfuNodes: z.array(z.object({ day: z.string(), nodes: z.number() })),
  constraints: z.array(Constraint),
  savings: z.array(Saving),
  reliability: optional(Reliability),
  /** What could not be read, each a sentence for people. */
  gaps: z.array(text),
  /** The edition that this one replaces. */
  replaces: optional(
    z.object({
      edition: z.number().int().positive(),
      issuedAtMs: ms,
      total: money.optional(),
      inputHash: z.string(),
      reason: text,
    }),
  ),
});

/** All that a monthly report is made of, plain data: what is in it decides every byte of every form. */
export type MonthlyInput = z.output<typeof Schema>;

/** An input from the text of its file; throws a UsageError that names file and field. */
export function parseMonthlyInput(json: string, file: string): MonthlyInput {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError(`${file}: not JSON`);
  }
  const parsed = Schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file}: ${issue?.path.join('.') || 'top level'}: ${printable(issue?.message ?? 'not understood')}`,
  );
}
