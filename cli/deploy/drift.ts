import type { Register } from '../common/register.ts';

interface DriftFlags {
  readonly environment: string;
  readonly context?: string;
  readonly json?: true;
  readonly all?: true;
}

/** `gomeet drift`: what is declared, what runs, what the documents say. */
export const registerDrift: Register = (program) => {
  program
    .command('drift')
    .description('How what runs differs from what is declared, and from what the documents say; exit 1 when it does')
    .option('--environment <name>', 'which environment', 'production')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .option('--all', 'also figures in which all three agree')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet drift --environment production --all')
    .action(run);
};

async function run(flags: DriftFlags): Promise<void> {
  const [
    { declaredFiles, openTarget, requireRightCluster },
    { findDrift },
    { figures },
    { systemClock },
    { environments },
  ] = await Promise.all([
    import('./deploy-parts.ts'),
    import('../../deploy/drift/edits.ts'),
    import('../../deploy/drift/figures.ts'),
    import('../../kernel/clock.ts'),
    import('../../manifests/environments/index.ts'),
  ]);
  const target = await openTarget(flags.environment);
  await requireRightCluster(target, flags.context);
  const { environment, kube } = target;
  const declared = (await declaredFiles(target)).files.flatMap(({ objects }) => objects);
  const drift = await findDrift({ kube, clock: systemClock, environment: environment.name, declared, dryRun: true });
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ] as const;
  const running = (await Promise.all(kinds.map(([apiVersion, kind]) => kube.list({ apiVersion, kind })))).flat();
  const rows = figures(environment, environments.readme, running).filter(
    (one) => flags.all || one.declared !== one.running || one.declared !== one.documented,
  );
  if (flags.json) console.log(JSON.stringify({ ...drift, figures: rows }, undefined, 2));
  else await print();
  if (drift.edited.length + drift.missing.length + drift.leftover.length > 0) process.exitCode = 1;

  async function print(): Promise<void> {
    const [{ printedTable }, { nameOf }, { colouredDiff }] = await Promise.all([
      import('../common/printed.ts'),
      import('../../deploy/kube/object.ts'),
      import('./deploy-text.ts'),
    ]);
    for (const { ref, diff } of drift.edited) console.log(`~ ${nameOf(ref)}\n${colouredDiff(diff ?? '')}`);
    for (const { ref } of drift.missing) console.log(`- ${nameOf(ref)}: declared, not there`);
    for (const name of drift.leftover) console.log(`+ ${name}: deployed once, declared no more`);
    for (const { ref, note } of drift.held) console.log(`· ${nameOf(ref)}: ${note}`);
    const table = rows.map(({ what, declared: mine, running: runs, documented }) => [what, mine, runs, documented]);
    console.log(printedTable('Figures', ['', 'declared', 'running', 'documented'], table));
  }
}
