import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Rooms in which alerts, recording rules, boards, actions and scaling queries are written. */
const rooms = ['alerts', 'dashboards', 'responders/act', 'manifests/catalogue'];

/** What a complaint of the lints is about: the word that is wrong, as it stands in the source. */
const complaints = [
  /unknown metric ([\w:]+)/,
  /has no label (\w+)/,
  /has the label (\w+)/,
  /over (?:the counter )?([\w:]+)/,
  /(?:unit|section|service|variable|board)(?: that is known)?: ([^;]+)/,
];

/** A problem with the file and the line it stands in before it, where the source shows it: `alerts/catalogue/x.ts:12: X expr: unknown metric …`. Reads the sources. */
export function placed(problem: string, root: string = repository): string {
  const word = complaints.map((pattern) => pattern.exec(problem)?.[1]).find((found) => found !== undefined);
  const [path] = /^[\w/-]+\.ts/.exec(problem) ?? [];
  // A recorded series has colons of its own.
  const [subject = ''] = /^\S+?(?=:?\s)/.exec(problem) ?? [];
  const files = path === undefined ? rooms.flatMap((room) => sourcesBelow(root, room)) : [path];
  const texts = files.map((file) => ({ file, lines: linesOf(root, file) }));
  // The file that names the subject, if one does; a word alone may stand in many.
  const own = texts.filter(({ lines }) => path !== undefined || lines.some((line) => quotes(line, subject)));
  const place =
    word === undefined ? undefined : (firstWith(own, word) ?? (own.length === 0 ? firstWith(texts, word) : undefined));
  const { file, line } = place ?? firstWith(own, subject) ?? { file: undefined, line: 0 };
  if (file === undefined) return problem;
  return problem.startsWith(file) ? `${file}:${line}${problem.slice(file.length)}` : `${file}:${line}: ${problem}`;
}

interface Source {
  readonly file: string;
  readonly lines: readonly string[];
}

function firstWith(sources: readonly Source[], word: string): { file: string; line: number } | undefined {
  const whole = new RegExp(`(?<![\\w:])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w:])`);
  for (const { file, lines } of sources) {
    const index = lines.findIndex((line) => whole.test(line));
    if (index >= 0) return { file, line: index + 1 };
  }
  return undefined;
}

function quotes(line: string, subject: string): boolean {
  return ["'", '`', '"'].some((quote) => line.includes(`${quote}${subject}${quote}`));
}

function sourcesBelow(root: string, room: string): readonly string[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => `${room}/${path}`);
}

function linesOf(root: string, file: string): readonly string[] {
  try {
    return readFileSync(join(root, file), 'utf8').split('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
