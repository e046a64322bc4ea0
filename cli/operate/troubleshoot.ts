import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

/** `gomeet troubleshoot`, and `gomeet fix` with what can be done about a cause. */
export const registerTroubleshoot: Register = (program) => {
  asksForAct(
    program
      .command('troubleshoot <entry> [service]')
      .description('Look for a cause: service-not-starting, high-usage, database, load-balancer; changes nothing'),
  )
    .addHelpText('after', '\nExample: gomeet troubleshoot service-not-starting auth-service')
    .action(async (given: string, service: string | undefined, flags: AskFlags) => {
      const [{ UsageError }, { closest }, { entryNames }, { catalogued }, { ask }] = await Promise.all([
        import('../../kernel/errors.ts'),
        import('fastest-levenshtein'),
        import('../../responders/act/troubleshoot.ts'),
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      const entry = entryNames.find((name) => name === given);
      if (entry === undefined)
        throw new UsageError(`there is no entry ${given}. Did you mean ${closest(given, [...entryNames])}?`);
      await ask('troubleshoot', { entry, ...(service === undefined ? {} : { workload: catalogued(service) }) }, flags);
    });
  const fix = program.command('fix').description('What troubleshooting may say that would help');
  asksForAct(
    fix
      .command('resources <service>')
      .description('Other requests and limits; back to the old ones when its pods do not come up')
      .option('--cpu <amount>', 'cores: 500m, 2, or a factor such as x1.5')
      .option('--memory <amount>', 'bytes: 2Gi, or a factor such as x1.5'),
  )
    .addHelpText('after', '\nExample: gomeet fix resources auth-service --memory x1.5 --dry-run')
    .action(async (service: string, flags: AskFlags & { cpu?: string; memory?: string }) => {
      const [{ UsageError }, { catalogued }, { ask }] = await Promise.all([
        import('../../kernel/errors.ts'),
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      const { cpu, memory } = flags;
      if (cpu === undefined && memory === undefined) throw new UsageError('how much? Say --cpu or --memory');
      await ask(
        'setResources',
        {
          workload: catalogued(service),
          ...(cpu === undefined ? {} : { cpu }),
          ...(memory === undefined ? {} : { memory }),
        },
        flags,
      );
    });
  asksForAct(
    fix
      .command('pod <name>')
      .description('Delete one pod; never an SFU with rooms')
      .option('--force', 'at once, without grace: needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet fix pod auth-service-6d4b75cb6d-x7k2p')
    .action(async (pod: string, flags: AskFlags & { force?: true }) => {
      const { ask } = await import('../common/ask.ts');
      await ask(flags.force ? 'forceDeletePod' : 'deletePod', { pod }, flags);
    });
  asksForAct(
    fix.command('dns').description('Point every declared name at the load balancer’s address; needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet fix dns --dry-run')
    .action(async (flags: AskFlags) => (await import('../common/ask.ts')).ask('repairDns', {}, flags));
  asksForAct(
    fix
      .command('firewall')
      .description('Let in again what the declaration lets in; closes nothing; needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet fix firewall --dry-run')
    .action(async (flags: AskFlags) => (await import('../common/ask.ts')).ask('repairFirewall', {}, flags));
  fix
    .command('load-balancer')
    .description('Refused, with the reason, and what to do in its place')
    .addHelpText('after', '\nExample: gomeet fix load-balancer')
    .action(async () => {
      const { UsageError } = await import('../../kernel/errors.ts');
      throw new UsageError(
        'a load balancer is never deleted and made again: its address goes with it, and DNS, certificates and firewalls know that one. Look with gomeet troubleshoot load-balancer; then gomeet restart traefik, gomeet fix dns or gomeet fix firewall',
      );
    });
  asksForAct(
    fix
      .command('config <map> <key> <file>')
      .description(
        'One key of a ConfigMap from a file; who reads it is restarted, and gets the old value back when it does not come up',
      ),
  )
    .addHelpText('after', '\nExample: gomeet fix config auth-config config.yaml ./config.yaml')
    .action(async (configMap: string, key: string, file: string, flags: AskFlags) => {
      const [{ readFile }, { UsageError, errorText }, { ask }] = await Promise.all([
        import('node:fs/promises'),
        import('../../kernel/errors.ts'),
        import('../common/ask.ts'),
      ]);
      const value = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new UsageError(errorText(error));
      });
      await ask('editConfig', { configMap, key, value }, flags);
    });
};
