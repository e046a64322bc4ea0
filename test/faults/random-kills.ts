import { seededRandom } from '../../lab/simulator/random.ts';
import { waitFor } from '../support/rig.ts';
import { crashLoop, type FaultWorld } from './world.ts';

/** What became of alerts whose responder was killed again and again. */
export interface KillOutcome {
  readonly kills: number;
  /** Alerts that were answered with 200. */
  readonly accepted: number;
  /** Services whose alert was accepted and that were never restarted. */
  readonly lost: readonly string[];
  /** Services that were restarted more than once. */
  readonly repeated: readonly string[];
}

/** Sends one alert for each service of the world while the responder is killed at random moments and started anew under another name. */
export async function killAtRandom(world: FaultWorld, options: { kills: number; seed: number }): Promise<KillOutcome> {
  const random = seededRandom(options.seed);
  const services = [...(world.settings.workloads ?? [])];
  const accepted = new Set<string>();
  const perLife = Math.ceil(services.length / options.kills);
  let kills = 0;
  for (let life = 0; life < options.kills; life += 1) {
    const replica = await world.start(`life-${life}`);
    const batch = services.slice(life * perLife, (life + 1) * perLife);
    const sending = batch.map(async (service) => {
      // A kill in the middle of the request: nobody was told 200, so nothing was promised.
      const status = await replica.send(crashLoop(service)).catch(() => undefined);
      if (status === 200) accepted.add(service);
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 120));
    await replica.signal('SIGKILL');
    await Promise.all(sending);
    kills += 1;
  }
  const restarts = () =>
    world.kubernetes.effects.filter(({ kind }) => kind === 'restart').map(({ deployment }) => deployment);
  // What was refused is sent again, as Alertmanager does.
  const last = await world.start('survivor');
  for (const service of services)
    if (!accepted.has(service) && (await last.send(crashLoop(service))) === 200) accepted.add(service);
  await waitFor(
    async () =>
      (await world.database.query(`select from run where state in ('intended', 'verifying')`)).length === 0 &&
      new Set(restarts()).size === accepted.size,
    'all runs to end',
  ).catch(() => undefined);
  const counts = new Map<string, number>();
  for (const name of restarts()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    kills,
    accepted: accepted.size,
    lost: [...accepted].filter((service) => !counts.has(service)),
    repeated: [...counts].filter(([, count]) => count > 1).map(([service]) => service),
  };
}
