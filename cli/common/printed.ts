import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';

/** Text from somewhere else: it must not move the cursor or recolour the terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]/gu, '');
}

/** A table for a terminal under its title; colours only where standard output takes them. */
export function printedTable(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => row.map((cell) => printable(cell))));
  return `${styleText('bold', title)}\n${table.toString()}`;
}
