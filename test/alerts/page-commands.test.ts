import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, CommanderError } from 'commander';
import { registerAll } from '../../cli/commands.ts';
import { optionsLast } from '../../cli/common/options-last.ts';
import { pageCommands } from './page-commands.ts';

/** The real program, which takes words apart and then does nothing. */
function idleProgram(): Command {
  const program = new Command('gomeet').exitOverride().configureOutput({ writeErr: () => undefined });
  registerAll(program);
  const idle = (command: Command) => {
    if (command.commands.length === 0) command.action(() => undefined);
    for (const child of command.commands) idle(child);
  };
  idle(program);
  return program;
}

/** What the program says of the words; undefined when it takes them. */
async function refusal(words: readonly string[]): Promise<CommanderError | undefined> {
  const program = idleProgram();
  try {
    await program.parseAsync(optionsLast(program, [...words]), { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
}

test('the program takes every command of its own on the runbook pages', async () => {
  const all = pageCommands('gomeet');
  assert.ok(all.length > 20);
  for (const { at, words, inText } of all) {
    const refused = await refusal(words);
    const unfinished = /^commander\.(missing|optionMissing)/.test(refused?.code ?? '');
    if (!(inText && unfinished)) assert.equal(refused?.message, undefined, at);
  }
});

test('a command or an option that is not there is refused, so these tests can fail', async () => {
  assert.match((await refusal(['incidents', 'list']))?.message ?? '', /unknown command/);
  assert.match(
    (await refusal(['capacity', 'what-if', '--participants', '5', '--people', '5']))?.message ?? '',
    /unknown option/,
  );
});
