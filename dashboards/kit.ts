import {
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Alert } from '../alerts/define.ts';
import { runbookUrl } from '../alerts/render.ts';

const source = { type: 'prometheus', uid: '$datasource' };

/** The variable by which a reader chooses the Prometheus; every panel asks it. */
export function prometheusVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus');
}

/** What a panel shows: its question, its query, and where to go next. */
export interface PanelSpec {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly query: string;
  readonly legend: string;
  /** Grafana's unit id: `percentunit`, `short`, `bps`. */
  readonly unit: string;
  /** Columns of 24. */
  readonly span: number;
  /** The alert that watches it: its threshold is drawn, its runbook is one click away. */
  readonly alert?: Alert;
}

/** A series over time. */
export function timeseries(spec: PanelSpec): TimeseriesBuilder {
  const panel = common(new TimeseriesBuilder(), spec).height(8).lineWidth(2).fillOpacity(8);
  return spec.alert === undefined ? panel : panel.thresholds(thresholds(spec.alert)).links(runbookLinks(spec.alert));
}

/** One number, the newest. */
export function stat(spec: PanelSpec): StatBuilder {
  const panel = common(new StatBuilder(), spec).height(4);
  return spec.alert === undefined ? panel : panel.thresholds(thresholds(spec.alert)).links(runbookLinks(spec.alert));
}

function common<Panel extends TimeseriesBuilder | StatBuilder>(panel: Panel, spec: PanelSpec): Panel {
  const query = new DataqueryBuilder().expr(spec.query).legendFormat(spec.legend).refId('A').range();
  panel.id(spec.id).title(spec.title).description(spec.description).unit(spec.unit).span(spec.span);
  panel.datasource(source).withTarget(query.datasource(source));
  return panel;
}

/** The alert's own threshold, so that a board never shows another than the one that fires. */
function thresholds({ response: { signal } }: Alert): ThresholdsConfigBuilder {
  const [below, above] = signal.direction === 'above' ? (['green', 'red'] as const) : (['red', 'green'] as const);
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below },
    { value: signal.threshold, color: above },
  ]);
}

function runbookLinks({ name }: Alert): DashboardLinkBuilder[] {
  return [
    new DashboardLinkBuilder(`Runbook ${name}`).type(DashboardLinkType.Link).url(runbookUrl(name)).targetBlank(true),
  ];
}
