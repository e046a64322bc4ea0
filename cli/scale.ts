import { InvalidArgumentError } from 'commander';
import { type AskFlags, asksForAct } from './ask.ts';
import type { Register } from './register.ts';

/** `gomeet scale auto|manual|nodes`. */
export const registerScale: Register = (program) => {
  const scale = program.command('scale').description('More or less of a service or a node pool');
  scale
    .command('auto')
    .description('What every autoscaler wants and what the responder holds; the responder applies it by itself')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample: gomeet scale auto')
    .action(auto);
  asksForAct(
    scale
      .command('manual <service> <replicas>')
      .description(
        'Move the replicas, or the floor of the autoscaler, for two hours; never above the declared ceiling',
      ),
  )
    .addHelpText('after', '\nExample: gomeet scale manual auth-service 12')
    .action(async (service: string, replicas: string, flags: AskFlags) => {
      const [{ catalogued }, { ask }] = await Promise.all([import('./catalogued.ts'), import('./ask.ts')]);
      await ask('scaleWorkload', { workload: catalogued(service), replicas: whole(replicas) }, flags);
    });
  asksForAct(
    scale
      .command('nodes <pool> <more>')
      .description('Add 1 to 5 nodes to a pool, or raise its minimum; needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet scale nodes sfu 2 --dry-run')
    .action(async (pool: string, more: string, flags: AskFlags) => {
      const [{ UsageError }, { closest }, { pools }, { ask }] = await Promise.all([
        import('../kernel/errors.ts'),
        import('fastest-levenshtein'),
        import('../manifests/catalogue/pools.ts'),
        import('./ask.ts'),
      ]);
      const names = pools.map(({ name }) => String(name));
      if (!names.includes(pool))
        throw new UsageError(`there is no pool ${pool}. Did you mean ${closest(pool, names)}?`);
      await ask('raiseNodePool', { pool, step: whole(more), ahead: true }, flags);
    });
};

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('want a whole number above 0');
  return value;
}

async function auto(flags: { json?: true }): Promise<void> {
  const [{ loadConfig }, { createKubernetesCluster }, { declaredPlatform }, { printedTable }] = await Promise.all([
    import('../kernel/config.ts'),
    import('../responders/adapters/kubernetes.ts'),
    import('../responders/declared.ts'),
    import('./printed.ts'),
  ]);
  const config = loadConfig(process.env);
  const { deployments } = await createKubernetesCluster({
    kubeconfig: config.KUBECONFIG,
    namespace: config.KUBE_NAMESPACE,
  }).read();
  const declared = declaredPlatform();
  const rows = deployments.map(({ name, replicas, readyReplicas, autoscaler, runId }) => {
    const entry = declared.workloads.find((candidate) => candidate.name === name);
    const floor = autoscaler?.minReplicas;
    return {
      name,
      ready: readyReplicas,
      replicas,
      floor,
      declared: entry?.replicas,
      ceiling: Math.min(
        entry?.maxReplicas ?? Number.POSITIVE_INFINITY,
        autoscaler?.maxReplicas ?? Number.POSITIVE_INFINITY,
      ),
      wants: autoscaler === undefined ? 'no autoscaler' : (autoscaler.desiredReplicas ?? 'cannot say'),
      raisedBy:
        floor !== undefined && floor > (entry?.replicas ?? floor) ? (autoscaler?.runId ?? runId ?? 'someone') : '',
    };
  });
  if (flags.json) return console.log(JSON.stringify(rows, undefined, 2));
  const text = (value: unknown) => (value === undefined ? '' : String(value));
  console.log(
    printedTable(
      'Scaling',
      ['deployment', 'ready', 'replicas', 'floor', 'declared', 'ceiling', 'autoscaler wants', 'floor raised by'],
      rows.map((row) => Object.values(row).map(text)),
    ),
  );
}
