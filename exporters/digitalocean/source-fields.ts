import { z } from 'zod';
import { timesUsd, usd } from '../../kernel/money.ts';

// What the SDK makes of an answer: names in camel case, absent fields null or undefined, times a Date or text, ids numbers. What is a closed list in the API's
// specification is text here, so that a value DigitalOcean adds tomorrow is read and shown.
export const text = z.string();
export const number = z.number().nonnegative();
export const textOr = (fallback: string) => text.nullish().transform((value) => value ?? fallback);
export const optionalText = text.nullish().transform((value) => (value === null || value === '' ? undefined : value));
export const id = z.union([text.min(1), z.number()]).transform(String);
export const optionalId = id.nullish().transform((value) => value ?? undefined);
export const list = <T>(item: z.ZodType<T>) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
export const orZero = number.nullish().transform((value) => value ?? 0);
export const optionalNumber = number.nullish().transform((value) => value ?? undefined);
export const money = text.regex(/^-?\d+(\.\d+)?$/, 'not an amount of dollars').transform((value) => usd(Number(value)));
export const dollars = number.transform(usd);
export const cents = number.transform((value) => timesUsd(usd(value), 0.01));
export const time = z
  .union([z.date(), text])
  .nullish()
  .transform((value) => {
    const ms = value == null ? Number.NaN : new Date(value).getTime();
    return Number.isNaN(ms) ? undefined : ms;
  });
export const regionSlug = z
  .object({ slug: textOr('unknown') })
  .nullish()
  .transform((region) => region?.slug ?? 'unknown');
export const gib = 1_024 ** 3;

/** A page of a list, and how many items all pages hold (undefined where the API does not page). A list that is missing counts as empty only where the total says so. */
export function pageOf<T>(
  key: string,
  item: z.ZodType<T>,
): z.ZodType<{ items: readonly T[]; total: number | undefined }> {
  const items = z.array(item);
  const meta = z.object({ total: number });
  return z.record(z.string(), z.unknown()).transform((page, context) => {
    const total = meta.safeParse(page['meta']).data?.total;
    const parsed = items.safeParse(page[key] ?? (total === 0 ? [] : undefined));
    if (parsed.success) return { items: parsed.data, total };
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', message, path: [key, ...path] });
    return z.NEVER;
  });
}
