import type { Register } from '../common/register.ts';

/** `gomeet dr test`: the monthly disaster-recovery test as one command. */
export const registerDr: Register = (program) => {
  const dr = program.command('dr').description('Disaster recovery');
  dr.command('test [backup]')
    .description(
      'Restore a backup (the newest unless said) beside production into the namespace gomeet-dr-test, see the services come up on it, take it all away again; exit 1 when anything was not right',
    )
    .option('--ready-within <seconds>', 'how long the services may take to become ready', '600')
    .option('--out <file>', 'also write the report there, as Markdown')
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample: gomeet dr test --out dr-2026-11.md')
    .action(async (backup: string | undefined, flags: { readyWithin: string; out?: string; json?: true }) =>
      (await import('./dr-run.ts')).test(backup ?? 'latest', flags),
    );
};
