import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Annotation, annotationStepMs, annotations } from './annotations.ts';
import type { Board } from './define.ts';
import { grafanaPanel, source } from './grafana-panel.ts';
import { linkUrl, type Places } from './links.ts';
import { type VariableName, variables } from './variables.ts';

/** A board as the JSON that Grafana 11 and later read from a file or a ConfigMap. */
export function grafanaBoard(board: Board, places: Places = {}): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.question)
    .tags(['gomeet'])
    .readonly()
    .refresh(board.span === '7d' || board.span === '30d' ? '5m' : '30s')
    .time({ from: `now-${board.span}`, to: 'now' })
    .timezone('utc')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(environment())
    .annotations(annotations.map(annotation));
  for (const name of board.variables) builder.withVariable(variable(name));
  for (const link of navigation(board, places)) builder.link(link);
  for (const [index, row] of board.rows.entries()) {
    // Panels have ids below 1,000.
    builder.withRow(new RowBuilder(row.title).id(1_001 + index));
    for (const panel of row.panels) builder.withPanel(grafanaPanel(panel, places));
  }
  return builder.build();
}

/** Each environment has a Prometheus of its own; its data source bears the environment's name. */
function environment(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Environment').type('prometheus');
}

function variable(name: VariableName): QueryVariableBuilder {
  const { label, metric, values, several } = variables[name];
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .datasource(source)
    .query(`label_values(${metric}, ${values})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(several)
    .includeAll(several);
  return several ? builder.allValue('.*') : builder;
}

function annotation({ name, expr, title, text, colour, valueIsTime }: Annotation): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .expr(expr)
    .step(`${annotationStepMs / 1_000}s`)
    .titleFormat(title)
    .textFormat(text)
    .useValueForTime(valueIsTime === true)
    .iconColor(colour);
}

/** From every board to the first page, to all boards, and to the incidents. */
function navigation(board: Board, places: Places): DashboardLinkBuilder[] {
  const link = (title: string) => new DashboardLinkBuilder(title).keepTime(true).includeVars(true);
  return [
    ...(board.uid === 'gomeet-home' ? [] : [link('Home').type(DashboardLinkType.Link).url('/d/gomeet-home')]),
    link('Boards').type(DashboardLinkType.Dashboards).tags(['gomeet']).asDropdown(true),
    new DashboardLinkBuilder('Incidents')
      .type(DashboardLinkType.Link)
      .url(linkUrl({ title: 'Incidents', console: '/' }, places))
      .targetBlank(true),
  ];
}
