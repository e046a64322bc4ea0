import assert from 'node:assert/strict';
import type { Action, ActPorts, Blocked, Scene, World } from '../../responders/act/define.ts';
import type { Run } from '../../responders/records.ts';
import { mortal } from './killed-at.ts';
import { nowMs, pastRun } from './situation.ts';

/** How an act of one step went. */
export interface Acted {
  /** Made, found made by an earlier try, or not done after all. */
  readonly ended: 'acted' | 'found' | Blocked;
  readonly moments: number;
}

/**
 * Takes an act of one step from its intent through its clean-up as the reconciler does: whoever takes over from one that
 * was killed asks whether it was done, and if not looks again before it does it.
 */
export async function playAct(
  action: Action,
  params: unknown,
  ports: ActPorts,
  { scene, world, killAt }: { scene: Scene; world: () => World; killAt?: number },
): Promise<Acted> {
  const plan = action.preflight(params, world(), scene);
  assert.ok('change' in plan, JSON.stringify(plan));
  const run: Run = {
    ...pastRun({ action: action.name, target: plan.target, change: JSON.parse(JSON.stringify(plan.change)) }),
    state: 'intended',
    intendedAtMs: nowMs,
  };
  const responder = mortal(ports, killAt);
  let ended = await responder.turn<Acted['ended']>(
    async (living) => (await action.run(run, scene.occasion, living)) ?? 'acted',
  );
  ended ??= await responder.turn(async (living) => {
    if (await action.applied(run, living)) return 'found';
    const again = action.preflight(params, world(), scene);
    return 'blocked' in again ? again : ((await action.run(run, scene.occasion, living)) ?? 'acted');
  });
  assert.ok(ended !== undefined);
  const outcome = typeof ended.kept === 'string' ? 'verified' : 'unknown';
  const settle = () => responder.turn((living) => action.settle(run, outcome, living));
  if ((await settle()) === undefined) await settle();
  return { ended: ended.kept, moments: responder.moments() };
}
