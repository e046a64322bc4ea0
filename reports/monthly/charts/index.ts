import { renderSvg } from '../../../dashboards/chart/render.ts';
import type { MonthlyReport } from '../report.ts';
import { bullets, heatMap, peaks } from './capacity.ts';
import { residualDots, savingBars, unitLine } from './days.ts';
import { burnUp, dailyArea, waterfall } from './money.ts';
import { allocationBars, runOut } from './shares.ts';

const charts = {
  bridge: waterfall,
  daily: dailyArea,
  burn: burnUp,
  unit: unitLine,
  residuals: residualDots,
  savings: savingBars,
  heat: heatMap,
  limits: bullets,
  peaks,
  allocation: allocationBars,
  runOut,
} as const;

/** The charts of the report, by name. */
export type ChartName = keyof typeof charts;

/** Every chart as SVG text; one without data is absent. */
export type Charts = Readonly<Partial<Record<ChartName, string>>>;

/** Draws them, one after the other. */
export async function drawCharts(report: MonthlyReport): Promise<Charts> {
  const drawn: Partial<Record<ChartName, string>> = {};
  for (const name of Object.keys(charts) as ChartName[]) {
    if (report.money.spend === undefined && moneyCharts.has(name)) continue;
    const spec = charts[name](report);
    if (spec !== undefined) drawn[name] = ownIds(await renderSvg(spec), name);
  }
  return drawn;
}

const moneyCharts: ReadonlySet<ChartName> = new Set(['bridge', 'daily', 'burn', 'unit', 'residuals', 'allocation']);

/** Vega numbers its clip paths through the life of the process: renamed by chart, so that one page never mixes two and the same input gives the same bytes. */
function ownIds(svg: string, chart: ChartName): string {
  const seen = new Map<string, string>();
  return svg.replace(/\b(clip|gradient)\d*_?\d+\b/g, (id) => {
    const known = seen.get(id) ?? `${chart}-${seen.size}`;
    seen.set(id, known);
    return known;
  });
}
