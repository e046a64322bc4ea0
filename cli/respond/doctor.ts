import { styleText } from 'node:util';
import type { Config } from '../../kernel/config.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';

/** How one check ended; `absent` means that a setting is missing and the part is off. */
export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'wrong' | 'absent';
  readonly says: string;
}

/** `gomeet doctor`: reaches every peer that is configured, and names what is missing. */
export const registerDoctor: Register = (program) => {
  program
    .command('doctor')
    .description(
      'Check reachability, permissions and scopes of everything that is configured; exit 1 when something is wrong',
    )
    .option('--json', 'as JSON')
    .action(async (flags: { json?: true }) => {
      const { loadConfig } = await import('../../kernel/config.ts');
      const findings = await examine(loadConfig(process.env));
      if (flags.json) console.log(JSON.stringify(findings, undefined, 2));
      else for (const { check, verdict, says } of findings) console.log(`${mark[verdict]} ${check.padEnd(14)} ${says}`);
      if (findings.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1;
    });
};

const mark = { ok: styleText('green', '✓'), wrong: styleText('red', '✗'), absent: styleText('dim', '·') };

/** Every check, side by side; none throws. */
export async function examine(config: Config): Promise<readonly Finding[]> {
  const checks: readonly [string, readonly (keyof Config)[], () => Promise<string>][] = [
    ['store', ['DATABASE_URL'], () => store(config)],
    ['kubernetes', ['KUBECONFIG'], () => kubernetes(config)],
    ['prometheus', ['PROMETHEUS_URL'], () => prometheus(config)],
    ['alertmanager', ['ALERTMANAGER_URL'], () => alertmanager(config)],
    ['livekit', ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'], () => livekit(config, 'rooms')],
    ['redis', ['REDIS_URL', 'LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'], () => livekit(config, 'nodes')],
    ['digitalocean', ['DIGITALOCEAN_TOKEN'], () => digitalocean(config)],
    ['slack', ['SLACK_BOT_TOKEN'], () => slack(config)],
    ['people', ['PEOPLE_FILE'], () => people(config)],
  ];
  return await Promise.all(
    checks.map(async ([check, needs, run]): Promise<Finding> => {
      const missing = needs.filter((name) => config[name] === undefined);
      if (missing.length > 0) return { check, verdict: 'absent', says: `${missing.join(', ')} not set` };
      try {
        return { check, verdict: 'ok', says: await run() };
      } catch (error) {
        return { check, verdict: 'wrong', says: errorText(error) };
      }
    }),
  );
}

async function store(config: Config): Promise<string> {
  const { openDatabase } = await import('../../responders/store/database.ts');
  const database = openDatabase(config.DATABASE_URL ?? '', { max: 1 });
  try {
    const [row] = await database.query<{ version: string }>('select version()');
    return row?.version.split(' on ')[0] ?? 'answers';
  } finally {
    await database.close();
  }
}

async function kubernetes(config: Config): Promise<string> {
  const [{ createKubernetesClient }, { mayI, reviewedUser }, { roleRules }] = await Promise.all([
    import('../../responders/adapters/kubernetes/client.ts'),
    import('../../responders/adapters/kubernetes/access.ts'),
    import('../../responders/act/index.ts'),
  ]);
  const client = createKubernetesClient({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE });
  const missing = await mayI(client, roleRules());
  if (missing.length > 0)
    throw new Error(
      `may not ${missing.map((rule) => `${rule.verbs.join(',')} ${rule.resources.join(',')}`).join('; ')} in ${config.KUBE_NAMESPACE}`,
    );
  return `is ${(await reviewedUser(client)) ?? 'somebody'}, with every verb that the actions need`;
}

async function prometheus(config: Config): Promise<string> {
  const { createPrometheus } = await import('../../responders/adapters/prometheus.ts');
  const up = await createPrometheus({ url: config.PROMETHEUS_URL ?? '' }).query('count by (job) (up == 1)');
  return up.length === 0
    ? 'answers, but no target is up'
    : `targets up: ${up.map(({ labels, value }) => `${labels['job']} ${value}`).join(', ')}`;
}

async function alertmanager(config: Config): Promise<string> {
  const { createAlertmanager } = await import('../../responders/adapters/alertmanager.ts');
  return `${(await createAlertmanager({ url: config.ALERTMANAGER_URL ?? '' }).activeAlerts()).length} alerts active`;
}

async function livekit(config: Config, what: 'rooms' | 'nodes'): Promise<string> {
  const [{ createLiveKitSource }, { livekitRange }] = await Promise.all([
    import('../../exporters/livekit/source.ts'),
    import('../../exporters/metrics/livekit-server.ts'),
  ]);
  const source = createLiveKitSource({
    url: config.LIVEKIT_URL ?? '',
    apiKey: config.LIVEKIT_API_KEY ?? '',
    apiSecret: config.LIVEKIT_API_SECRET ?? '',
    redisUrl: config.REDIS_URL,
  });
  try {
    return what === 'rooms'
      ? `${(await source.listRooms()).length} rooms; ${livekitRange}`
      : `${(await source.readNodes()).length} nodes`;
  } finally {
    await source.close();
  }
}

async function digitalocean(config: Config): Promise<string> {
  const [{ createDigitalOcean }, { createDatabases }, { createEdge }, { environmentNamed }, { declareInfrastructure }] =
    await Promise.all([
      import('../../responders/adapters/digitalocean/account.ts'),
      import('../../responders/adapters/digitalocean/databases.ts'),
      import('../../responders/adapters/digitalocean/edge.ts'),
      import('../common/environment.ts'),
      import('../../manifests/infrastructure/declare.ts'),
    ]);
  const options = { token: config.DIGITALOCEAN_TOKEN ?? '', url: config.DIGITALOCEAN_API_URL };
  const cloud = await createDigitalOcean(options);
  const { pools, droplets, dropletLimit } = await cloud.read();
  // What the token must read for repairs; what it may change shows only when it does.
  const refused = await refusals([
    () => cloud.volumes(),
    () => createDatabases(options).list(),
    () => createEdge(options).firewalls(),
    () => createEdge(options).records(declareInfrastructure(environmentNamed(config.GOMEET_ENVIRONMENT)).domain.name),
  ]);
  if (refused.length > 0) throw new Error(refused.join('; '));
  return `node pools ${pools.map(({ name, count }) => `${name} ${count}`).join(', ') || 'none'}; ${droplets} of ${dropletLimit} droplets`;
}

/** What is said of each look that was refused; what is only not there is no matter of scopes. */
async function refusals(looks: readonly (() => Promise<unknown>)[]): Promise<readonly string[]> {
  const said = await Promise.all(
    looks.map((look) =>
      look().then(
        () => [],
        (error: unknown) => (error instanceof PortError && error.code === 'not-found' ? [] : [errorText(error)]),
      ),
    ),
  );
  return said.flat();
}

async function slack(config: Config): Promise<string> {
  const { slackIdentity } = await import('../../responders/adapters/slack/identity.ts');
  return await slackIdentity({ token: config.SLACK_BOT_TOKEN ?? '', apiUrl: config.SLACK_API_URL });
}

async function people(config: Config): Promise<string> {
  const [{ readFile }, { parsePeople }] = await Promise.all([
    import('node:fs/promises'),
    import('../../responders/interact/permissions.ts'),
  ]);
  const all = parsePeople(await readFile(config.PEOPLE_FILE ?? '', 'utf8'));
  return `${all.length} people, ${all.filter(({ roles }) => roles.includes('approve')).length} may approve`;
}
