import type { Phase } from '../../deploy/phases/define.ts';
import type { DeployOptions } from '../../deploy/phases/ports.ts';
import type { Register } from '../common/register.ts';
import type { Target } from './deploy-parts.ts';

interface DeployFlags {
  readonly environment: string;
  readonly tag: string;
  readonly servicesTag?: string;
  readonly dryRun?: true;
  readonly verbose?: true;
  readonly from?: string;
  readonly only?: string;
  readonly context?: string;
  readonly adopt?: true;
  readonly outOfShadow?: true;
  readonly supersede?: true;
  readonly rollbackOnFailure?: true;
  readonly timeout: string;
}

/** `gomeet deploy`: the runbook's twelve phases. */
export const registerDeploy: Register = (program) => {
  program
    .command('deploy')
    .description("Deploy the platform in the runbook's twelve phases; run again, it goes on where it stopped")
    .option('--environment <name>', 'which environment', 'production')
    .option('--tag <tag>', "release of this bundle's image, and of the product's services", '0.1.0')
    .option('--services-tag <tag>', "release of the product's services, where that is another")
    .option('--dry-run', 'try everything on the API server and show what would change; nothing is')
    .option('--verbose', 'every object, with its diff')
    .option('--from <phase>', 'begin with this phase, by name or number; the first is always run')
    .option('--only <phase>', 'this phase alone, after the first')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .option('--adopt', 'take over a platform that something else deployed; the responder then only watches')
    .option('--out-of-shadow', 'let the responder of a taken-over platform act')
    .option('--supersede', 'go on from a run that stopped half way, with what is declared now')
    .option('--rollback-on-failure', 'put back what stood before when a phase fails')
    .option('--timeout <duration>', 'how long the objects of one phase may take to be ready', '15m')
    .addHelpText(
      'after',
      `
Settings: KUBECONFIG, KUBE_NAMESPACE; DIGITALOCEAN_TOKEN for phase 2; DATABASE_ADMIN_URL for phase 5; PROMETHEUS_URL for the checks.
Secrets are never written: fill them in first (secrets.yaml is the template).

Examples:
  gomeet deploy --environment staging --dry-run
  gomeet deploy --environment production --tag 1.4.2 --rollback-on-failure
  gomeet deploy --only monitoring --verbose`,
    )
    .action(run);
};

async function run(flags: DeployFlags): Promise<void> {
  const [
    { declaredFiles, openTarget, identity },
    { deploy },
    text,
    { systemClock },
    { duration, toMs },
    { errorText, PortError },
    { deployChecks },
    { deployPhaseParts },
  ] = await Promise.all([
    import('./deploy-parts.ts'),
    import('../../deploy/phases/run.ts'),
    import('./deploy-text.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/duration.ts'),
    import('../../kernel/errors.ts'),
    import('./deploy-checks.ts'),
    import('./deploy-phase-parts.ts'),
  ]);
  const phase = { from: await phaseOf(flags.from), only: await phaseOf(flags.only) };
  const target: Target = await openTarget(flags.environment);
  const { kube, namespace } = target;
  const declared = await declaredFiles(target, {
    release: flags.tag,
    ...(flags.servicesTag === undefined ? {} : { servicesRelease: flags.servicesTag }),
  }).catch((error: unknown) => {
    if (!(error instanceof PortError)) throw error;
    return { says: errorText(error), todo: 'make the cluster reachable, then run the same command again' };
  });
  if ('says' in declared) {
    console.log(text.outcomeText({ is: 'refused', refusals: [declared] }));
    process.exitCode = 1;
    return;
  }
  const { files, left } = declared;
  if (left.length > 0) console.error(`${left.join(', ')}: installed by somebody else, and left as they are`);
  const options: DeployOptions = {
    ...identity(target),
    namespace,
    files,
    kube,
    clock: systemClock,
    parts: deployPhaseParts(target),
    checks: deployChecks(target),
    tell: text.progress((line) => console.error(line), {
      verbose: flags.verbose ?? false,
      diffs: flags.dryRun ?? false,
    }),
    dryRun: flags.dryRun ?? false,
    adopt: flags.adopt ?? false,
    outOfShadow: flags.outOfShadow ?? false,
    supersede: flags.supersede ?? false,
    rollbackOnFailure: flags.rollbackOnFailure ?? false,
    readyWithinMs: toMs(duration(flags.timeout)),
    ...(phase.from === undefined ? {} : { from: phase.from.name }),
    ...(phase.only === undefined ? {} : { only: phase.only.name }),
    ...(flags.context === undefined ? {} : { context: flags.context }),
  };
  const outcome = await deploy(options);
  console.log(text.outcomeText(outcome));
  if (outcome.is === 'refused' || outcome.is === 'stopped') process.exitCode = 1;
}

async function phaseOf(text: string | undefined): Promise<Phase | undefined> {
  if (text === undefined) return undefined;
  const [{ phaseNamed, phases }, { UsageError }, { nearest }] = await Promise.all([
    import('../../deploy/phases/define.ts'),
    import('../../kernel/errors.ts'),
    import('../common/nearest.ts'),
  ]);
  const names = phases.map(({ name }) => name);
  const found = phaseNamed(text);
  if (found === undefined)
    throw new UsageError(`no phase ${text}${nearest(text, names)}; there is ${names.join(', ')}`);
  return found;
}
