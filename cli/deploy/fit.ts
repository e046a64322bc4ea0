import { Option } from 'commander';
import type { Register } from '../common/register.ts';

const names = ['production', 'staging', 'starter', 'readme', 'documented'];

/** `gomeet fit`: whether what is declared fits what it is declared to run on. */
export const registerFit: Register = (program) => {
  program
    .command('fit')
    .description('Whether an environment fits its nodes, network, database and account; exit 1 when it does not')
    .addOption(new Option('--environment <name>', 'which').choices(names).default('production'))
    .option('--size <slug>', 'nodes of this size instead of the declared ones')
    .option('--pool <name>', 'with --size: in this pool alone')
    .option('--droplet-limit <count>', 'Droplets the account may have (GET /v2/account)', Number)
    .option('--all', 'print the checks that hold and what differs from the documents, too')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
  gomeet fit
  gomeet fit --environment documented
  gomeet fit --environment starter --pool api --size g-16vcpu-64gb --json`,
    )
    .action(async (flags) => (await import('./fit-command.ts')).fitCommand(flags));
};
