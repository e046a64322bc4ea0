import type { Command } from 'commander';
import { type Answer, mapped, seeds } from './answers.ts';

/** What of a command line the program does not know: its words or an option; undefined when it knows all of it. */
export function unknownIn(line: string, root: Command): string | undefined {
  const [name, ...words] = line.split(' ');
  if (name !== 'gomeet') return line;
  let command = root;
  let at = 0;
  while (at < words.length) {
    const sub = command.commands.find((one) => one.name() === words[at] || one.aliases().includes(words[at] ?? ''));
    if (sub === undefined) break;
    command = sub;
    at += 1;
  }
  if (command === root) return `gomeet ${words[0]}`;
  const rest = words.slice(at);
  // A word where a subcommand would stand, of a command that takes no argument.
  const [first] = rest;
  if (
    first !== undefined &&
    !first.startsWith('-') &&
    command.registeredArguments.length === 0 &&
    command.commands.length > 0
  )
    return `gomeet ${words.slice(0, at + 1).join(' ')}`;
  const option = rest.find((word) => word.startsWith('--') && !command.options.some(({ long }) => long === word));
  return option === undefined ? undefined : `${option} of gomeet ${words.slice(0, at).join(' ')}`;
}

const titles: Readonly<Record<string, string>> = {
  'operations-runbook': 'Operations runbook',
  'deployment-readme': 'Deployment README',
};

/** The map as a page: every heading and command of both documents, and what does it now. */
export function mapPage(root: Command): string {
  const missing = new Set<string>();
  const body = Object.keys(seeds).flatMap((document) => [
    `\n## ${titles[document] ?? document}\n`,
    ...mapped(document).flatMap(({ kind, text, answer }) => {
      const says = answer === undefined ? '**nothing yet**' : words(answer, root, missing);
      return kind === 'h' ? [`\n### ${text}\n`, `${says}\n`] : [`- \`${text.replaceAll('`', "'")}\`  \n  → ${says}`];
    }),
  ]);
  return `# What became of the two documents

Written by \`gomeet build\`. Every heading and every command of the operations runbook and of the deployment README, and the command, alert, action or page that does it now, or why it must not be done.
${
  missing.size === 0
    ? ''
    : `\nNot there: ${[...missing]
        .sort()
        .map((one) => `\`${one}\``)
        .join(', ')}.\n`
}${body.join('\n')}
`;
}

function words(answer: Answer, root: Command, missing: Set<string>): string {
  const code = (text: string) => `\`${text}\``;
  const run = (answer.run ?? []).map((line) => {
    const unknown = unknownIn(line, root);
    if (unknown === undefined) return code(line);
    missing.add(unknown);
    return `${code(line)} (not there yet)`;
  });
  const link = (path: string) => `[${path}](../${path})`;
  const parts = [
    ...(answer.refused === undefined ? [] : [`Not done: ${answer.refused}`]),
    ...(run.length === 0 ? [] : [run.join(', ')]),
    ...(answer.actions === undefined ? [] : [`action ${answer.actions.map(code).join(', ')}`]),
    ...(answer.alerts === undefined
      ? []
      : [`alert ${answer.alerts.map((name) => `[${name}](../generated/runbooks/${name}.md)`).join(', ')}`]),
    ...(answer.pages === undefined ? [] : [answer.pages.map(link).join(', ')]),
    ...(answer.note === undefined ? [] : [answer.note]),
    ...(answer.open === undefined ? [] : [`Open: ${answer.open}`]),
  ];
  return parts.map((part) => part.replace(/[.]$/, '')).join('. ');
}
