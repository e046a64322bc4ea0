import { closest } from 'fastest-levenshtein';
import type { Alert } from '../alerts/define.ts';
import { knownSeries } from '../alerts/known-series.ts';
import type { Query } from '../alerts/lint.ts';
import { resultLabels } from '../alerts/result-labels.ts';
import { annotations } from './annotations.ts';
import { type Board, type Link, type Panel, panelsOf } from './define.ts';
import { units } from './units.ts';
import { fillVariables, type Variable, variables } from './variables.ts';

/** Every query of the boards with its variables filled in, for the check that all queries go through. */
export function boardQueries(boards: readonly Board[]): readonly Query[] {
  return [
    ...boards.flatMap((board) =>
      Object.entries(board.queries).map(([name, expr]) => ({
        at: `dashboards/${board.source}/queries.ts ${name}`,
        expr: fillVariables(expr),
      })),
    ),
    ...annotations.map(({ name, expr }) => ({ at: `dashboards/annotations.ts ${name}`, expr })),
    ...Object.entries<Variable>(variables).map(([name, { metric, values }]) => ({
      at: `dashboards/variables.ts ${name}`,
      expr: `group by (${values}) (${metric})`,
    })),
  ];
}

/** What is wrong with the boards themselves, each with its place and the nearest right name; empty when nothing is. */
export function lintBoards(boards: readonly Board[]): readonly string[] {
  const uids = boards.map(({ uid }) => uid);
  const labelsOf = labelsByQuery();
  return [
    ...twice(uids).map((uid) => `dashboards/index.ts: two boards are called ${uid}`),
    ...boards.flatMap((board) => lintBoard(board, { boards, labelsOf })),
  ];
}

/** What every board is held against. */
interface Context {
  readonly boards: readonly Board[];
  readonly labelsOf: (expr: string) => ReadonlySet<string>;
}

function labelsByQuery(): Context['labelsOf'] {
  const known = knownSeries();
  return (expr) => resultLabels(fillVariables(expr), known);
}

function lintBoard(board: Board, context: Context): readonly string[] {
  const place = `dashboards/${board.source}/dashboard.ts`;
  const panels = panelsOf(board);
  const shown = new Set(panels.flatMap(({ series }) => Object.values(series)));
  const known = new Set(Object.values(board.queries));
  return [
    ...twice(panels.map(({ id }) => id)).map((id) => `${place}: two panels have the id ${id}`),
    ...twice(panels.map(({ title }) => title)).map((title) => `${place}: two panels are called "${title}"`),
    ...Object.entries(board.queries)
      .filter(([, expr]) => !shown.has(expr))
      .map(([name]) => `${place}: no panel shows the query ${name}`),
    ...board.variables
      .filter((name) => !Object.values(board.queries).some((expr) => namedIn(expr).includes(name)))
      .map((name) => `${place}: offers $${name}, which no query uses`),
    ...board.rows.flatMap(({ title, panels: inRow }) => lintRow(title, inRow).map((text) => `${place}: ${text}`)),
    ...panels.flatMap((panel) =>
      lintPanel(panel, board, context, known).map((text) => `${place}: panel "${panel.title}" ${text}`),
    ),
  ];
}

function lintRow(title: string, panels: readonly Panel[]): readonly string[] {
  if (panels.length === 0) return [`row "${title}" is empty`];
  return title.endsWith('?') ? [] : [`row "${title}" asks no question`];
}

/** The variables that a query names. */
function namedIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\$(service|node|room)\b/g)].map(([, name]) => name ?? '');
}

function lintPanel(panel: Panel, board: Board, context: Context, known: ReadonlySet<string>): readonly string[] {
  const series = Object.values(panel.series);
  const used = namedIn(series.join(' '));
  return [
    ...(Object.hasOwn(units, panel.unit)
      ? []
      : [`has no unit that is known: ${panel.unit || 'none'}${nearest(panel.unit, Object.keys(units))}`]),
    ...(panel.description === '' ? ['has no description'] : []),
    ...(series.length === 0 ? ['shows nothing'] : []),
    ...series.filter((expr) => !known.has(expr)).map((expr) => `shows a query that queries.ts does not name: ${expr}`),
    ...(panel.span < 1 || panel.span > 24 ? [`is ${panel.span} columns wide, of 24`] : []),
    ...used
      .filter((name) => !board.variables.some((variable) => variable === name))
      .map((name) => `uses $${name}, which the board does not offer`),
    ...(panel.alert === undefined ? [] : lintAlert(panel, panel.alert)),
    ...lintWords(panel, context.labelsOf),
    ...(panel.links ?? []).flatMap((link) => [...lintLink(link, context, panel), ...lintColumn(link, panel)]),
  ];
}

/** A legend or a column takes its words from labels that the answer has, and lines that differ by a label are told apart by it. */
function lintWords({ series, show, columns }: Panel, labelsOf: Context['labelsOf']): readonly string[] {
  const answers = Object.entries(series).map(([legend, expr]) => ({
    words: [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label ?? ''),
    legend,
    labels: labelsOf(expr),
  }));
  const headed = Object.keys(columns ?? {}).filter((label) => label !== 'value');
  return answers.flatMap(({ legend, words, labels }) => [
    ...(legend === '' ? ['draws a line without a name'] : []),
    ...(words.length === 0 && labels.size > 0 && show !== 'table'
      ? [`calls all lines "${legend}", which differ by ${[...labels].join(', ')}`]
      : []),
    ...[...words, ...headed]
      .filter((label) => !labels.has(label))
      .map((label) => `names lines by a label that they do not have: ${label}${nearest(label, [...labels])}`),
  ]);
}

const unitOfSignal = { ratio: ['percentunit'], seconds: ['s', 'dtdurations'] } as const;

/** A threshold of 0.05 drawn on a scale of milliseconds is a lie. */
function lintAlert({ unit }: Panel, { name, response }: Alert): readonly string[] {
  const { unit: signal } = response.signal;
  if (signal === 'count') return [];
  return unitOfSignal[signal].some((fits) => fits === unit)
    ? []
    : [`has the unit ${unit}, but the threshold of ${name} is in ${signal}: want ${unitOfSignal[signal][0]}`];
}

/** A link that takes its word from a column that is not shown leads nowhere. */
function lintColumn(link: Link, { columns = {} }: Panel): readonly string[] {
  const column = 'incidentOf' in link ? link.incidentOf : 'runbookOf' in link ? link.runbookOf : undefined;
  const headings = Object.values(columns);
  if (column === undefined || headings.includes(column)) return [];
  return [`links by a column that it does not show: ${column}${nearest(column, headings)}`];
}

function lintLink(link: Link, { boards, labelsOf }: Context, { series }: Panel): readonly string[] {
  if (!('board' in link)) return [];
  const uids = boards.map(({ uid }) => uid);
  const target = boards.find(({ uid }) => uid === link.board);
  if (target === undefined) return [`leads to no board: ${link.board}${nearest(link.board, uids)}`];
  const offered: readonly string[] = target.variables;
  const labels = new Set(Object.values(series).flatMap((expr) => [...labelsOf(expr)]));
  return Object.entries(link.with ?? {}).flatMap(([name, label]) => [
    ...(offered.includes(name)
      ? []
      : [`fills a variable that ${link.board} does not offer: ${name}${nearest(name, offered)}`]),
    ...(labels.has(label)
      ? []
      : [`fills ${name} from a label that its lines do not have: ${label}${nearest(label, [...labels])}`]),
  ]);
}

function nearest(word: string, among: readonly string[]): string {
  return among.length === 0 ? '' : `; did you mean ${closest(word, [...among])}?`;
}

function twice<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
