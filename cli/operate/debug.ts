import type { Register } from '../common/register.ts';
import type { LogFlags, LookFlags } from './debug-session.ts';

/** How long a look may take, whatever is asked for. */
const longest = '8h';

/** `gomeet debug forward|pod|dns|tcp|logs`: looks inside the cluster with the rights of whoever asks; limited in time, written down, cleaned up. */
export const registerDebug: Register = (program) => {
  const debug = program
    .command('debug')
    .description(
      'Look inside the cluster with your own rights; limited in time, journalled, cleaned up also when killed',
    )
    .addHelpText(
      'after',
      '\nThe beginning and the end stand in the journal: the responder’s with DATABASE_URL, else the local one, which gomeet journal import takes over.',
    );
  debug
    .command('forward <service> <port>')
    .description('A port of this machine that leads to a ready pod of the service')
    .option('--local-port <port>', 'which port of this machine; a free one unless said')
    .option('--for <duration>', `for how long; at most ${longest}`, '30m')
    .addHelpText('after', '\nExample: gomeet debug forward grafana 3000 --for 1h')
    .action(async (service: string, port: string, flags: { localPort?: string; for: string }) =>
      (await import('./debug-run.ts')).forward(service, port, flags),
    );
  debug
    .command('pod <service>')
    .description(
      'A shell in a pod of its own that stands where the service does for network policies; never gets requests',
    )
    .option('--for <duration>', `for how long; at most ${longest}`, '30m')
    .addHelpText('after', '\nExample: gomeet debug pod auth-service')
    .action(async (service: string, flags: { for: string }) => (await import('./debug-run.ts')).pod(service, flags));
  debug
    .command('dns <name>')
    .description('What a name stands for inside the cluster')
    .option('--from <service>', 'as this service would look it up')
    .option('--for <duration>', 'how long it may take', '1m')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet debug dns auth-service.gomeet.svc.cluster.local')
    .action(async (name: string, flags: LookFlags) => (await import('./debug-run.ts')).dns(name, flags));
  debug
    .command('tcp <host> <port>')
    .description('Whether a port answers a service: its network policies hold for the look too')
    .requiredOption('--from <service>', 'as this service would reach it')
    .option('--for <duration>', 'how long it may take', '1m')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet debug tcp pgbouncer-do 5432 --from auth-service')
    .action(async (host: string, port: string, flags: LookFlags) =>
      (await import('./debug-run.ts')).tcp(host, port, flags),
    );
  debug
    .command('logs <service>')
    .description('The lines of every pod of a service; what looks like a secret is cut out')
    .option('--since <duration>', 'how far back', '1h')
    .option('--grep <pattern>', 'only lines that match a regular expression')
    .option('--follow', 'and those to come, until --for is over or it is interrupted')
    .option('--for <duration>', `with --follow: for how long; at most ${longest}`, '30m')
    .option('--out <file>', 'into a new file, readable by you alone')
    .addHelpText(
      'after',
      `
Examples:
  gomeet debug logs auth-service --since 6h --grep ERROR
  gomeet debug logs auth-service --since 24h --out auth-service-logs.txt
  gomeet debug logs auth-service --follow`,
    )
    .action(async (service: string, flags: LogFlags) => (await import('./debug-logs.ts')).logs(service, flags));
};
