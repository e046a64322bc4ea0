import { InvalidArgumentError } from 'commander';
import type { Component } from '../../responders/backup/define.ts';
import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

interface RestoreFlags extends Flags {
  readonly target?: string;
  readonly namespace?: string;
  readonly out?: string;
  readonly overProduction?: true;
  readonly local?: true;
  readonly breakGlass?: string;
}

interface Flags {
  readonly only?: readonly Component[];
  readonly json?: true;
  readonly dryRun?: true;
}

/** `gomeet backup`: PostgreSQL, Valkey, Kubernetes objects, logs and metrics, encrypted, in Spaces. Needs neither the responder nor its store. */
export const registerBackup: Register = (program) => {
  const backup = program
    .command('backup')
    .description('Backups of PostgreSQL, Valkey, Kubernetes objects, logs and metrics: encrypted, in Spaces');
  backup
    .command('create')
    .description('Make one, or end one that broke off in the last six hours; exit 1 when a component is missing')
    .option('--only <components>', 'postgresql,valkey,kubernetes,logs,metrics', componentList)
    .option('--unless-newer <duration>', 'nothing to do when a whole one is younger, or one is being made')
    .option('--json', 'the manifest as JSON')
    .addHelpText('after', '\nExample: gomeet backup create --only postgresql,valkey')
    .action(async (flags: Flags & { unlessNewer?: string }) => await (await import('./backup-run.ts')).create(flags));
  asksForAct(
    backup.command('now').description('Make one in the cluster now, through the responder: no key is needed here'),
  )
    .addHelpText('after', '\nExample: gomeet backup now')
    .action(async (flags: AskFlags) => await (await import('../common/ask.ts')).ask('runBackup', {}, flags));
  backup
    .command('list')
    .description('What is in the bucket, newest first: age, size, whether a test restore has proved it')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet backup list')
    .action(async (flags: Flags) => await (await import('./backup-run.ts')).list(flags));
  backup
    .command('verify [backup]')
    .description('Restore one for real into a scratch database, count, drop it again; exit 1 when it is not whole')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet backup verify latest')
    .action(async (name: string | undefined, flags: Flags) =>
      (await import('./backup-run.ts')).verify(name ?? 'latest', flags),
    );
  for (const [command, description] of [
    ['restore <backup>', 'Restore one (by its name, or latest) into a named target'],
    ['restore-spaces <key>', 'The same by a key of the bucket, as the original script had it'],
  ] as const)
    backup
      .command(command)
      .description(description)
      .option('--target <name>', 'name of the database, and of the restore; never production')
      .option('--namespace <name>', 'Kubernetes namespace for its objects')
      .option('--out <folder>', 'folder for logs and metrics')
      .option('--only <components>', 'postgresql,valkey,kubernetes,logs,metrics', componentList)
      .option('--over-production', 'over what production runs on; two people, through the responder or with --local')
      .option('--local', 'with --over-production: without a responder')
      .option('--break-glass <reason>', 'with --over-production: alone, for 15 minutes; everyone is told')
      .option('--dry-run', 'say what would be done; nothing is')
      .option('--json', 'as JSON')
      .addHelpText(
        'after',
        '\nExample: gomeet backup restore latest --only postgresql --target gomeet_tuesday --dry-run',
      )
      .action(
        async (name: string, flags: RestoreFlags) => await (await import('./backup-run.ts')).restore(name, flags),
      );
  backup
    .command('cleanup')
    .description(
      'Delete what is past its time: 30 days of days, 12 weeks of weeks, 12 months of months; never the last good one',
    )
    .option('--keep-days <days>', 'how many days', days, 30)
    .option('--dry-run', 'say what would go; nothing does')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet backup cleanup --dry-run')
    .action(async (flags: Flags & { keepDays: number }) => await (await import('./backup-run.ts')).cleanup(flags));
};

const names: readonly Component[] = ['postgresql', 'valkey', 'kubernetes', 'logs', 'metrics'];

function componentList(text: string): readonly Component[] {
  return text.split(',').map((part) => {
    const found = names.find((name) => name === part.trim());
    if (found === undefined) throw new InvalidArgumentError(`want some of ${names.join(',')}`);
    return found;
  });
}

function days(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 3_650) throw new InvalidArgumentError('want 1 to 3650 days');
  return count;
}
