import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { registerAll } from '../../../cli/commands.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const source = globSync(['cli/**/*.ts', 'reports/capacity/*.ts'], { cwd: root }).map((path) =>
  readFileSync(`${root}${path}`, 'utf8'),
);

/** Read all at once by a name that is put together; what each does, test/deploy/infra/plan.test.ts looks at. */
const together = /^skip[A-Z]/;

/** The options of a command and all below it that no code reads: by name, in a pattern, or as a word of a list. */
function unread(command: Command, path = command.name()): readonly string[] {
  return [
    ...command.options.flatMap((option) => {
      const name = option.attributeName();
      const read = new RegExp(`\\.${name}\\b|[{,]\\s*${name}\\s*[,}=:]|[[,]\\s*'${name}'`);
      return together.test(name) || source.some((text) => read.test(text)) ? [] : [`${path} ${option.flags}`];
    }),
    ...command.commands.flatMap((sub) => unread(sub, `${path} ${sub.name()}`)),
  ];
}

describe('every option of every command', () => {
  const program = new Command('gomeet');
  registerAll(program);

  it('is read: the originals had seven that did nothing', () => {
    assert.deepEqual(unread(program), []);
  });

  it('would be missed if it were not', () => {
    const idle = new Command('gomeet');
    idle.command('scale').option('--enable-keda').option('--json');
    assert.deepEqual(unread(idle), ['gomeet scale --enable-keda']);
  });
});
