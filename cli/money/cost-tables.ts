import { styleText } from 'node:util';
import type { CostReport } from '../../reports/cost/report.ts';
import { type CostView, sectionsOf } from '../../reports/cost/sections.ts';
import { printable, printedTable } from '../common/printed.ts';

/** The tables of a view for a terminal; colours only where standard output takes them. */
export function toTables(report: CostReport, view: CostView): string {
  const tables = sectionsOf(report, view).map(({ title, columns, rows, none }) => {
    if (rows.length === 0) return `${styleText('bold', title)}\n${none}`;
    return printedTable(title, columns, rows);
  });
  const notes = report.notes.map((note) => styleText('yellow', `! ${printable(note)}`));
  return `${[...tables, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')}\n`;
}
