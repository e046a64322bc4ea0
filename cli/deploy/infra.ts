import type { Command } from 'commander';
import type { InfraCloud } from '../../deploy/infra/port.ts';
import type { Config } from '../../kernel/config.ts';
import { opensearch } from '../../manifests/catalogue/opensearch.ts';
import { type Infrastructure, type ResourceKind, resourceKinds } from '../../manifests/infrastructure/define.ts';
import type { PriceBook } from '../../model/prices.ts';
import type { Register } from '../common/register.ts';

interface InfraFlags {
  readonly environment: string;
  readonly json?: true;
  readonly planExpansion?: true;
  readonly yes?: true;
  readonly out?: string;
}

/** `gomeet infra plan|apply|kubeconfig`: what DigitalOcean is asked for, what it costs, and the way into the cluster. */
export const registerInfra: Register = (program) => {
  const infra = program
    .command('infra')
    .description('DigitalOcean resources: what is declared, what stands, what it costs');
  skippable(environment(infra.command('plan')))
    .description('What is left to make, and the monthly price of every line; changes nothing')
    .option('--plan-expansion', 'how far each pool can grow, what that costs, and what stands in the way')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\n${external}${examples('plan', 'plan --environment production --skip-database --skip-redis', 'plan --plan-expansion')}`,
    )
    .action((flags: InfraFlags) => run('plan', flags));
  skippable(environment(infra.command('apply')))
    .description('Make what is missing, each thing once, and wait for it; removes nothing')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('apply', 'apply --environment production', 'apply --skip-domain --yes'))
    .action((flags: InfraFlags) => run('apply', flags));
  environment(infra.command('kubeconfig'))
    .description('Write a kubeconfig for the cluster to a file that only you can read')
    .option('--out <file>', 'where; ~/.kube/gomeet-ENVIRONMENT.yaml unless said')
    .addHelpText('after', examples('kubeconfig', 'kubeconfig --environment production --out ./kubeconfig'))
    .action((flags: InfraFlags) => run('kubeconfig', flags));
};

const external = `Not made: the managed OpenSearch for logs (${opensearch.requests.cpuCores} cores, ${opensearch.requests.memoryGib} GiB). Meetings do not need it; where there is
one, its host, user and password go into gomeet-secrets.
`;

function environment(command: Command): Command {
  return command.option('--environment <name>', 'which environment', 'production');
}

function skippable(command: Command): Command {
  for (const kind of resourceKinds) command.option(`--skip-${kind}`, `leave out: ${kind}`);
  return command;
}

function examples(name: string, ...lines: readonly string[]): string {
  const scopes = name === 'apply' ? 'with create scopes' : 'read scopes suffice';
  return `
Settings: DIGITALOCEAN_TOKEN (${scopes}), DIGITALOCEAN_API_URL; SPACES_ENDPOINT, SPACES_ACCESS_KEY and\nSPACES_SECRET_KEY for the buckets.

Examples:
${lines.map((line) => `  gomeet infra ${line}`).join('\n')}`;
}

async function run(name: 'plan' | 'apply' | 'kubeconfig', flags: InfraFlags): Promise<void> {
  const [{ loadConfig }, { environmentNamed }, { declareInfrastructure }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../common/environment.ts'),
    import('../../manifests/infrastructure/declare.ts'),
  ]);
  const declared = declareInfrastructure(environmentNamed(flags.environment));
  const config = loadConfig(process.env);
  const book = await (await import('../../responders/price-book.ts')).priceBook(config);
  const cloud = await connect(config);
  if (name === 'kubeconfig') return await writeKubeconfig(cloud, declared, flags);
  const skip = skipped(flags);
  return name === 'plan'
    ? await showPlan(cloud, declared, skip, flags, book)
    : await apply(cloud, declared, skip, flags, book);
}

async function connect(config: Config): Promise<InfraCloud> {
  const [{ required }, { createInfraCloud }, { createBuckets }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../deploy/adapters/digitalocean.ts'),
    import('../../deploy/adapters/spaces.ts'),
  ]);
  const { SPACES_ENDPOINT: endpoint, SPACES_ACCESS_KEY: accessKeyId, SPACES_SECRET_KEY: secretAccessKey } = config;
  const buckets =
    endpoint === undefined || accessKeyId === undefined || secretAccessKey === undefined
      ? undefined
      : await createBuckets({ endpoint, region: config.SPACES_REGION, accessKeyId, secretAccessKey });
  return await createInfraCloud({
    token: required(config, 'DIGITALOCEAN_TOKEN', 'read scopes suffice for plan and kubeconfig, apply makes things'),
    url: config.DIGITALOCEAN_API_URL,
    ...(buckets === undefined ? {} : { buckets }),
  });
}

function skipped(flags: object): ReadonlySet<ResourceKind> {
  const given = new Set(Object.keys(flags));
  const camel = (kind: string) => `skip-${kind}`.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return new Set(resourceKinds.filter((kind) => given.has(camel(kind))));
}

async function showPlan(
  cloud: InfraCloud,
  declared: Infrastructure,
  skip: ReadonlySet<ResourceKind>,
  flags: InfraFlags,
  book: PriceBook,
): Promise<void> {
  const [{ planInfrastructure }, { infrastructureCost }, { planExpansion }, text] = await Promise.all([
    import('../../deploy/infra/plan.ts'),
    import('../../deploy/infra/cost.ts'),
    import('../../deploy/infra/expansion.ts'),
    import('./infra-text.ts'),
  ]);
  const observed = await cloud.observe(declared);
  const plan = planInfrastructure(declared, observed, skip);
  const cost = infrastructureCost(declared, book).filter(({ resource }) => !skip.has(resource));
  const expansion = flags.planExpansion ? planExpansion(declared, observed, book) : undefined;
  if (flags.json) console.log(JSON.stringify({ plan, cost, expansion }, undefined, 2));
  else process.stdout.write(text.planText(plan, cost) + (expansion === undefined ? '' : text.expansionText(expansion)));
  if (plan.problems.length > 0) process.exitCode = 1;
}

async function apply(
  cloud: InfraCloud,
  declared: Infrastructure,
  skip: ReadonlySet<ResourceKind>,
  flags: InfraFlags,
  book: PriceBook,
): Promise<void> {
  const [{ applyInfrastructure }, { systemClock }, { confirm }, text] = await Promise.all([
    import('../../deploy/infra/apply.ts'),
    import('../../kernel/clock.ts'),
    import('../common/confirm.ts'),
    import('./infra-text.ts'),
  ]);
  await showPlan(cloud, declared, skip, flags, book);
  if (process.exitCode === 1) return;
  if (!flags.yes && !(await confirm(`Make this for ${declared.environment}?`))) return;
  const outcome = await applyInfrastructure({
    declared,
    cloud,
    skip,
    clock: systemClock,
    tell: (line) => console.error(`· ${line}`),
  });
  process.stdout.write(text.outcomeText(outcome));
  if (outcome.is !== 'done') process.exitCode = 1;
}

async function writeKubeconfig(cloud: InfraCloud, declared: Infrastructure, flags: InfraFlags): Promise<void> {
  const [{ chmod, mkdir, writeFile }, { dirname, join }, { homedir }, { UsageError }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('node:os'),
    import('../../kernel/errors.ts'),
  ]);
  const { clusters } = await cloud.observe(declared);
  const found = clusters.find(({ name }) => name === declared.cluster.name);
  if (found === undefined)
    throw new UsageError(
      `there is no cluster ${declared.cluster.name}; make it with \`gomeet infra apply --environment ${declared.environment}\``,
    );
  const path = flags.out ?? join(homedir(), '.kube', `gomeet-${declared.environment}.yaml`);
  const content = await cloud.kubeconfig(found.id);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o600 });
  // The mode counts only for a new file.
  await chmod(path, 0o600);
  console.log(`wrote ${path}; use it with\n  export KUBECONFIG=${path}`);
}
