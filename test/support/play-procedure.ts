import assert from 'node:assert/strict';
import type { Action, ActPorts, Blocked, Preflight, World } from '../../responders/act/define.ts';
import { progressOf } from '../../responders/act/procedure.ts';
import type { Run } from '../../responders/records.ts';
import { nowMs, pastRun, situationOf } from './situation.ts';

/** How a procedure went. */
export interface Played {
  readonly run: Run;
  readonly verdict: 'verified' | 'not-improved' | 'unknown' | undefined;
  readonly saw: string;
  /** Strides it took. */
  readonly turns: number;
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

/** Takes a procedure from its plan to its end, each stride as the store would give the run back. `killAfter` throws the answer of that stride away once, as a kill between act and write does. */
export async function playProcedure(
  action: Action,
  params: unknown,
  ports: ActPorts,
  options: {
    world?: World;
    declared?: Parameters<typeof planOf>[3];
    killAfter?: number;
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
  for (let turn = 0; turn < 200; turn += 1) {
    const stride = await action.stride?.(JSON.parse(JSON.stringify(run)), {
      occasion: { labels: {}, fingerprint: undefined, incidentId: '1' },
      ports,
      declared: options.declared ?? situationOf('restartWorkload').scene.declared,
      nowMs: nowMs + turn * (options.turnMs ?? 1_000),
      late: options.late?.(saw) ?? false,
    });
    assert.ok(stride !== undefined);
    if (turn === options.killAfter) continue;
    saw = 'saw' in stride ? stride.saw : stride.says;
    run = { ...run, change: stride.change ?? run.change };
    if (stride.kind === 'end')
      return { run, verdict: stride.verdict, saw: stride.saw, turns: turn + 1, steps: stepsOf(run) };
  }
  return { run, verdict: undefined, saw, turns: 200, steps: stepsOf(run) };
}

function stepsOf(run: Run): Played['steps'] {
  return (progressOf(run)?.steps ?? []).map(({ title, state, saw }) => ({ title, state, saw }));
}
