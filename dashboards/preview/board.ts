import { paperTheme } from '../chart/theme.ts';
import type { Board } from '../define.ts';
import { type Asked, askBoard, type View } from './ask.ts';
import { askEvents, eventLines } from './events.ts';
import { layoutOf } from './layout.ts';
import { drawPanel } from './panel.ts';
import { line } from './text.ts';

/** A drawn board, and the panels that had nothing to show. */
export interface DrawnBoard {
  readonly svg: string;
  readonly empty: readonly string[];
  readonly failed: readonly string[];
}

/** Draws a board from a Prometheus as one SVG at 1080p's width; panels without data say so. */
export async function drawBoard(board: Board, asked: Asked, view: View): Promise<DrawnBoard> {
  const theme = paperTheme;
  const layout = layoutOf(board);
  const [answers, events] = await Promise.all([askBoard(board, asked, view), askEvents(asked, view, theme)]);
  const { widthPx, heightPx } = layout;
  const wide = { x: 16, widthPx: widthPx - 32 };
  const until = `${new Date(view.toMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const parts = [
    line(board.title, { ...wide, y: 34 }, { size: 24, colour: theme.ink, bold: true }, theme),
    line(`${board.folder}, until ${until}`, { ...wide, y: 60 }, { size: 15, colour: theme.faint }, theme),
    eventLines(events, { x: widthPx / 2, widthPx: widthPx / 2 - 16 }, theme),
    ...layout.rows.map(({ row, box }) =>
      line(
        row.title,
        { x: box.x, y: box.y + 24, widthPx: box.widthPx },
        { size: 17, colour: theme.ink, bold: true },
        theme,
      ),
    ),
  ];
  for (const { panel, box } of layout.panels)
    parts.push(await drawPanel({ panel, box, answers: answers.get(panel) ?? [], view, events, theme }));
  const all = [...answers];
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}"><rect width="100%" height="100%" fill="#f4f5f7"/>${parts.join('\n')}</svg>\n`,
    empty: all
      .filter(([, of]) => of.every((answer) => 'lines' in answer && answer.lines.length === 0))
      .map(([{ title }]) => title),
    failed: all.filter(([, of]) => of.some((answer) => 'failed' in answer)).map(([{ title }]) => title),
  };
}
