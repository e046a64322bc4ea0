import { Command, CommanderError } from 'commander';
import { PortError, UsageError } from '../kernel/errors.ts';
import packageJson from '../package.json' with { type: 'json' };
import { registerAll } from './commands.ts';
import { optionsLast } from './common/options-last.ts';

const program = new Command('gomeet')
  .description('Observability and SRE automation for GoMeet')
  .version(packageJson.version)
  .showHelpAfterError('(gomeet --help lists the commands)')
  .exitOverride();
registerAll(program);

try {
  await program.parseAsync(optionsLast(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  // What commander refuses is a wrong command line, as a UsageError is; 1 would be read as an answer.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UsageError) {
    console.error(`gomeet: ${error.message}`);
    process.exitCode = 2;
  } else if (error instanceof PortError) {
    // A peer that is away is no mistake of ours: its sentence says which and why, a stack would say nothing more.
    console.error(`gomeet: ${error.message}`);
    process.exitCode = 1;
  } else throw error;
}
