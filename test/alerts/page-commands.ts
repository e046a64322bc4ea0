import { alerts } from '../../alerts/index.ts';

/** A command of a runbook page, as one would type it, and where it stands. */
export interface PageCommand {
  readonly at: string;
  readonly words: readonly string[];
  /** It is named in a sentence, where what it is to be done to may be left out. */
  readonly inText: boolean;
}

/** What the reader of a page puts in: each of `placeholders`, of which the pages of the two programs have these. */
const examples: Readonly<Record<string, string>> = {
  SERVICE: 'auth-service',
  NODE: 'node-1',
  EPISODE: 'ep-1',
  KEY: 'gomeet-secrets/JWT_SECRET',
  HOST: 'db.example',
  NAME: 'sfu-saturation',
  ADDRESS: 'https://gomeet.com/',
};

/** Every command of a program on the pages: of the diagnosis, of a pipe or a sequence each part, and those between backticks in the text. */
export function pageCommands(program: 'gomeet' | 'kubectl'): readonly PageCommand[] {
  return alerts.flatMap(({ name, runbook }) => {
    const { meaning, impact, person, leave, diagnosis, mitigation } = runbook;
    const texts = [
      ...[meaning, impact, person, leave],
      ...diagnosis.flatMap(({ say, expect = '' }) => [say, expect]),
      ...mitigation.map(({ say }) => say),
    ];
    const named = texts.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside));
    return [
      ...diagnosis.flatMap(({ command = '' }) => parts(command)).map((text) => ({ text, inText: false })),
      ...named.map((text) => ({ text, inText: true })),
    ]
      .filter(({ text }) => text.startsWith(`${program} `))
      .map(({ text, inText }) => ({ at: `${name}: ${text}`, words: wordsOf(text).slice(1), inText }));
  });
}

function parts(command: string): readonly string[] {
  return command.split(/\s*(?:&&|\|\|?|;)\s*/);
}

/** The words as a shell splits them, placeholders filled in. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) =>
    (quoted ?? plain).replace(/\b[A-Z]{3,}\b/g, (word) => examples[word] ?? word),
  );
}
