import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

/** `gomeet routine NAME`: what the calendar starts, now. */
export const registerRoutine: Register = (program) => {
  asksForAct(
    program
      .command('routine <name>')
      .description(
        'A routine of the runbook, now: morning, shift-handover, backup-verification, security-updates, performance-review, capacity-planning, disaster-recovery-test',
      ),
  )
    .addHelpText('after', '\nExample: gomeet routine morning')
    .action(async (given: string, flags: AskFlags) => {
      const [{ UsageError }, { closest }, { routineNames }, { ask }] = await Promise.all([
        import('../../kernel/errors.ts'),
        import('fastest-levenshtein'),
        import('../../responders/routine/routines.ts'),
        import('../common/ask.ts'),
      ]);
      const routine = routineNames.find((name) => name === given);
      if (routine === undefined)
        throw new UsageError(`there is no routine ${given}. Did you mean ${closest(given, [...routineNames])}?`);
      await ask('runRoutine', { routine }, flags);
    });
};
