import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Command } from 'commander';
import { z } from 'zod';
import { registerAll } from '../../../cli/commands.ts';
import { unknownIn } from '../../../cli/map/page.ts';
import { routines } from '../../../responders/routine/routines.ts';

const program = new Command('gomeet');
registerAll(program);
const Told = z.object({ lines: z.array(z.string()) });

it('every command that a routine tells a person to run is there, with its options', () => {
  const lines = Object.values(routines).flatMap(({ steps }) =>
    steps.flatMap(({ input }) => {
      const told = Told.safeParse(input);
      return told.success ? told.data.lines : [];
    }),
  );
  const commands = lines.flatMap((line) => line.match(/gomeet [a-z][^:,;]*/g) ?? []);
  assert.ok(commands.length > 10);
  assert.deepEqual(
    commands.flatMap((command) => unknownIn(command.trim(), program) ?? []),
    [],
  );
});
