import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const words = z.array(z.string().min(1)).readonly().optional();
const Answer = z
  .object({
    /** Commands of `gomeet`, as one would type them. */
    run: words,
    alerts: words,
    actions: words,
    /** Files and folders of the repository. */
    pages: words,
    note: z.string().optional(),
    /** Why it must not be done, or cannot be. */
    refused: z.string().optional(),
    /** What is missing here. */
    open: z.string().optional(),
  })
  .strict()
  .refine(
    ({ run, pages, refused, open }) => [run, pages, refused, open].some((field) => field !== undefined),
    'an answer that says nothing',
  );
/** What does now what a seed document asked for. */
export type Answer = z.infer<typeof Answer>;

const Answers = z.array(z.tuple([z.string(), Answer]));
const Seeds = z.record(z.string(), z.array(z.tuple([z.enum(['h', 'c', 'b']), z.string(), z.string()])));

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** Answers to headings, and to commands and blocks; the first that fits holds. */
export const headings = Answers.parse(parse(read('./headings.yaml')));
export const commands = Answers.parse(parse(read('./commands.yaml')));
/** Headings, commands and blocks of both documents, in their order, as cli/map/extract.ts takes them out. The documents themselves are the user's and stay out of the repository. */
export const seeds = Seeds.parse(JSON.parse(read('./seeds.json')));

/** An item of a document with its answer. */
export interface Mapped {
  readonly kind: 'h' | 'c' | 'b';
  readonly under: string;
  readonly text: string;
  readonly answer: Answer | undefined;
}

/** Every item of a document with its answer; undefined where nobody has one. */
export function mapped(document: string): readonly Mapped[] {
  return (seeds[document] ?? []).map(([kind, under, text]) => ({
    kind,
    under,
    text,
    answer: (kind === 'h' ? headings : commands).find(
      ([wanted]) => pattern(wanted)?.test(text) ?? wanted === text,
    )?.[1],
  }));
}

const patterns = new Map<string, RegExp | undefined>();

/** What stands between slashes is a pattern over the whole text; each is compiled once, since every text is held against it. */
function pattern(wanted: string): RegExp | undefined {
  if (patterns.has(wanted)) return patterns.get(wanted);
  const is = wanted.startsWith('/') && wanted.endsWith('/') && wanted.length > 2;
  const compiled = is ? new RegExp(`^${wanted.slice(1, -1)}$`) : undefined;
  patterns.set(wanted, compiled);
  return compiled;
}
