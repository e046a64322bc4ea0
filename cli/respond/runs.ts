import { UsageError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';

/** `gomeet run`, `approve`, `deny`: what was asked for, watched and decided from a terminal. */
export const registerRuns: Register = (program) => {
  program
    .command('run <id>')
    .description('Follow a run to its end and show what its steps found')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet run 3f2a9c1e')
    .action(async (id: string, flags: { json?: true }) => {
      const [{ withStore }, { follow }, { showRun }] = await Promise.all([
        import('../common/store.ts'),
        import('../common/ask.ts'),
        import('../common/ask-words.ts'),
      ]);
      await withStore(async (session) => {
        const run = await follow(session, await runId(session, id), flags.json ?? false);
        console.log(flags.json ? JSON.stringify(run, undefined, 2) : showRun(run));
      });
    });
  for (const yes of [true, false])
    program
      .command(`${yes ? 'approve' : 'deny'} <id>`)
      .description(yes ? 'Agree to what another person or the responder asks for' : 'Say no to it')
      .addHelpText('after', `\nExample: gomeet ${yes ? 'approve' : 'deny'} 3f2a9c1e`)
      .action((id: string) => decide(id, yes));
};

async function runId(
  { database }: Pick<import('../common/store.ts').StoreSession, 'database'>,
  id: string,
): Promise<string> {
  const { readRun } = await import('../../responders/store/runs.ts');
  const run = /^[0-9a-f-]{8,36}$/.test(id) ? await readRun(database, id) : undefined;
  if (run === undefined) throw new UsageError(`no run begins with ${id}: want at least eight characters of its id`);
  return run.id;
}

async function decide(id: string, yes: boolean): Promise<void> {
  const [{ withStore }, { decideRun }, { peopleFrom }, { loadConfig }, { alerts }, { may }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/desk/decide-run.ts'),
    import('../../responders/live.ts'),
    import('../../kernel/config.ts'),
    import('../../alerts/index.ts'),
    import('../../responders/interact/permissions.ts'),
  ]);
  const people = peopleFrom(loadConfig(process.env));
  await withStore(async (session) => {
    const { database, subject } = session;
    if (!may(people, subject, 'approve'))
      throw new UsageError(`${subject} may not approve: PEOPLE_FILE gives the role, and KUBECONFIG says who you are`);
    const none = (): void => undefined;
    const outcome = await decideRun(
      {
        database,
        alerts: new Map(alerts.map((alert) => [alert.name, alert])),
        scaleLimits: (limits) => limits,
        wake: none,
        changed: none,
      },
      people,
      await runId(session, id),
      subject,
      yes,
    );
    if (!outcome.ok) throw new UsageError(outcome.says);
    console.log(yes ? 'Approved.' : 'Denied.');
  });
}
