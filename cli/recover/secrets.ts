import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';
import type { SetupFlags } from './secrets-run.ts';

/** `gomeet secrets`: exactly the keys that the workloads read; never a value on the screen, in an argument or on a disk. */
export const registerSecrets: Register = (program) => {
  const secrets = program
    .command('secrets')
    .description('The keys that workloads read: set up, rotate, ages; never a value');
  secrets
    .command('setup')
    .description(
      'Make what is missing: random keys are made, given ones come from the environment; what is there stays',
    )
    .option('--namespace <name>', "another namespace than the platform's")
    .option('--sealed <file>', 'write them there instead, encrypted for BACKUP_ENCRYPTION_KEY with age')
    .option('--partial', 'do not refuse when given ones are missing')
    .option(
      '--overwrite-given',
      'take given ones in again although they are there: a token that changed, another database',
    )
    .option('--dry-run', 'say what would be made')
    .addHelpText('after', '\nExample: gomeet secrets setup --dry-run')
    .action(async (flags: SetupFlags) => (await import('./secrets-run.ts')).setup(flags));
  secrets
    .command('list')
    .description('Every key, who reads it, where it comes from, how old it is')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet secrets list')
    .action(async (flags: { json?: true }) => (await import('./secrets-run.ts')).list(flags));
  asksForAct(
    secrets
      .command('rotate [keys...]')
      .description('New values, then a restart of what reads them, one after another, each verified; two people')
      .option('--database', "a new password of the product's managed PostgreSQL"),
  )
    .addHelpText(
      'after',
      '\nExample: gomeet secrets rotate JWT_SECRET --dry-run\n         gomeet secrets rotate --database',
    )
    .action(async (keys: string[], flags: AskFlags & { database?: true }) =>
      (await import('../common/ask.ts')).ask(
        'rotateSecrets',
        { ...(keys.length === 0 ? {} : { keys }), ...(flags.database ? { database: true } : {}) },
        flags,
      ),
    );
};
