import type { TopLevelSpec } from 'vega-lite';
import { paperTheme } from '../../../dashboards/chart/theme.ts';

/** Colours of the report: of the products, dearest ones far apart, and of what is good, bad or to come. */
export const ink = { ...paperTheme, good: '#17704a', accent: '#1a5bc8', soft: '#c9d8f2', amber: '#c77700' } as const;

const kinds: Readonly<Record<string, string>> = {
  droplet: '#1d5fd1',
  transfer: '#e08a00',
  database: '#0b7d72',
  volume: '#8a4fbf',
  load_balancer: '#5a8f29',
  snapshot: '#b3668a',
  registry: '#6b7787',
  control_plane: '#3a9bdc',
  spaces: '#7a5230',
  reserved_ip: '#a0a8b3',
};

/** The colour of a product. */
export function kindColour(kind: string): string {
  return kinds[kind] ?? '#a0a8b3';
}

/** Micro-dollars as dollars. */
export const usd = (amount: number): number => amount / 1e6;

/** Days of UTC along the bottom. */
export const dayAxis = {
  type: 'temporal',
  scale: { type: 'utc' },
  axis: { title: null, format: '%-d %b', tickCount: 8, grid: false },
} as const;

/** Dollars at the side. */
export const dollars = () => ({ axis: { title: null, format: '$~s', tickCount: 5 } });

/** A text that stays legible on lines and grid: itself, above a white rim of itself. */
export function onWhite<Text extends { readonly mark: object }>(text: Text): readonly Text[] {
  return [{ ...text, mark: { ...text.mark, stroke: 'white', strokeWidth: 4, strokeJoin: 'round' } }, text];
}

/** What every chart is set in. `widthPx` is what the page gives it; the page scales it. */
export function chart(
  description: string,
  size: { readonly widthPx: number; readonly heightPx: number },
  layers: object,
): TopLevelSpec {
  const axis = {
    labelColor: ink.faint,
    titleColor: ink.faint,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    gridColor: ink.grid,
    domainColor: ink.grid,
    tickColor: ink.grid,
    labelPadding: 4,
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    width: size.widthPx,
    height: size.heightPx,
    background: 'white',
    padding: { left: 4, right: 8, top: 4, bottom: 4 },
    autosize: { type: 'fit', contains: 'padding' },
    config: {
      font: ink.font,
      view: { stroke: null },
      axis,
      legend: { labelColor: ink.ink, titleColor: ink.faint, labelFontSize: 11, symbolSize: 80, title: null },
    },
    ...layers,
  } as TopLevelSpec;
}
