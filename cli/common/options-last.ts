import type { Command } from 'commander';

/** Moves options that stand before a subcommand behind it, so that they may stand on either side: `--json drill all` is `drill --json all`. */
export function optionsLast(program: Command, args: readonly string[]): string[] {
  const path: string[] = [];
  const before: string[] = [];
  let command = program;
  let rest = args;
  while (true) {
    const names = new Map(
      command.commands.flatMap((sub) => [sub.name(), ...sub.aliases()].map((name) => [name, sub] as const)),
    );
    const at = rest.findIndex((arg) => names.has(arg));
    const found = names.get(rest[at] ?? '');
    // Words before a name that are not options belong to the command we are in: there is no subcommand here.
    if (found === undefined || !(rest[0] === rest[at] || rest[0]?.startsWith('-')))
      return [...path, ...before, ...rest];
    before.push(...rest.slice(0, at));
    path.push(found.name());
    command = found;
    rest = rest.slice(at + 1);
  }
}
