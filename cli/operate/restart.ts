import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

/** `gomeet restart`. */
export const registerRestart: Register = (program) => {
  asksForAct(
    program
      .command('restart [services...]')
      .description('Restart services one after another, each verified before the next')
      .option('--all', 'every service that may be restarted'),
  )
    .addHelpText('after', '\nExample: gomeet restart auth-service --dry-run')
    .action(async (services: string[], flags: AskFlags & { all?: true }) => {
      const [{ UsageError }, { catalogued }, { ask }] = await Promise.all([
        import('../../kernel/errors.ts'),
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      if ((services.length === 0) === (flags.all === undefined))
        throw new UsageError('which ones? Name services, or say --all');
      await ask('restartAll', flags.all ? {} : { workloads: services.map(catalogued) }, flags);
    });
};
