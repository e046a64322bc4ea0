import { toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import type { Action, Occasion } from '../act/define.ts';
import { actions } from '../act/index.ts';
import { progressOf } from '../act/procedure.ts';
import type { Core } from '../core.ts';
import type { Run } from '../records.ts';
import { readControls } from '../store/controls.ts';
import { updateRun } from '../store/runs.ts';
import { fenced, type Hold } from './lease.ts';
import { policyOf } from './policy.ts';
import { finish, step } from './write-step.ts';

/** The guards have passed: from here on the procedure goes step by step. */
export async function beginProcedure(core: Core, run: Run): Promise<void> {
  const first = progressOf(run)?.steps[0];
  await step(
    core,
    run,
    {
      state: 'verifying',
      acted: true,
      dueInMs: 0,
      deadlineInMs: first?.withinMs ?? toMs(policyOf(core, run.alertname).limits.verifyWithin),
    },
    'step',
    `begun: ${run.says}`,
    {},
    async () => undefined,
  );
  core.wake();
}

/** Takes a procedure one step further. The stop switch holds between steps; what is under way is not left half done for a freeze. */
export async function strideOn(core: Core, run: Run, occasion: Occasion, { lease, late, skewMs }: Hold): Promise<void> {
  const action: Action = actions[run.action];
  if (action.stride === undefined) throw new TypeError(`${run.action} has no steps`);
  const { stopped } = await readControls(core.database);
  if (stopped !== undefined && action.reach === 'platform') {
    // Its time does not run while it is held.
    const held = { state: 'verifying' as const, reason: `stopped by ${stopped.by}: ${stopped.reason}` };
    await keep(core, run, { ...held, dueInMs: core.timings.verifyEveryMs, ...(late ? { deadlineInMs: 60_000 } : {}) });
    return;
  }
  const nowMs = core.clock.now() + skewMs;
  const stride = await action.stride(run, {
    occasion,
    ports: fenced(core.ports, lease),
    declared: core.declared,
    nowMs,
    late,
  });
  if (!lease.isHeld()) throw new PortError('lease', 'conflict', 'the run was taken over while its step was under way');
  switch (stride.kind) {
    case 'end':
      return await finish(core, run, lease, stride.verdict, stride.saw, stride);
    case 'wait':
      return await keep(core, run, {
        state: 'verifying',
        reason: stride.saw,
        dueInMs: core.timings.verifyEveryMs,
        change: stride.change,
      });
    case 'step': {
      const { change, says, withinMs, result } = stride;
      const update = { state: 'verifying' as const, change, dueInMs: 0, deadlineInMs: withinMs };
      await step(core, run, update, 'step', says, result === undefined ? {} : { result }, async () => undefined);
      core.wake();
    }
  }
}

async function keep(core: Core, run: Run, update: Parameters<typeof updateRun>[2]): Promise<void> {
  if (!(await updateRun(core.database, run, update))) core.instruments.leasesLost.inc();
}
