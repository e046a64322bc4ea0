import { styleText } from 'node:util';
import { describeConfig, loadConfig } from '../../kernel/config.ts';
import type { Register } from '../common/register.ts';

/** `gomeet config`: what is in force, secrets only said to be set. */
export const registerConfig: Register = (program) => {
  program
    .command('config')
    .description('Show the settings in force, with secrets hidden')
    .option('--json', 'as JSON')
    .action((flags: { json?: true }) => {
      const settings = describeConfig(loadConfig(process.env));
      if (flags.json) return console.log(JSON.stringify(settings, undefined, 2));
      const width = Math.max(...settings.map(({ name }) => name.length));
      for (const { name, value, origin, help } of settings)
        console.log(
          `${styleText(origin === 'absent' ? 'dim' : 'bold', name.padEnd(width))}  ${origin === 'absent' ? styleText('dim', 'not set') : value}${origin === 'default' ? styleText('dim', ' (default)') : ''}  ${styleText('dim', help)}`,
        );
    });
};
