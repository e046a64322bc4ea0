import type { Alert } from '../../alerts/define.ts';
import type { ActionName } from '../../alerts/vocabulary.ts';
import type { ChartMarker } from '../../dashboards/chart/markers.ts';
import { renderPng, renderSvg } from '../../dashboards/chart/render.ts';
import { type SignalChart, signalChart, sparkline, thresholdText } from '../../dashboards/chart/signal-chart.ts';
import { type ChartTheme, pageTheme, paperTheme } from '../../dashboards/chart/theme.ts';
import { toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import type { Metrics } from '../ports.ts';
import type { Episode, JournalKind } from '../records.ts';
import type { IncidentView } from '../tell/view.ts';

const markerKinds: Partial<Record<JournalKind, ChartMarker['kind']>> = {
  fired: 'fired',
  intended: 'decided',
  proposed: 'decided',
  'would-act': 'decided',
  acted: 'acted',
  verified: 'verified',
  failed: 'failed',
  'not-improved': 'failed',
};

/** These reach people, not the platform: on the platform's signal they would only hide what did. */
const unmarked: ReadonlySet<ActionName> = new Set(['escalate', 'openIncident', 'silenceAlert']);

/** What of an incident is marked on its signal's chart; times in milliseconds since the epoch. */
export function chartMarkers(view: Pick<IncidentView, 'journal' | 'runs'>): readonly ChartMarker[] {
  const aside = new Set(view.runs.filter(({ action }) => unmarked.has(action)).map(({ id }) => id));
  return view.journal.flatMap(({ kind, atMs, runId }) => {
    const marked = markerKinds[kind];
    return marked === undefined || (runId !== undefined && aside.has(runId)) ? [] : [{ kind: marked, atMs }];
  });
}

/** The episode whose signal stands for the incident: an open one with a runbook first, then the newest with one. */
export function leadEpisode(view: IncidentView): { episode: Episode; alert: Alert } | undefined {
  const known = view.episodes.flatMap((episode) => {
    const alert = view.alerts[episode.alertname];
    return alert === undefined ? [] : [{ episode, alert }];
  });
  return known.find(({ episode }) => episode.closedAtMs === undefined) ?? known.at(-1);
}

/** The stretch of time worth looking at: from well before the alert could fire to now, or to some time after the end. */
export function signalWindow(
  view: IncidentView,
  alert: Alert,
  nowMs: number,
): { fromMs: number; toMs: number; stepMs: number } {
  const leadMs = Math.max(20_000, 3 * toMs(alert.for), toMs(alert.limits.verifyWithin));
  const { openedAtMs, closedAtMs } = view.incident;
  const toMsAt = Math.max(openedAtMs + leadMs / 2, Math.min(nowMs, (closedAtMs ?? nowMs) + leadMs / 2));
  const fromMs = Math.max(openedAtMs - leadMs, toMsAt - 6 * 3_600_000);
  return { fromMs, toMs: toMsAt, stepMs: Math.max(1_000, Math.ceil((toMsAt - fromMs) / 180 / 1_000) * 1_000) };
}

/** What a chart needs beyond the incident itself. */
export interface SignalRequest {
  readonly view: IncidentView;
  readonly nowMs: number;
  readonly signal: Metrics['queryRange'];
}

/** A drawn signal, or why there is none. */
export type DrawnSignal =
  | { readonly svg: string; readonly alert: Alert; readonly empty: boolean }
  | { readonly missing: string };

/** Draws the incident's signal in the page's own colours. */
export async function drawSignal(
  request: SignalRequest,
  size: { widthPx: number; heightPx: number } | 'spark',
): Promise<DrawnSignal> {
  const lead = leadEpisode(request.view);
  if (lead === undefined) return { missing: 'This alert has no runbook, and so no signal to draw.' };
  const chart = await signalData(request, lead.alert, pageTheme);
  if ('missing' in chart) return chart;
  const spec =
    size === 'spark' ? sparkline(chart) : signalChart({ ...chart, ...size, markers: chartMarkers(request.view) });
  return {
    svg: await renderSvg(spec),
    alert: lead.alert,
    empty: chart.series.every(({ points }) => points.length === 0),
  };
}

async function signalData(
  request: SignalRequest,
  alert: Alert,
  theme: ChartTheme,
): Promise<Omit<SignalChart, 'widthPx' | 'heightPx' | 'markers'> | { missing: string }> {
  const { query, ...signal } = alert.response.signal;
  const range = signalWindow(request.view, alert, request.nowMs);
  try {
    const series = await request.signal(query, range);
    return { ...signal, ...range, series, theme, title: `${alert.name}: ${alert.summary}` };
  } catch (error) {
    if (error instanceof PortError) return { missing: `No data: Prometheus does not answer (${error.code}).` };
    throw error;
  }
}

/** The same chart as a PNG for the thread; undefined when there is nothing to draw. */
export async function signalPicture(request: SignalRequest): Promise<{ content: Uint8Array; alt: string } | undefined> {
  const lead = leadEpisode(request.view);
  if (lead === undefined) return undefined;
  const chart = await signalData(request, lead.alert, paperTheme);
  if ('missing' in chart) return undefined;
  const svg = await renderSvg(
    signalChart({ ...chart, widthPx: 720, heightPx: 300, markers: chartMarkers(request.view) }),
  );
  return { content: await renderPng(svg), alt: `${chart.title}; threshold ${thresholdText(chart)}` };
}
