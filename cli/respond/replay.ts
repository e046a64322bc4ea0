import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { errorText, UsageError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';

/** `gomeet replay FILE`: a recorded episode through today's decisions; nothing is touched. */
export const registerReplay: Register = (program) => {
  program
    .command('replay <file>')
    .description("Put a recorded episode through today's guards; exit 1 when a decision comes out differently")
    .option('--json', 'as JSON')
    .action(async (file: string, flags: { json?: true }) => {
      const { Recording, replay } = await import('../../responders/replay.ts');
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new UsageError(`${file}: ${errorText(error)}`);
      });
      const parsed = Recording.safeParse(parseJson(text, file));
      if (!parsed.success)
        throw new UsageError(
          `${file}: not a recording: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
        );
      const results = replay(parsed.data);
      if (flags.json) console.log(JSON.stringify(results, undefined, 2));
      else
        for (const { atMs, action, was, now, same } of results)
          console.log(
            `${new Date(atMs).toISOString()}  ${action.padEnd(16)} then ${was.padEnd(18)} now ${now.padEnd(18)} ${same ? styleText('green', 'same') : styleText('red', 'differs')}`,
          );
      if (results.some(({ same }) => !same)) process.exitCode = 1;
    });
};

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${errorText(error)}`);
  }
}
