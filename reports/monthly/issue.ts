import { renderPng } from '../../dashboards/chart/render.ts';
import { type Charts, drawCharts } from './charts/index.ts';
import { toMonthlyCsv, toMonthlyFocus, toMonthlyJson } from './forms/data.ts';
import { toHtml } from './forms/html.ts';
import { toMarkdown } from './forms/markdown.ts';
import { findChromium, toPdf } from './forms/pdf.ts';
import { toLines } from './forms/slack.ts';
import type { MonthlyReport } from './report.ts';

/** The forms of the report that are files, by their ending. */
export const formNames = ['html', 'pdf', 'md', 'csv', 'json', 'focus', 'txt'] as const;
export type FormName = (typeof formNames)[number];

/** A form as a file. */
export interface FormFile {
  readonly form: FormName;
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

const types: Readonly<Record<FormName, string>> = {
  html: 'text/html',
  pdf: 'application/pdf',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  focus: 'text/csv',
  txt: 'text/plain',
};

/** Every form but PDF, which needs a browser. */
export const plainForms: readonly FormName[] = formNames.filter((form) => form !== 'pdf');

/** The forms that this machine can make: PDF only where there is a Chromium. */
export async function possibleForms(): Promise<readonly FormName[]> {
  return (await findChromium()) === undefined ? plainForms : formNames;
}

/** Makes the forms; the same report always makes the same bytes. Throws a UsageError for a PDF without Chromium. */
export async function makeForms(report: MonthlyReport, forms: readonly FormName[]): Promise<readonly FormFile[]> {
  const charts: Charts = wantsPage(forms) ? await drawCharts(report) : {};
  const html = wantsPage(forms) ? await toHtml(report, charts) : '';
  const files: FormFile[] = [];
  for (const form of forms) {
    const ending = form === 'focus' ? 'focus.csv' : form;
    files.push({
      form,
      name: `gomeet-${report.input.month}${report.edition > 1 ? `-edition-${report.edition}` : ''}.${ending}`,
      type: types[form],
      content: await contentOf(form, report, html),
    });
  }
  return files;
}

function wantsPage(forms: readonly FormName[]): boolean {
  return forms.includes('html') || forms.includes('pdf');
}

/** One chart as a picture for chat: where the month's money went by day. */
export async function chartPicture(report: MonthlyReport): Promise<Uint8Array | undefined> {
  const { bridge, daily } = await drawCharts(report);
  const svg = bridge ?? daily;
  return svg === undefined ? undefined : await renderPng(svg);
}

async function contentOf(form: FormName, report: MonthlyReport, html: string): Promise<Uint8Array> {
  switch (form) {
    case 'html':
      return Buffer.from(html);
    case 'pdf':
      return await toPdf(html, report.input.asOfMs);
    case 'md':
      return Buffer.from(toMarkdown(report));
    case 'csv':
      return Buffer.from(toMonthlyCsv(report));
    case 'json':
      return Buffer.from(toMonthlyJson(report));
    case 'focus':
      return Buffer.from(toMonthlyFocus(report));
    case 'txt':
      return Buffer.from(`${toLines(report).join('\n')}\n`);
  }
}
