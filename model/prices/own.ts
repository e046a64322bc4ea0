import { closest } from 'fastest-levenshtein';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../kernel/errors.ts';
import { type MicroUsd, usd } from '../../kernel/money.ts';
import type { PriceBook } from './define.ts';

const dollars = z
  .number('want dollars as a number')
  .positive('want dollars above 0')
  .max(1_000_000, 'more than a million dollars: is the unit right?')
  .transform((amount): MicroUsd => usd(amount));

const Own = z.strictObject({
  currency: z.literal('USD', 'only USD is reckoned with').optional(),
  asOf: z.iso.date('want the day on which the prices were read, such as 2026-12-01'),
  source: z.string().min(1).max(200),
  /** By slug, dollars an hour. */
  nodeSizes: z.record(z.string(), dollars).default({}),
  /** By item, dollars per unit and month. */
  monthly: z.record(z.string(), dollars).default({}),
  /** Dollars per GiB of memory and month, by engine and the beginning of the size. */
  databases: z
    .array(z.strictObject({ engine: z.string().min(1), slugPrefix: z.string().default(''), perGib: dollars }))
    .default([]),
  transferPerGib: dollars.optional(),
});

/**
 * A price book with a user's own prices in the place of ours: contract prices, or what the pricing page says by now. The API's own prices win over both.
 * Throws a UsageError that names file, line and field.
 * @example
 * ownPrices('asOf: 2026-12-01\nsource: our contract\nmonthly: {volume: 0.09}', 'prices.yaml', prices)
 */
export function ownPrices(text: string, file: string, book: PriceBook): PriceBook {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new UsageError(`${file}: line ${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0]}`);
  const wrong = (path: readonly PropertyKey[], message: string): UsageError =>
    new UsageError(`${file}: line ${lineOf(document, lines, path)}: ${path.join('.') || 'top level'}: ${message}`);
  const parsed = Own.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    throw wrong([...(issue?.path ?? []), ...unknown], issue?.message ?? 'not understood');
  }
  const { nodeSizes, monthly, databases, transferPerGib, asOf, source } = parsed.data;
  const among = (part: string, asked: object, known: readonly string[]): void => {
    for (const name of Object.keys(asked))
      if (!known.includes(name))
        throw wrong([part, name], `there is no such price; did you mean ${closest(name, known)}?`);
  };
  among(
    'nodeSizes',
    nodeSizes,
    book.nodeSizes.map(({ slug }) => slug),
  );
  among(
    'monthly',
    monthly,
    book.monthly.map(({ item }) => item),
  );
  const said = { basis: 'published', source: `${source}, of ${asOf} (${file})` } as const;
  return {
    ...book,
    asOf,
    nodeSizes: book.nodeSizes.map((size) => {
      const hourly = nodeSizes[size.slug];
      return hourly === undefined ? size : { ...size, ...said, hourly };
    }),
    monthly: book.monthly.map((one) => {
      const amount = monthly[one.item];
      return amount === undefined ? one : { ...one, ...said, monthly: amount };
    }),
    databases: [
      ...databases.map(({ perGib, ...of }) => ({ ...of, ...said, lowPerGib: perGib, highPerGib: perGib })),
      ...book.databases,
    ],
    transferPerGib: transferPerGib ?? book.transferPerGib,
  };
}

/** The line of a field, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
