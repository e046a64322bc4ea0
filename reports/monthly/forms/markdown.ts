import { maybeUsd } from '../../figures.ts';
import type { MonthlyReport } from '../report.ts';
import { chaptersOf, correctionOf, imprintOf, keyFigures, titleOf } from '../sections.ts';
import type { Table } from '../table.ts';

/** The report as Markdown, for a pull request or a wiki; tables without charts. */
export function toMarkdown(report: MonthlyReport): string {
  const correction = correctionOf(report);
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`**${title}**\n\n${lines.map((line) => `- ${safe(line)}`).join('\n')}`];
  return `${[
    `# ${titleOf(report)}`,
    safe(imprintOf(report)),
    ...(correction === undefined ? [] : [`> **Corrected.** ${safe(correction)}`]),
    table({
      columns: ['', 'Figure', ''],
      rows: keyFigures(report).map(({ name, value, note }) => [name, value, note]),
    }),
    ...list(
      'Do next',
      report.answer.actions.map(
        ({ what, why, saving, needs }) => `${what}: ${maybeUsd(saving)} a month; ${why} (needs ${needs}).`,
      ),
    ),
    ...list('What is missing', report.gaps),
    ...chaptersOf(report).flatMap(({ title, says, tables }) => [`## ${title}`, safe(says), ...tables.flatMap(section)]),
  ].join('\n\n')}\n`;
}

function section({ title, columns, rows, none }: Table): readonly string[] {
  return [`### ${title}`, rows.length === 0 ? `_${safe(none)}_` : table({ columns, rows })];
}

function table({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => safe(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(columns), `|${columns.map(() => ' --- |').join('')}`, ...rows.map(row)].join('\n');
}

/** Names come from whoever named a resource: no markup, no second line. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/[\\`*_[\]<>#]/g, (sign) => `\\${sign}`);
}
