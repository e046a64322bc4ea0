import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

/** `gomeet database`: what can be commanded of the managed databases, and what they do by themselves. */
export const registerDatabase: Register = (program) => {
  const database = program.command('database').description('Managed PostgreSQL and Valkey in an emergency');
  database
    .command('status')
    .description('State, newest backup and replicas of each; a standby takes over by itself, no call makes it')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet database status')
    .action(status);
  asksForAct(
    database.command('promote <database> <replica>').description('Make a read-only replica a primary; two people'),
  )
    .addHelpText('after', '\nExample: gomeet database promote gomeet-db replica-sfo --dry-run')
    .action(async (name: string, replica: string, flags: AskFlags) =>
      (await import('../common/ask.ts')).ask('promoteReplica', { database: name, replica }, flags),
    );
  asksForAct(
    database
      .command('restore <database>')
      .description("Make a new cluster from the service's own backup (PostgreSQL only); two people")
      .requiredOption('--as <name>', 'name of the new cluster')
      .option('--at <time>', 'the newest backup before this moment, such as 2026-11-24T02:00Z'),
  )
    .addHelpText('after', '\nExample: gomeet database restore gomeet-db --as gomeet-db-tuesday')
    .action(async (name: string, flags: AskFlags & { as: string; at?: string }) => {
      const { UsageError } = await import('../../kernel/errors.ts');
      const atMs = flags.at === undefined ? undefined : Date.parse(flags.at);
      if (Number.isNaN(atMs)) throw new UsageError(`--at: not a moment: ${flags.at}`);
      await (await import('../common/ask.ts')).ask(
        'restoreManaged',
        { database: name, as: flags.as, ...(atMs === undefined ? {} : { atMs }) },
        flags,
      );
    });
};

async function status(flags: { json?: true }): Promise<void> {
  const [{ loadConfig, required }, { createDatabases }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../responders/adapters/digitalocean/databases.ts'),
  ]);
  const config = loadConfig(process.env);
  const databases = createDatabases({
    token: required(config, 'DIGITALOCEAN_TOKEN'),
    url: config.DIGITALOCEAN_API_URL,
  });
  const rows = await Promise.all(
    (await databases.list()).map(async ({ user: _user, ...one }) => ({
      ...one,
      newestBackup: (await databases.backups(one.id)).at(-1),
      replicas: (await databases.replicas(one.id).catch(() => [])).map(
        ({ name, status: state }) => `${name} (${state})`,
      ),
    })),
  );
  if (flags.json) return console.log(JSON.stringify(rows, undefined, 2));
  const { printedTable } = await import('../common/printed.ts');
  console.log(
    printedTable(
      'Managed databases',
      ['cluster', 'engine', 'status', 'nodes', "service's newest backup", 'replicas', 'when it fails'],
      rows.map(({ name, engine, version, status: state, nodes, newestBackup, replicas }) => [
        name,
        `${engine} ${version}`,
        state,
        String(nodes),
        newestBackup === undefined ? 'none' : new Date(newestBackup).toISOString(),
        replicas.join(', ') || 'none',
        nodes > 1 ? 'a standby takes over by itself' : 'nothing takes over',
      ]),
    ),
  );
}
