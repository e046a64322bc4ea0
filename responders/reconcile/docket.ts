import { randomUUID } from 'node:crypto';
import { toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import type { World } from '../act/define.ts';
import type { Core } from '../core.ts';
import type { Run } from '../records.ts';
import { type Controls, readControls } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { activeHolds, recentRuns } from '../store/runs.ts';

/** What all decisions of one transaction share. */
export interface Docket {
  readonly controls: Controls;
  readonly recent: Run[];
  readonly holds: ReadonlyMap<string, number>;
  readonly firing: ReadonlySet<string>;
  /** The store's clock, which all replicas share: limits in time hold whatever this machine's clock says. */
  readonly nowMs: number;
  /** The platform as last seen, its ages as they are, its times by the store's clock. */
  readonly world: World;
  /** Under which what these decisions saw is kept, for `gomeet replay`. */
  readonly sceneId: string;
}

/** Reads it; holds the lock under which replicas decide one after another, so that limits hold over all of them. */
export async function openDocket(sql: Sql, core: Core): Promise<Docket> {
  await sql.query(`select pg_advisory_xact_lock(hashtext('gomeet-decide'))`);
  const windowMs = Math.max(
    3_600_000,
    ...[...core.alerts.values()].map(({ limits }) => Math.max(toMs(limits.cooldown), toMs(limits.breakerFor))),
  );
  const [controls, recent, holds, { firing, nowMs }] = [
    await readControls(sql),
    await recentRuns(sql, windowMs),
    await activeHolds(sql),
    await firingAlerts(sql),
  ];
  return {
    controls,
    recent,
    holds,
    firing,
    nowMs,
    world: shifted(core.world.current(), nowMs - core.clock.now()),
    sceneId: randomUUID(),
  };
}

/** Keeps what a transaction's decisions looked at, once for all of them. */
export async function keepScene(sql: Sql, core: Core, docket: Docket): Promise<void> {
  const { controls, recent, holds, firing, nowMs, world } = docket;
  const seen = {
    nowMs,
    world,
    controls: { ...controls, modes: [...controls.modes] },
    recent,
    holds: [...holds],
    firing: [...firing],
    declared: core.declared,
    budget: core.budget,
  };
  await sql.query('insert into scene (id, seen) values ($1, $2)', [docket.sceneId, JSON.stringify(seen)]);
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
