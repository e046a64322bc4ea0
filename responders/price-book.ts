import { readFile } from 'node:fs/promises';
import type { Config } from '../kernel/config.ts';
import { errorText, UsageError } from '../kernel/errors.ts';
import { type PriceBook, prices } from '../model/prices.ts';

/** The price book in force: ours, with those of PRICE_FILE in their place. Throws a UsageError that names file, line and field. */
export async function priceBook({ PRICE_FILE: file }: Config): Promise<PriceBook> {
  if (file === undefined) return prices;
  const { ownPrices } = await import('../model/prices/own.ts');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`PRICE_FILE: ${errorText(error)}`);
  }
  return ownPrices(text, file, prices);
}
