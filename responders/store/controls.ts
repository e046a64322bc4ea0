import { z } from 'zod';
import { type Mode, modes } from '../../alerts/vocabulary.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Subject } from '../records.ts';
import type { Sql } from './database.ts';

/** A switch that someone set, with who, why and until when. */
export interface Switch {
  readonly by: Subject;
  readonly reason: string;
  readonly setAtMs: number;
  readonly expiresAtMs: number | undefined;
}

/** Every switch in force. */
export interface Controls {
  readonly stopped: Switch | undefined;
  readonly frozen: Switch | undefined;
  readonly liveEvent: Switch | undefined;
  /** One person may act alone until it expires; everyone is told. */
  readonly breakGlass: (Switch & { readonly subject: Subject }) | undefined;
  /** Modes that differ from the catalogue's, by alert name. */
  readonly modes: ReadonlyMap<string, Switch & { readonly mode: Mode }>;
  /** What a month may cost, where someone set it; else the setting stands. */
  readonly budget?: (Switch & { readonly amount: MicroUsd }) | undefined;
}

export type ControlName = 'stop-all' | 'freeze' | 'live-event' | 'break-glass' | 'budget' | `mode/${string}`;

interface Row {
  readonly name: string;
  readonly value: unknown;
  readonly by: string;
  readonly reason: string;
  readonly setAtMs: number;
  readonly expiresAtMs: number | null;
}

const ModeValue = z.object({ mode: z.enum(modes) });
const BudgetValue = z.object({ microUsd: z.number().int().nonnegative() });

/** The switches in force now, by the database's clock. */
export async function readControls(sql: Sql): Promise<Controls> {
  const rows = await sql.query<Row>(
    `select name, value, set_by as by, reason, set_at as "setAtMs", expires_at as "expiresAtMs" from control where expires_at is null or expires_at > clock_timestamp()`,
  );
  const byName = new Map(
    rows.map((row) => [
      row.name,
      {
        value: row.value,
        by: row.by,
        reason: row.reason,
        setAtMs: row.setAtMs,
        expiresAtMs: row.expiresAtMs ?? undefined,
      },
    ]),
  );
  const breakGlass = byName.get('break-glass');
  const budget = byName.get('budget');
  const amount = BudgetValue.safeParse(budget?.value);
  const modeRows = [...byName].flatMap(([name, row]) => {
    const parsed = ModeValue.safeParse(row.value);
    return name.startsWith('mode/') && parsed.success
      ? [[name.slice(5), { ...row, mode: parsed.data.mode }] as const]
      : [];
  });
  return {
    stopped: byName.get('stop-all'),
    frozen: byName.get('freeze'),
    liveEvent: byName.get('live-event'),
    breakGlass: breakGlass && { ...breakGlass, subject: breakGlass.by },
    modes: new Map(modeRows),
    ...(budget && amount.success ? { budget: { ...budget, amount: amount.data.microUsd as MicroUsd } } : {}),
  };
}

/** Sets a switch, for `forMs` or until it is taken off. */
export async function setControl(
  sql: Sql,
  name: ControlName,
  set: { by: Subject; reason: string; value?: object; forMs?: number | undefined },
): Promise<void> {
  await sql.query(
    `insert into control (name, value, set_by, reason, expires_at) values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5::float8 / 1000))
     on conflict (name) do update set value = excluded.value, set_by = excluded.set_by, reason = excluded.reason, set_at = clock_timestamp(), expires_at = excluded.expires_at`,
    [name, JSON.stringify(set.value ?? {}), set.by, set.reason, set.forMs ?? null],
  );
}

/** Takes a switch off; false when it was not on. */
export async function clearControl(sql: Sql, name: ControlName): Promise<boolean> {
  return (await sql.query<{ name: string }>('delete from control where name = $1 returning name', [name])).length > 0;
}
