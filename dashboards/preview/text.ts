import type { ChartTheme } from '../chart/theme.ts';

/** Text of somebody else's, safe inside SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A line of text; cut where it would leave its box. A letter of DejaVu Sans is some 0.6 of its size wide. */
export function line(
  text: string,
  at: { readonly x: number; readonly y: number; readonly widthPx: number },
  style: { readonly size: number; readonly colour: string; readonly bold?: boolean; readonly middle?: boolean },
  theme: ChartTheme,
): string {
  const most = Math.max(1, Math.floor(at.widthPx / (style.size * (style.bold ? 0.66 : 0.58))));
  const shown = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const x = style.middle ? at.x + at.widthPx / 2 : at.x;
  return `<text x="${x.toFixed(1)}" y="${at.y.toFixed(1)}" font-family="${theme.font}" font-size="${style.size}" fill="${style.colour}"${style.bold ? ' font-weight="bold"' : ''}${style.middle ? ' text-anchor="middle"' : ''}>${escaped(shown)}</text>`;
}
