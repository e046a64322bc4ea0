import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

/** `gomeet security`: what to do when someone is inside. */
export const registerSecurity: Register = (program) => {
  const security = program
    .command('security')
    .description('Security incident: contain, collect, look, return to normal');
  asksForAct(
    security
      .command('lockdown [workloads...]')
      .description('Cut them (the whole product unless named) off from everything but DNS and monitoring; two people'),
  )
    .addHelpText('after', '\nExample: gomeet security lockdown auth-service --dry-run')
    .action(async (names: string[], flags: AskFlags) => await ask('lockDown', names, flags));
  asksForAct(
    security
      .command('lift [workloads...]')
      .description('Take a lockdown back, one workload after another with what was blocked; two people'),
  )
    .addHelpText('after', '\nExample: gomeet security lift frontend auth-service')
    .action(async (names: string[], flags: AskFlags) => await ask('liftLockdown', names, flags));
  security
    .command('snapshot')
    .description(
      'Forensic snapshot into a new folder: objects, events, logs, rights, with SHA-256 sums; no secret values',
    )
    .requiredOption('--out <folder>', 'where; it must not exist')
    .addHelpText('after', '\nExample: gomeet security snapshot --out incident-42')
    .action(async ({ out }: { out: string }) => (await import('./security-run.ts')).snapshot(out));
  security
    .command('access-log')
    .description("Who was refused at the gateway (401, 403, 429), by address and path, from Traefik's logs")
    .option('--since <duration>', 'how far back', '24h')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet security access-log --since 6h')
    .action(async (flags: { since: string; json?: true }) => (await import('./security-run.ts')).accessLog(flags));
  security
    .command('audit')
    .description('What audit logging a managed control plane allows, and who may do what in the namespace')
    .addHelpText('after', '\nExample: gomeet security audit')
    .action(async () => (await import('./security-run.ts')).audit());
};

async function ask(action: 'lockDown' | 'liftLockdown', names: readonly string[], flags: AskFlags): Promise<void> {
  const [{ catalogued }, { ask: askFor }] = await Promise.all([
    import('../common/catalogued.ts'),
    import('../common/ask.ts'),
  ]);
  await askFor(action, names.length === 0 ? {} : { workloads: names.map(catalogued) }, flags);
}
