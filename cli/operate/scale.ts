import { UsageError } from '../../kernel/errors.ts';
import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';
import { registerScaleRules } from './scale-rules.ts';

/** `gomeet scale auto|manual|nodes|create-hpa|enable-cluster-autoscaler|scheduled|event`. */
export const registerScale: Register = (program) => {
  const scale = program.command('scale').description('More or less of a service or a node pool');
  scale
    .command('auto')
    .description('What every autoscaler wants and what the responder holds; the responder applies it by itself')
    .option('--json', 'as JSON')
    .option(
      '--optimize',
      'right sizes as patches in its place; nothing is applied (the same as cost efficiency --plan)',
    )
    .addHelpText('after', '\nExample: gomeet scale auto')
    .action(async (flags: { json?: true; optimize?: true }) => {
      if (!flags.optimize) return await auto(flags);
      const { costView } = await import('../money/cost.ts');
      await costView('efficiency', flags.json ? { json: true } : { plan: true });
    });
  asksForAct(
    scale
      .command('manual <service> <replicas>')
      .description(
        'Move the replicas, or the floor of the autoscaler, for two hours; never above the declared ceiling',
      ),
  )
    .addHelpText('after', '\nExample: gomeet scale manual auth-service 12')
    .action(async (service: string, replicas: string, flags: AskFlags) => {
      const [{ catalogued }, { ask }] = await Promise.all([
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      await ask('scaleWorkload', { workload: catalogued(service), replicas: whole(replicas) }, flags);
    });
  asksForAct(
    scale
      .command('nodes <pool> <more>')
      .description('Add 1 to 5 nodes to a pool, or raise its minimum; needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet scale nodes sfu 2 --dry-run')
    .action(async (pool: string, more: string, flags: AskFlags) => {
      const { ask } = await import('../common/ask.ts');
      await ask('raiseNodePool', { pool: await poolFrom(pool), step: whole(more), ahead: true }, flags);
    });
  asksForAct(
    scale
      .command('create-hpa <service>')
      .description(
        'Make the autoscaler that the catalogue declares, where it is missing; gone again if it sees nothing',
      ),
  )
    .addHelpText('after', '\nExample: gomeet scale create-hpa auth-service --dry-run')
    .action(async (service: string, flags: AskFlags) => {
      const [{ catalogued }, { ask }] = await Promise.all([
        import('../common/catalogued.ts'),
        import('../common/ask.ts'),
      ]);
      await ask('createAutoscaler', { workload: catalogued(service) }, flags);
    });
  asksForAct(
    scale
      .command('enable-cluster-autoscaler <pool>')
      .description('Let DOKS add and take nodes of a pool between its declared numbers; needs a second person'),
  )
    .addHelpText('after', '\nExample: gomeet scale enable-cluster-autoscaler sfu --dry-run')
    .action(async (pool: string, flags: AskFlags) => {
      const { ask } = await import('../common/ask.ts');
      await ask('autoscalePool', { pool: await poolFrom(pool) }, flags);
    });
  registerScaleRules(scale);
};

/** The declared name of a pool; throws a UsageError that offers the nearest one there is. */
async function poolFrom(pool: string): Promise<string> {
  const [{ closest }, { pools }] = await Promise.all([
    import('fastest-levenshtein'),
    import('../../manifests/catalogue/pools.ts'),
  ]);
  const names = pools.map(({ name }) => String(name));
  if (names.includes(pool)) return pool;
  throw new UsageError(`there is no pool ${pool}. Did you mean ${closest(pool, names)}?`);
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`want a whole number above 0, not ${text}`);
  return value;
}

async function auto(flags: { json?: true }): Promise<void> {
  const [{ loadConfig }, { createKubernetesCluster }, { declaredPlatform }, { printedTable }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../responders/adapters/kubernetes/cluster.ts'),
    import('../../responders/declared.ts'),
    import('../common/printed.ts'),
  ]);
  const config = loadConfig(process.env);
  const { deployments } = await createKubernetesCluster({
    kubeconfig: config.KUBECONFIG,
    namespace: config.KUBE_NAMESPACE,
  }).read();
  const declared = declaredPlatform(config.GOMEET_ENVIRONMENT);
  const rows = deployments.map(({ name, replicas, readyReplicas, autoscaler, runId }) => {
    const entry = declared.workloads.find((candidate) => candidate.name === name);
    const floor = autoscaler?.minReplicas;
    const ceilings = [entry?.maxReplicas, autoscaler?.maxReplicas].filter((ceiling) => ceiling !== undefined);
    return {
      name,
      ready: readyReplicas,
      replicas,
      floor,
      declared: entry?.replicas,
      ceiling: ceilings.length === 0 ? undefined : Math.min(...ceilings),
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
