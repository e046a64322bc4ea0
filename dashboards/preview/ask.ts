import PQueue from 'p-queue';
import { PortError } from '../../kernel/errors.ts';
import type { ChartSeries } from '../chart/series.ts';
import { type Board, type Panel, panelsOf } from '../define.ts';
import { barsInWidth } from '../grafana-panel.ts';
import { fillVariables, type VariableName } from '../variables.ts';

/** The Prometheus that a preview asks. */
export interface Asked {
  query(
    expr: string,
    atMs: number,
  ): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]>;
  queryRange(expr: string, range: { fromMs: number; toMs: number; stepMs: number }): Promise<readonly ChartSeries[]>;
}

/** What one query of a panel answered: its series, instants being lines of one point, or why there are none. */
export type Answer = { readonly legend: string } & (
  | { readonly lines: readonly ChartSeries[] }
  | { readonly failed: string }
);

/** The stretch that a preview shows, and what its variables are set to. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly chosen?: Readonly<Partial<Record<VariableName, string>>>;
}

/** Queries at once: a board has some twenty, and Prometheus runs as many side by side. */
const atOnce = 6;

/** The step of a panel's points: a count of what happened is over stretches wide enough to be seen. */
export function stepOf(panel: Panel, { fromMs, toMs, stepMs }: View): number {
  if (panel.show !== 'bars') return stepMs;
  const minutes = Math.max(1, Math.ceil((toMs - fromMs) / barsInWidth / 60_000));
  return minutes * 60_000;
}

/** Asks everything that a board shows, by panel. A query that fails is an answer too; nothing else is held up by it. */
export async function askBoard(board: Board, asked: Asked, view: View): Promise<ReadonlyMap<Panel, readonly Answer[]>> {
  const queue = new PQueue({ concurrency: atOnce });
  const answers = await Promise.all(
    panelsOf(board).map(async (panel) => {
      const of = Object.entries(panel.series).map(([legend, expr]) =>
        queue.add(() => answer(panel, legend, expr, asked, view)),
      );
      return [panel, await Promise.all(of)] as const;
    }),
  );
  return new Map(answers);
}

async function answer(panel: Panel, legend: string, expr: string, asked: Asked, view: View): Promise<Answer> {
  const seconds = Math.round((view.toMs - view.fromMs) / 1_000);
  const stepMs = stepOf(panel, view);
  // Grafana's rule: the step and one scrape more, and never less than four scrapes.
  const rateSeconds = Math.max(60, Math.round(stepMs / 1_000) + 15);
  const filled = fillVariables(expr, view.chosen, { rateInterval: `${rateSeconds}s`, range: `${seconds}s` });
  try {
    if (panel.show === 'lines' || panel.show === 'stack' || panel.show === 'bars') {
      // The last stretch ends with the picture, and the first begins in it.
      const whole = Math.floor((view.toMs - view.fromMs) / stepMs) - (panel.show === 'bars' ? 1 : 0);
      const fromMs = view.toMs - whole * stepMs;
      const lines = await asked.queryRange(filled, { fromMs, toMs: view.toMs, stepMs });
      return { legend, lines: lines.filter(({ points }) => points.length > 0) };
    }
    const samples = await asked.query(filled, view.toMs);
    return { legend, lines: samples.map(({ labels, value }) => ({ labels, points: [[view.toMs, value]] })) };
  } catch (error) {
    if (error instanceof PortError) return { legend, failed: error.code };
    throw error;
  }
}
