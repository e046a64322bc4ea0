import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { maybeUsd } from '../../figures.ts';
import type { ChartName, Charts } from '../charts/index.ts';
import type { MonthlyReport } from '../report.ts';
import { type Chapter, chaptersOf, correctionOf, imprintOf, keyFigures, titleOf } from '../sections.ts';
import type { Table } from '../table.ts';
import { pageStyle } from './page.css.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const captions: Readonly<Record<ChartName, { readonly text: string; readonly wide: boolean }>> = {
  bridge: { text: 'Step by step; the axis begins where the change does.', wide: true },
  daily: {
    text: 'What each day added to the bill (estimate; what the cap of 672 hours takes off is spread over the month; without traffic above the pool).',
    wide: true,
  },
  burn: { text: 'Spend so far against the budget.', wide: false },
  unit: { text: 'Dollars of a participant-hour, by day.', wide: false },
  residuals: { text: 'Each day against its weekday of the eight weeks before, by product.', wide: false },
  savings: { text: 'Dollars a month.', wide: true },
  heat: { text: 'People at once, by weekday and hour.', wide: false },
  limits: { text: "What the month's peak took of each limit.", wide: true },
  runOut: {
    text: 'When each limit is reached: from the earliest date (90 %) to the likely one, where that is within a year.',
    wide: true,
  },
  allocation: { text: 'The month by workload, the ten dearest; idle is what nobody holds of the nodes.', wide: true },
  peaks: { text: 'The largest number of people at once, by day.', wide: true },
};

/** The page: self-contained, prints on A4, no script. */
export async function toHtml(report: MonthlyReport, charts: Charts): Promise<string> {
  const chapters = chaptersOf(report);
  const title = titleOf(report);
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · GoMeet</title><style>${raw(pageStyle)}</style></head>
<body>
<header><h1>${title}</h1><p class="imprint">${imprintOf(report)}</p></header>
<main>
${correction(report)}
${answer(report)}
${actions(report)}
${gaps(report)}
<nav class="box" aria-label="Chapters"><b>In this report</b><ol>${chapters.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
${chapters.map((chapter) => chapterOf(chapter, charts))}
</main>
<footer>Made from one input by <code>gomeet report monthly</code>; the same input makes the same bytes. ${imprintOf(report)}</footer>
</body></html>
`;
  return page.toString();
}

function correction(report: MonthlyReport): Html | '' {
  const said = correctionOf(report);
  return said === undefined ? '' : html`<p class="box correction"><b>Corrected.</b> ${said}</p>`;
}

function answer(report: MonthlyReport): Html {
  return html`<dl class="answer">${keyFigures(report).map(
    ({ name, value, note, mood }) =>
      html`<div class="${mood}"><dt>${name}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>`,
  )}</dl>`;
}

function actions({ answer: { actions: list } }: MonthlyReport): Html {
  if (list.length === 0) return html`<p class="box">Nothing was found that could go.</p>`;
  return html`<div class="box"><b>Do next</b><ol>${list.map(
    ({ what, why, saving, confidence, needs }) =>
      html`<li><b>${what}</b>: ${maybeUsd(saving)} a month; ${why} (${confidence} confidence; needs ${needs}).</li>`,
  )}</ol></div>`;
}

function gaps(report: MonthlyReport): Html | '' {
  if (report.gaps.length === 0) return '';
  return html`<div class="box gaps"><b>What is missing</b><ul>${report.gaps.map((gap) => html`<li>${gap}</li>`)}</ul></div>`;
}

function chapterOf({ id, title, says, charts: names, tables }: Chapter, pictures: Charts): Html {
  const drawn = names.flatMap((name) => {
    const svg = pictures[name];
    return svg === undefined ? [] : [{ ...captions[name], svg }];
  });
  const figure = ({ text, wide, svg }: (typeof drawn)[number]) =>
    html`<figure${wide ? html` class="wide"` : ''}><figcaption>${text}</figcaption>${raw(svg)}</figure>`;
  const chartsOf = (some: typeof drawn) =>
    some.length === 0 ? '' : html`<div class="charts">${some.map(figure)}</div>`;
  const tablesOf = (some: readonly Table[]) =>
    some.length === 0
      ? ''
      : html`<div class="tables">${laidOut(some).map(({ table, place }) => tableOf(table, place))}</div>`;
  // On paper a title never stands without its first row of charts, or its first table.
  const row = drawn[0]?.wide === false && drawn[1]?.wide === false ? 2 : 1;
  const lead = drawn.length === 0 ? 1 : 0;
  return html`<section id="${id}"><div class="head"><h2>${title}</h2><p class="says">${says}</p>
${chartsOf(drawn.slice(0, row))}${tablesOf(tables.slice(0, lead))}</div>
${chartsOf(drawn.slice(row))}${tablesOf(tables.slice(lead))}</section>
`;
}

/** Tables of few columns stand beside each other in pairs; one that is left over has the width to itself. */
function laidOut(tables: readonly Table[]): readonly { readonly table: Table; readonly place: string }[] {
  const [table, next, ...rest] = tables;
  if (table === undefined) return [];
  const isNarrow = (one: Table) => one.columns.length <= 4;
  if (next !== undefined && isNarrow(table) && isNarrow(next))
    return [{ table, place: 'half' }, { table: next, place: 'half' }, ...laidOut(rest)];
  const place = table.columns.length > 3 ? 'wide' : 'wide few';
  return [{ table, place }, ...laidOut(tables.slice(1))];
}

function tableOf({ title, columns, rows, none, total }: Table, place: string): Html {
  const numeric = columns.map(
    (_column, index) => index > 0 && rows.length > 0 && rows.every((row) => isFigure(row[index] ?? '')),
  );
  const cell = (tag: 'td' | 'th') => (text: string, index: number) =>
    raw(`<${tag}${numeric[index] ? ' class="n"' : isDay(text) ? ' class="d"' : ''}>${escaped(text)}</${tag}>`);
  const body =
    rows.length === 0
      ? html`<p class="none">${none}</p>`
      : html`<div class="scroll"><table><thead><tr>${columns.map(cell('th'))}</tr></thead><tbody>${rows.map(
          (row, index) =>
            html`<tr${total && index === rows.length - 1 ? html` class="total"` : ''}>${row.map(cell('td'))}</tr>`,
        )}</tbody></table></div>`;
  return html`<section class="${place}"><h3>${title}</h3>${body}</section>`;
}

/** Whether a cell is set to the right: an amount, a count, a share, or nothing. */
function isFigure(text: string): boolean {
  return (
    text === '' ||
    text === 'no data' ||
    text === 'unknown' ||
    /^[+−-]?\$?[\d,.]+( %| h| min| s| TiB| Mbit\/s)?$/.test(text)
  );
}

/** Whether a cell is a date or days, which are not broken. */
function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$|^\d{1,2}(–\d{1,2})? \p{L}{3}$/u.test(text);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
