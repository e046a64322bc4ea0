import type { Register } from '../common/register.ts';

interface RollbackFlags {
  readonly environment: string;
  readonly context?: string;
  readonly yes?: true;
}

/** `gomeet rollback quick|full`: one rollout back, or everything to what stood before the last run. */
export const registerRollback: Register = (program) => {
  const rollback = program.command('rollback').description('Go back: one rollout, or all that the last deployment did');
  rollback
    .command('quick <service...>')
    .description('Each service to its revision before, as `kubectl rollout undo` does')
    .option('--environment <name>', 'which environment', 'production')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .addHelpText('after', '\nExample: gomeet rollback quick auth-service meeting-service')
    .action(quick);
  rollback
    .command('full')
    .description(
      'To the snapshot of the last run; never deletes namespace, volumes, secrets or load balancer, restores no data',
    )
    .option('--environment <name>', 'which environment', 'production')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample: gomeet rollback full --environment staging')
    .action(full);
};

async function quick(services: readonly string[], flags: RollbackFlags): Promise<void> {
  const [{ openTarget, requireRightCluster }, { undoRollout }] = await Promise.all([
    import('./deploy-parts.ts'),
    import('../../deploy/undo.ts'),
  ]);
  const target = await openTarget(flags.environment);
  await requireRightCluster(target, flags.context);
  for (const name of services) {
    const { done, says } = await undoRollout(target.kube, target.namespace, name);
    console.log(`${name}: ${says}`);
    if (!done) process.exitCode = 1;
  }
}

async function full(flags: RollbackFlags): Promise<void> {
  const [
    { openTarget, requireRightCluster, identity },
    { rollBackLast },
    { confirm },
    { systemClock },
    { UsageError },
  ] = await Promise.all([
    import('./deploy-parts.ts'),
    import('../../deploy/rollback.ts'),
    import('../common/confirm.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const target = await openTarget(flags.environment);
  await requireRightCluster(target, flags.context);
  const { kube, namespace } = target;
  const outcome = await rollBackLast({
    kube,
    namespace,
    clock: systemClock,
    who: identity(target).who,
    agreed: async (run) =>
      flags.yes === true ||
      (await confirm(`Put back what stood before run ${run.id} of ${run.startedAt} (${run.touched.length} objects)?`)),
    tell: (line) => console.error(`· ${line}`),
  });
  if (outcome.is === 'refused') throw new UsageError(`${outcome.says}\n  ${outcome.todo}`);
  console.log(outcome.says);
  if (outcome.is === 'incomplete') process.exitCode = 1;
}
