import { closest } from 'fastest-levenshtein';
import type { Alert } from '../alerts/define.ts';
import type { Query } from '../alerts/lint.ts';
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
  return [
    ...twice(uids).map((uid) => `dashboards/index.ts: two boards are called ${uid}`),
    ...boards.flatMap((board) => lintBoard(board, uids)),
  ];
}

function lintBoard(board: Board, uids: readonly string[]): readonly string[] {
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
    ...board.rows.flatMap(({ title, panels: inRow }) => lintRow(title, inRow).map((text) => `${place}: ${text}`)),
    ...panels.flatMap((panel) =>
      lintPanel(panel, board, uids, known).map((text) => `${place}: panel "${panel.title}" ${text}`),
    ),
  ];
}

function lintRow(title: string, panels: readonly Panel[]): readonly string[] {
  if (panels.length === 0) return [`row "${title}" is empty`];
  return title.endsWith('?') ? [] : [`row "${title}" asks no question`];
}

function lintPanel(panel: Panel, board: Board, uids: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const series = Object.values(panel.series);
  const used = [...series.join(' ').matchAll(/\$(service|node|room)\b/g)].map(([, name]) => name);
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
    ...(panel.links ?? []).flatMap((link) => [...lintLink(link, uids), ...lintColumn(link, panel)]),
  ];
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

function lintLink(link: Link, uids: readonly string[]): readonly string[] {
  if (!('board' in link)) return [];
  const names = Object.keys(variables);
  return [
    ...(uids.includes(link.board) ? [] : [`leads to no board: ${link.board}${nearest(link.board, uids)}`]),
    ...Object.keys(link.with ?? {})
      .filter((name) => !names.includes(name))
      .map((name) => `fills an unknown variable: ${name}${nearest(name, names)}`),
  ];
}

function nearest(word: string, among: readonly string[]): string {
  return among.length === 0 ? '' : `; did you mean ${closest(word, [...among])}?`;
}

function twice<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
