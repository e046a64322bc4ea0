import type { TestContext } from 'node:test';
import { testDatabase } from '../support/database.ts';
import { type FaultWorld, startFaultWorld } from './world.ts';

/** The peers of one fault test, on a database of their own, ended with the test. */
export async function faultWorld(t: TestContext, deployments: Readonly<Record<string, number>>): Promise<FaultWorld> {
  const world = await startFaultWorld(deployments, await testDatabase());
  t.after(() => world.close());
  return world;
}
