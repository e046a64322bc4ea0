import { Argument } from 'commander';
import type { Register } from '../common/register.ts';

const lists = ['pre-deployment', 'post-deployment', 'validation'] as const;

interface ChecklistFlags {
  readonly environment: string;
  readonly context?: string;
  readonly probe?: true;
  readonly tag: string;
  readonly json?: true;
}

/** `gomeet checklist`: the README's three lists, each on its own. */
export const registerChecklist: Register = (program) => {
  program
    .command('checklist')
    .description("The README's checklists as checks: before a deployment, after it, and what a person would try")
    .addArgument(new Argument('[list]', 'which; all three unless said').choices(lists))
    .option('--environment <name>', 'which environment', 'production')
    .option('--context <name>', 'yes, the kubeconfig with this context is the right one')
    .option('--probe', 'start a pod that tries to reach what no network policy lets it reach, and take it away again')
    .option('--tag <tag>', 'with --probe: release of the image', '0.1.0')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 all hold, 1 one does not, 3 what could not be looked at: unknown is never good.
Settings: KUBECONFIG, KUBE_NAMESPACE; DIGITALOCEAN_TOKEN and PROMETHEUS_URL for what they know.

Examples:
  gomeet checklist pre-deployment --environment staging
  gomeet checklist post-deployment --probe
  gomeet checklist validation --json`,
    )
    .action(run);
};

async function run(list: (typeof lists)[number] | undefined, flags: ChecklistFlags): Promise<void> {
  const [{ openTarget, requireRightCluster }, { deployChecks }, { runChecks }, { checklist }] = await Promise.all([
    import('./deploy-parts.ts'),
    import('./deploy-checks.ts'),
    import('../../deploy/checks/define.ts'),
    import('./deploy-text.ts'),
  ]);
  const target = await openTarget(flags.environment);
  if (flags.probe) await requireRightCluster(target, flags.context);
  const checks = deployChecks(target, flags.probe ? flags.tag : undefined);
  const all = [
    ['pre-deployment', checks.preDeployment],
    ['post-deployment', checks.postDeployment],
    ['validation', checks.validation],
  ] as const;
  const found = await Promise.all(
    all
      .filter(([name]) => list === undefined || name === list)
      .map(async ([name, some]) => ({ list: name, findings: await runChecks(some) })),
  );
  if (flags.json) console.log(JSON.stringify(found, undefined, 2));
  else for (const one of found) console.log(checklist(one.list, one.findings));
  const verdicts = new Set(found.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)));
  process.exitCode = verdicts.has('failed') ? 1 : verdicts.has('unknown') ? 3 : 0;
}
