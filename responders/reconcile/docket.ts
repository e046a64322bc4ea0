import { randomUUID } from 'node:crypto';
import { toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import type { World } from '../act/define.ts';
import type { Core } from '../core.ts';
import type { Run } from '../records.ts';
import { type Controls, readControls } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { activeHolds, lapsedHolds, recentRuns } from '../store/runs.ts';

/** What all decisions of one transaction share. */
export interface Docket {
  readonly controls: Controls;
  readonly recent: Run[];
  readonly holds: ReadonlyMap<string, number>;
  readonly lapsed: ReadonlyMap<string, number>;
  readonly firing: ReadonlySet<string>;
  /** The store's clock, which all replicas share: limits in time hold whatever this machine's clock says. */
  readonly nowMs: number;
  /** The platform as last seen, its ages as they are, its times by the store's clock. */
  readonly world: World;
  /** The same readings by our own clock, and how far the store's is ahead of it. */
  readonly seen: { readonly world: World; readonly shiftMs: number };
  /** Under which what these decisions saw is kept, for `gomeet replay`. */
  readonly sceneId: string;
}

/** Reads it; holds the lock under which replicas decide one after another, so that limits hold over all of them. */
export async function openDocket(sql: Sql, core: Core): Promise<Docket> {
  const windowMs = Math.max(
    3_600_000,
    ...[...core.alerts.values()].map(({ limits }) => Math.max(toMs(limits.cooldown), toMs(limits.breakerFor))),
  );
  // In this order on one connection: each statement sees what was committed before the lock was ours.
  const [, controls, recent, holds, lapsed, { firing, nowMs }] = await Promise.all([
    sql.query(`select pg_advisory_xact_lock(hashtext('gomeet-decide'))`),
    readControls(sql),
    recentRuns(sql, windowMs),
    activeHolds(sql),
    lapsedHolds(sql),
    firingAlerts(sql),
  ]);
  const seen = core.world.current();
  return {
    controls,
    recent,
    holds,
    lapsed,
    firing,
    nowMs,
    world: shifted(seen, nowMs - core.clock.now()),
    seen: { world: seen, shiftMs: nowMs - core.clock.now() },
    sceneId: randomUUID(),
  };
}

/** Keeps what a transaction's decisions looked at, once for all of them. */
export async function keepScene(sql: Sql, core: Core, docket: Docket): Promise<void> {
  const { controls, recent, holds, firing, nowMs } = docket;
  const seen = {
    nowMs,
    worldId: await keepWorld(core, docket.seen.world),
    shiftMs: docket.seen.shiftMs,
    controls: { ...controls, modes: [...controls.modes] },
    recent: recent.map(briefly),
    holds: [...holds],
    firing: [...firing],
    declared: core.declared,
    budget: controls.budget?.amount ?? core.budget,
  };
  await sql.query('insert into scene (id, seen) values ($1, $2)', [docket.sceneId, JSON.stringify(seen)]);
}

/** Worlds that are in the store, with their ids: one reading serves many decisions. */
const kept = new WeakMap<World, string>();

/** Outside the transaction, which may be rolled back while others already refer to the world. */
async function keepWorld(core: Core, world: World): Promise<string> {
  const known = kept.get(world);
  if (known !== undefined) return known;
  const id = randomUUID();
  await core.database.query('insert into scene (id, seen) values ($1, $2)', [id, JSON.stringify({ world })]);
  kept.set(world, id);
  return id;
}

/** As much of a run as the guards look at. */
function briefly({ id, alertname, action, target, state, attempts, intendedAtMs, finishedAtMs }: Run): object {
  return { id, alertname, action, target, state, attempts, intendedAtMs, finishedAtMs };
}

/** Reads what decisions saw, by scene id. */
export async function readScenes(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const rows = await sql.query<{ id: string; seen: { shiftMs: number }; world: World | null }>(
    `select s.id::text, s.seen, w.seen->'world' as world from scene s join scene w on w.id = (s.seen->>'worldId')::uuid where s.id = any($1::uuid[])`,
    [[...ids]],
  );
  return new Map(rows.map(({ id, seen, world }) => [id, { ...seen, world: shifted(world ?? {}, seen.shiftMs) }]));
}

async function firingAlerts(sql: Sql): Promise<{ firing: ReadonlySet<string>; nowMs: number }> {
  const [row] = await sql.query<{ names: string[]; nowMs: number }>(
    `select array(select distinct alertname from episode where closed_at is null and resolved_at is null) as names, clock_timestamp() as "nowMs"`,
  );
  if (row === undefined) throw new PortError('postgres', 'invalid', 'a query without a row');
  return { firing: new Set(row.names), nowMs: row.nowMs };
}

/** The same readings, dated by another clock. */
function shifted({ cluster, fleet, cloud }: World, byMs: number): World {
  const dated = <Part extends { readonly observedAtMs: number }>(reading: Part): Part => ({
    ...reading,
    observedAtMs: reading.observedAtMs + byMs,
  });
  return {
    ...(cluster && { cluster: dated(cluster) }),
    ...(fleet && { fleet: dated(fleet) }),
    ...(cloud && { cloud: dated(cloud) }),
  };
}
