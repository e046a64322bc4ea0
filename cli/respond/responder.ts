import type { Register } from '../common/register.ts';

interface Flags {
  readonly store?: 'embedded';
  readonly dryRun?: true;
}

/** `gomeet responder`. */
export const registerResponder: Register = (program) => {
  program
    .command('responder')
    .description('Act on alerts by the runbook: intake, guards, act, verify, tell')
    .option('--store <kind>', '`embedded`: a PostgreSQL of its own in .gomeet/, for a laptop', onlyEmbedded)
    .option('--dry-run', 'everything but the act: plans are shown, nothing is touched')
    .addHelpText(
      'after',
      `
Settings: DATABASE_URL, WEBHOOK_TOKEN, CONSOLE_TOKENS, PROMETHEUS_URL, ALERTMANAGER_URL, LIVEKIT_*, REDIS_URL, KUBECONFIG,
DIGITALOCEAN_TOKEN, SLACK_*; \`gomeet config\` shows them all. Routes: POST /alertmanager, POST /slack/interactions,
/metrics, /healthz, /readyz; the console on CONSOLE_ADDR.`,
    )
    .action(run);
};

function onlyEmbedded(value: string): 'embedded' {
  if (value !== 'embedded') throw new Error('want `embedded`');
  return value;
}

async function run(flags: Flags): Promise<void> {
  const [
    { loadConfig, required },
    { systemClock },
    { createLog },
    { liveResponder },
    { startResponder },
    { createSlackSocket },
    { scheduledReport },
  ] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/log.ts'),
    import('../../responders/live.ts'),
    import('../../responders/main.ts'),
    import('../../responders/adapters/slack/socket.ts'),
    import('../money/monthly-job.ts'),
  ]);
  const config = loadConfig(process.env);
  const log = createLog('responder');
  const store =
    flags.store === 'embedded'
      ? await (await import('../../responders/store/embedded.ts')).startEmbeddedStore(`${process.cwd()}/.gomeet/store`)
      : undefined;
  const live = await liveResponder(config, log, store?.url ?? required(config, 'DATABASE_URL'));
  const responder = await startResponder({
    ...live.options,
    dryRun: flags.dryRun ?? false,
    jobs: ({ database }) => [scheduledReport(config, systemClock, log, database)],
  });
  const socket =
    config.SLACK_APP_TOKEN === undefined
      ? undefined
      : createSlackSocket({ ...responder.clicks, appToken: config.SLACK_APP_TOKEN, apiUrl: config.SLACK_API_URL });
  await socket?.start();
  console.log(`webhooks ${responder.url}/alertmanager\nconsole  ${responder.consoleUrl}`);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  await socket?.stop();
  await responder.close();
  await live.close();
  await store?.stop();
}
