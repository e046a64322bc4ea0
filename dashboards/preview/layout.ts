import type { Board, Panel, Row } from '../define.ts';
import { panelHeights } from '../grafana-panel.ts';

/** A rectangle on the picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Where everything of a board stands. */
export interface Layout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rows: readonly { readonly row: Row; readonly box: Box }[];
  readonly panels: readonly { readonly panel: Panel; readonly box: Box }[];
}

/** Grafana's grid at 1080p: 24 columns, rows of 30 px, gaps of 8. */
const widthPx = 1_920;
const margin = 16;
const gap = 8;
const columnPx = (widthPx - 2 * margin + gap) / 24;
const rowPx = 38;
const titlePx = 78;
const questionPx = 38;

/** Places the panels as Grafana flows them: from left to right, the next line where one does not fit. */
export function layoutOf(board: Board): Layout {
  const rows: { row: Row; box: Box }[] = [];
  const panels: { panel: Panel; box: Box }[] = [];
  let y = titlePx;
  for (const row of board.rows) {
    rows.push({ row, box: { x: margin, y, widthPx: widthPx - 2 * margin, heightPx: questionPx } });
    y += questionPx;
    let column = 0;
    let height = 0;
    for (const panel of row.panels) {
      if (column + panel.span > 24) {
        y += height * rowPx;
        column = 0;
        height = 0;
      }
      panels.push({
        panel,
        box: {
          x: margin + column * columnPx,
          y,
          widthPx: panel.span * columnPx - gap,
          heightPx: panelHeights[panel.show] * rowPx - gap,
        },
      });
      column += panel.span;
      height = Math.max(height, panelHeights[panel.show]);
    }
    y += height * rowPx;
  }
  return { widthPx, heightPx: y + margin, rows, panels };
}
