import { fileURLToPath } from 'node:url';
import type { TopLevelSpec } from 'vega-lite';
import { unitFunction, unitText } from './axes.ts';

/** Draws a Vega-Lite spec as SVG text; Vega takes a third of a second to load, so it is loaded with the first chart. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  vega.expressionFunction(unitFunction, unitText);
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/** Turns an SVG with concrete colours into a PNG, twice as dense as its size says; text is set in DejaVu Sans, which comes with the bundle. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fonts = fontFiles.map((name) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`)));
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  return picture.render().asPng();
}
