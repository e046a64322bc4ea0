import type { Register } from '../common/register.ts';

interface UninstallFlags {
  readonly environment: string;
  readonly context?: string;
  readonly confirm?: string;
}

/** `gomeet uninstall`: only what deployment made. */
export const registerUninstall: Register = (program) => {
  program
    .command('uninstall')
    .description(
      'Remove what deployment made, and nothing else; namespace, volumes, secrets, definitions and load balancer stay',
    )
    .option('--environment <name>', 'which environment', 'staging')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .option('--confirm <cluster>', "do it; the cluster's name says that it is meant")
    .addHelpText('after', '\nExample: gomeet uninstall --environment staging --confirm gomeet-staging')
    .action(run);
};

async function run(flags: UninstallFlags): Promise<void> {
  const [
    { openTarget, requireRightCluster },
    { planUninstall, uninstall },
    { appliedRefs },
    { nameOf, refOf },
    { platformFiles },
    { UsageError },
    { systemClock },
  ] = await Promise.all([
    import('./deploy-parts.ts'),
    import('../../deploy/uninstall.ts'),
    import('../../deploy/kube/own.ts'),
    import('../../deploy/kube/object.ts'),
    import('./platform.ts'),
    import('../../kernel/errors.ts'),
    import('../../kernel/clock.ts'),
  ]);
  const target = await openTarget(flags.environment);
  await requireRightCluster(target, flags.context);
  const { environment, kube, namespace } = target;
  const declared = platformFiles(environment.name).flatMap(({ objects }) => objects);
  const plan = await planUninstall(kube, environment.name, namespace, appliedRefs(declared));
  for (const object of plan.removable) console.log(`- ${nameOf(refOf(object))}`);
  for (const object of plan.stays) console.log(`= ${nameOf(refOf(object))} stays`);
  const { clusterName } = environment.settings;
  if (flags.confirm === undefined)
    return console.log(`${plan.removable.length} would go. Do it with --confirm ${clusterName}`);
  if (flags.confirm !== clusterName)
    throw new UsageError(`--confirm ${flags.confirm}: the cluster of ${environment.name} is ${clusterName}`);
  const outcome = await uninstall(plan, { kube, clock: systemClock, tell: (line) => console.error(`· ${line}`) });
  if (outcome.is === 'done') return console.log(`${plan.removable.length} removed, ${plan.stays.length} stay`);
  console.log(`✗ ${outcome.says}\n  To do: ${outcome.todo}`);
  process.exitCode = 1;
}
