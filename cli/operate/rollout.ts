import { InvalidArgumentError, Option } from 'commander';
import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

interface UpdateFlags extends AskFlags {
  readonly strategy: 'rolling' | 'blue-green' | 'canary' | 'recreate';
  readonly maxSurge?: string;
  readonly maxUnavailable?: string;
  readonly canaryPercent?: number;
  readonly soak?: string;
  readonly minRequests?: number;
}

/** `gomeet rollout update|rollback|status|history`. */
export const registerRollout: Register = (program) => {
  const rollout = program.command('rollout').description('A new version, or back to the one before');
  asksForAct(
    rollout
      .command('update <service> <tag>')
      .description('Give a service another image; `latest` is resolved to a digest first')
      .addOption(
        new Option('-s, --strategy <strategy>', 'how; recreate means downtime and needs a second person')
          .choices(['rolling', 'blue-green', 'canary', 'recreate'])
          .default('rolling'),
      )
      .option('--max-surge <pods>', 'rolling: pods more than wanted, a number or a percentage')
      .option('--max-unavailable <pods>', 'rolling: pods fewer than wanted')
      .option('--canary-percent <percent>', 'canary: its share', whole)
      .option('--soak <time>', 'canary, blue-green: how long it is watched', '5m')
      .option('--min-requests <count>', 'canary, blue-green: fewer prove nothing, and it goes back', whole),
  )
    .addHelpText(
      'after',
      `
A canary of a service gets its share by weights of the gateway and is judged on errors and latency against the version that stands.
An SFU is only ever replaced after its meetings have ended; its canary gets new rooms alone and is judged on joins and media.

Examples:
  gomeet rollout update auth-service v1.2.3
  gomeet rollout update livekit-sfu v2.1.0 --strategy canary --dry-run`,
    )
    .action(async (service: string, tag: string, flags: UpdateFlags) => {
      const [{ catalogued }, { ask }] = await Promise.all([
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      const workload = catalogued(service);
      const { strategy } = flags;
      if (strategy === 'recreate') return await ask('recreate', { workload, image: tag }, flags);
      const { maxSurge: surge, maxUnavailable: unavailable, canaryPercent, soak, minRequests } = flags;
      const given = { surge, unavailable, canaryPercent, soak, minRequests };
      const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      await ask('rollOut', { workload, image: tag, strategy, ...params }, flags);
    });
  asksForAct(
    rollout
      .command('rollback <service>')
      .description('Back to the revision before, or to the one named')
      .option('--revision <number>', 'which one; gomeet rollout history lists them', whole),
  )
    .addHelpText('after', '\nExample: gomeet rollout rollback meeting-service')
    .action(async (service: string, flags: AskFlags & { revision?: number }) => {
      const [{ catalogued }, { ask }] = await Promise.all([
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      const revision = flags.revision === undefined ? {} : { revision: flags.revision };
      await ask('rollBack', { workload: catalogued(service), ...revision }, flags);
    });
  rollout
    .command('status [service]')
    .description('How far each Deployment is, and what it runs')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet rollout status')
    .action(status);
  rollout
    .command('history <service>')
    .description('The revisions that can be gone back to')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet rollout history auth-service')
    .action(history);
};

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('want a whole number above 0');
  return value;
}

async function peek() {
  const [{ loadConfig }, { silentLog }, { livePeek }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/log.ts'),
    import('../../responders/live.ts'),
  ]);
  const config = loadConfig(process.env);
  return livePeek(config, silentLog, config.KUBE_NAMESPACE);
}

async function status(service: string | undefined, flags: { json?: true }): Promise<void> {
  const [{ objects }, { WorkloadObject }, { DeploymentShape, mainImage }, { printedTable }, { catalogued }] =
    await Promise.all([
      peek(),
      import('../../responders/health/shapes.ts'),
      import('../../responders/rollout/shapes.ts'),
      import('../common/printed.ts'),
      import('../common/catalogued.ts'),
    ]);
  const only = service === undefined ? undefined : catalogued(service);
  const found = (await objects.list({ apiVersion: 'apps/v1', kind: 'Deployment' })).map((object) => {
    const { name, wanted, ready, updated, observed } = WorkloadObject.parse(object);
    const image = mainImage(DeploymentShape.parse(object).spec.template, name);
    const state = !observed || updated < wanted ? 'under way' : ready < wanted ? 'incomplete' : 'complete';
    return { name, state, ready, updated, wanted, image };
  });
  const shown = only === undefined ? found : found.filter(({ name }) => name === only || name.startsWith(`${only}-`));
  if (flags.json) return console.log(JSON.stringify(shown, undefined, 2));
  const rows = shown.map(({ name, state, ready, updated, wanted, image }) => [
    name,
    state,
    `${updated}/${wanted}`,
    `${ready}/${wanted}`,
    image,
  ]);
  console.log(printedTable('Rollouts', ['deployment', 'state', 'new', 'ready', 'image'], rows));
}

async function history(service: string, flags: { json?: true }): Promise<void> {
  const [{ objects }, { revisionsOf }, { printedTable }, { catalogued }] = await Promise.all([
    peek(),
    import('../../responders/rollout/find.ts'),
    import('../common/printed.ts'),
    import('../common/catalogued.ts'),
  ]);
  const name = catalogued(service);
  const revisions = await revisionsOf(objects, name);
  const shown = revisions.map(({ revision, image, atMs, replicas }) => ({
    revision,
    since: new Date(atMs).toISOString(),
    replicas,
    image,
  }));
  if (flags.json) return console.log(JSON.stringify(shown, undefined, 2));
  const rows = shown.map(({ revision, since, replicas, image }) => [String(revision), since, String(replicas), image]);
  console.log(printedTable(`Revisions of ${name}`, ['revision', 'since', 'pods', 'image'], rows));
}
