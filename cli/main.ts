import { Command, CommanderError } from 'commander';
import { UsageError } from '../kernel/errors.ts';
import { commands } from './commands.ts';
import { optionsLast } from './options-last.ts';

const program = new Command('gomeet')
  .description('Observability and SRE automation for GoMeet')
  .showHelpAfterError('(gomeet --help lists the commands)')
  .exitOverride();
for (const register of commands) register(program);

try {
  await program.parseAsync(optionsLast(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof UsageError) {
    console.error(`gomeet: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
