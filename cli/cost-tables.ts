import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';
import type { CostReport } from '../reports/cost/report.ts';
import { type CostView, sectionsOf } from '../reports/cost/sections.ts';

/** The tables of a view for a terminal; colours only where standard output takes them. */
export function toTables(report: CostReport, view: CostView): string {
  const tables = sectionsOf(report, view).map(({ title, columns, rows, none }) => {
    const head = styleText('bold', title);
    if (rows.length === 0) return `${head}\n${none}`;
    const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
    // Names come from whoever named a resource: they must not move the cursor or recolour the table.
    table.push(...rows.map((row) => row.map((cell) => printable(cell))));
    return `${head}\n${table.toString()}`;
  });
  const notes = report.notes.map((note) => styleText('yellow', `! ${printable(note)}`));
  return `${[...tables, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')}\n`;
}

function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]/gu, '');
}
