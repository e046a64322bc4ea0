import {
  BarAlignment,
  BigValueColorMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { runbookUrl } from '../alerts/render.ts';
import type { Link, Panel } from './define.ts';
import { linkUrl, type Places } from './links.ts';

/** The data source of every query: the Prometheus of the environment that the reader chose. */
export const source = { type: 'prometheus', uid: '$datasource' };

type AnyPanel = TimeseriesBuilder | StatBuilder | TableBuilder;

/** Stretches of time that a panel of bars has, so that each is wide enough to be seen; `$__rate_interval` is as long as one. */
export const barsInWidth = 48;

/** A panel as Grafana reads it. */
export function grafanaPanel(panel: Panel, places: Places): AnyPanel {
  switch (panel.show) {
    case 'stat':
      return stat(panel, places);
    case 'lines':
    case 'stack':
    case 'bars':
      return lines({ ...panel, show: panel.show }, places);
    case 'table':
      return table(panel, places);
  }
}

/** Heights in rows of the grid. */
export const panelHeights: Readonly<Record<Panel['show'], number>> = { stat: 4, lines: 8, stack: 8, bars: 8, table: 8 };

/** What is red and from where on; the alert's own threshold, so that a board never shows another than the one that fires. */
export function limitOf(panel: Panel): { readonly at: number; readonly direction: 'above' | 'below' } | undefined {
  const signal = panel.alert?.response.signal;
  return signal === undefined ? panel.limit : { at: signal.threshold, direction: signal.direction };
}

/** One number, of now: an older one would pass for the present. */
function stat(panel: Panel, places: Places): StatBuilder {
  const builder = new StatBuilder()
    .colorMode(limitOf(panel) === undefined ? BigValueColorMode.None : BigValueColorMode.BackgroundSolid)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  common(builder, panel, places);
  for (const query of queries(panel)) builder.withTarget(query.instant());
  return builder;
}

type LinesPanel = Panel & { readonly show: 'lines' | 'stack' | 'bars' };

/** The bad side is shaded, but for where all but the edge is bad: a red panel would cry of nothing. */
function thresholdStyle({ unit }: Panel, { at, direction }: { at: number; direction: 'above' | 'below' }) {
  const allBad = (at === 0 && direction === 'above') || unit === 'bool_yes_no';
  return allBad ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.DashedAndArea;
}

/** The legend lists the worst first and the tooltip too, so that one hot node is found among a hundred. */
function lines(panel: LinesPanel, places: Places): TimeseriesBuilder {
  const builder = new TimeseriesBuilder()
    .lineWidth(1)
    .fillOpacity({ lines: 6, stack: 30, bars: 80 }[panel.show])
    .axisSoftMin(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        // A third of the width is too little for lines and a table of names beside each other.
        .placement(panel.span < 12 ? LegendPlacement.Bottom : LegendPlacement.Right)
        .calcs(panel.show === 'bars' ? ['sum'] : ['lastNotNull', 'max'])
        .sortBy(panel.show === 'bars' ? 'Total' : 'Max')
        .sortDesc(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (panel.show !== 'lines') builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (panel.show === 'bars')
    builder.drawStyle(GraphDrawStyle.Bars).barAlignment(BarAlignment.Before).maxDataPoints(barsInWidth);
  const limit = limitOf(panel);
  if (limit !== undefined)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(thresholdStyle(panel, limit)));
  common(builder, panel, places);
  for (const query of queries(panel)) builder.withTarget(query.range());
  return builder;
}

/** What is there now, one row a series, the columns as named; the largest value first, else by the first column. */
function table(panel: Panel, places: Places): TableBuilder {
  const { value, ...labels } = panel.columns ?? {};
  const builder = new TableBuilder().filterable(true);
  common(builder, panel, places);
  for (const query of queries(panel)) builder.withTarget(query.instant().format(PromQueryFormat.Table));
  const sorted = value ?? Object.values(labels)[0];
  if (sorted !== undefined)
    builder.sortBy([new TableSortByFieldStateBuilder().displayName(sorted).desc(value !== undefined)]);
  return builder.withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true, ...(value === undefined ? { Value: true } : {}) },
      indexByName: Object.fromEntries([...Object.keys(labels), 'Value'].map((label, index) => [label, index])),
      renameByName: { ...labels, ...(value === undefined ? {} : { Value: value }) },
    },
  });
}

function common(builder: AnyPanel, panel: Panel, places: Places): void {
  builder
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .span(panel.span)
    .height(panelHeights[panel.show])
    .noValue(panel.empty ?? 'no data')
    .datasource(source);
  const limit = limitOf(panel);
  if (limit !== undefined) builder.thresholds(thresholds(limit));
  else
    builder.thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'text' }]),
    );
  if (panel.alert !== undefined)
    builder.links([external(`Runbook ${panel.alert.name}`, runbookUrl(panel.alert.name, places.runbookBaseUrl))]);
  const links = linksOf(panel);
  if (links.length > 0)
    builder.dataLinks(links.map((link) => external(link.title, linkUrl(link, places), !('board' in link))));
}

/** Where a click on the data leads: the panel's own places, and the incident of its alert with the thread. */
function linksOf({ alert, links = [] }: Panel): readonly Link[] {
  return alert === undefined
    ? links
    : [...links, { title: `Incident of ${alert.name} and its thread`, console: `/alerts/${alert.name}` }];
}

function queries(panel: Panel): DataqueryBuilder[] {
  return Object.entries(panel.series).map(([legend, expr], index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .expr(expr)
      .legendFormat(legend)
      .datasource(source),
  );
}

function thresholds({ at, direction }: { at: number; direction: 'above' | 'below' }): ThresholdsConfigBuilder {
  const [below, above] = direction === 'above' ? (['green', 'red'] as const) : (['red', 'green'] as const);
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below },
    { value: direction === 'above' ? justAbove(at) : at, color: above },
  ]);
}

/** Grafana colours from a step on, an alert fires above its threshold: at 0 of `> 0` nothing is wrong. */
function justAbove(at: number): number {
  return at === 0 ? 1e-9 : at + Math.abs(at) * 1e-9;
}

function external(title: string, url: string, blank = true): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(blank);
}
