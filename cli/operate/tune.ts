import type { Register } from '../common/register.ts';

/** `gomeet tune`: the runbook's tuning, checked against what runs. */
export const registerTune: Register = (program) => {
  program
    .command('tune [subject]')
    .description(
      'What of the runbook’s tuning holds here, and what must not be done: postgresql, valkey, livekit-sfu, prometheus, nodes',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet tune valkey')
    .action(async (subject: string | undefined, flags: { json?: true }) => {
      const [{ tuningAdvice }, { workloads }, { printedTable }, { UsageError }] = await Promise.all([
        import('../../responders/tuning/advice.ts'),
        import('../../manifests/catalogue/index.ts'),
        import('../common/printed.ts'),
        import('../../kernel/errors.ts'),
      ]);
      const all = tuningAdvice(workloads);
      const shown = all.filter((one) => subject === undefined || one.subject === subject);
      if (shown.length === 0) throw new UsageError(`want ${[...new Set(all.map((one) => one.subject))].join(', ')}`);
      if (flags.json) return console.log(JSON.stringify(shown, undefined, 2));
      const rows = shown.map((one) => [one.subject, one.setting, one.documented, one.verdict, one.say]);
      console.log(printedTable('Tuning', ['of', 'setting', 'the runbook says', 'verdict', 'because'], rows));
    });
};
