import assert from 'node:assert/strict';
import type { Action, ActPorts, Blocked, Preflight, World } from '../../responders/act/define.ts';
import { progressOf } from '../../responders/act/procedure.ts';
import type { Run } from '../../responders/records.ts';
import { mortal } from './killed-at.ts';
import { nowMs, pastRun, situationOf } from './situation.ts';

/** How a procedure went. */
export interface Played {
  readonly run: Run;
  readonly verdict: 'verified' | 'not-improved' | 'unknown' | undefined;
  readonly saw: string;
  /** Moments at which it could have been killed. */
  readonly moments: number;
  readonly steps: readonly { readonly title: string; readonly state: string; readonly saw: string | undefined }[];
}

/** The plan of a procedure in a world where every part is `world`'s. */
export function planOf(
  action: Action,
  params: unknown,
  world: World,
  declared = situationOf('restartWorkload').scene.declared,
): Preflight | Blocked {
  return action.preflight(params, world, { ...situationOf('restartWorkload').scene, declared });
}

/** Takes a procedure from its plan to its end, each stride as the store would give the run back; killed at that moment, another goes on from what the store has. */
export async function playProcedure(
  action: Action,
  params: unknown,
  ports: ActPorts,
  options: {
    world?: World;
    declared?: Parameters<typeof planOf>[3];
    killAt?: number;
    late?: (saw: string) => boolean;
    from?: Run;
    turnMs?: number;
  } = {},
): Promise<Played> {
  const plan = planOf(action, params, options.world ?? {}, options.declared);
  assert.ok('change' in plan, JSON.stringify(plan));
  let run: Run = options.from ?? {
    ...pastRun({}),
    action: action.name,
    change: plan.change,
    state: 'verifying',
    actedAtMs: nowMs,
  };
  let saw = '';
  const responder = mortal(ports, options.killAt);
  for (let turn = 0; turn < 200; turn += 1) {
    const taken = await responder.turn(async (living) =>
      action.stride?.(JSON.parse(JSON.stringify(run)), {
        occasion: { labels: {}, fingerprint: undefined, incidentId: '1' },
        ports: living,
        declared: options.declared ?? situationOf('restartWorkload').scene.declared,
        nowMs: nowMs + turn * (options.turnMs ?? 1_000),
        late: options.late?.(saw) ?? false,
      }),
    );
    if (taken === undefined) continue;
    const { kept: stride } = taken;
    assert.ok(stride !== undefined);
    saw = 'saw' in stride ? stride.saw : stride.says;
    run = { ...run, change: stride.change ?? run.change };
    if (stride.kind === 'end')
      return { run, verdict: stride.verdict, saw: stride.saw, moments: responder.moments(), steps: stepsOf(run) };
  }
  return { run, verdict: undefined, saw, moments: responder.moments(), steps: stepsOf(run) };
}

function stepsOf(run: Run): Played['steps'] {
  return (progressOf(run)?.steps ?? []).map(({ title, state, saw }) => ({ title, state, saw }));
}
