import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from '../../alerts/examples.ts';
import { alerts } from '../../alerts/index.ts';
import { exampleChart } from '../../dashboards/chart/example-chart.ts';
import { renderSvg } from '../../dashboards/chart/render.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { GeneratedFile } from './generated-files.ts';

/** Another Vega, or another `slim` (the first number), makes another picture of the same chart. */
const drawnBy = `1 vega ${manifest.dependencies.vega} vega-lite ${manifest.dependencies['vega-lite']}`;

/** The pictures of the runbook pages. Drawing all of them takes seconds, so one that bears the stamps of its own chart and of its own content is kept from the first of the folders that has it; without folders each is drawn. */
export async function pictureFiles(kept: readonly string[] = []): Promise<readonly GeneratedFile[]> {
  return await Promise.all(
    alerts.flatMap((alert) => {
      const example = examples[alert.name];
      if (example === undefined) return [];
      const path = `runbooks/${alert.name}.svg`;
      const chart = exampleChart(alert, example);
      const wanted = stamp(JSON.stringify(chart) + drawnBy);
      const found = kept.map((folder) => contentOf(join(folder, path))).find((content) => isFrom(content, wanted));
      return [found === undefined ? drawn(path, chart, wanted) : { path, content: found }];
    }),
  );
}

async function drawn(path: string, chart: Parameters<typeof renderSvg>[0], wanted: string): Promise<GeneratedFile> {
  const svg = slim(await renderSvg(chart));
  return { path, content: `${svg}\n${mark(wanted, svg)}\n` };
}

/** Without what only a page with scripts reads, a picture is half as large; Vega numbers its clips through all that it ever drew, a picture from 1. */
function slim(svg: string): string {
  const clips = [...new Set(svg.match(/\bclip\d+/g))];
  return svg
    .replace(/\bclip\d+/g, (name) => `clip${clips.indexOf(name) + 1}`)
    .replace(/ (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"/g, '')
    .replace(/<path[^>]* display="none"\/>|<path d="M0,0h0v0h0Z"[^>]*\/>/g, '')
    .replace(/ (?:opacity|stroke-width)="1"/g, '')
    .replaceAll('<g></g>', '');
}

/** The last line of a picture: what it was drawn from, and what it held then. */
function mark(wanted: string, svg: string): string {
  return `<!-- Written by \`gomeet build\` from chart ${wanted} as ${stamp(svg)} -->`;
}

function isFrom(content: string | undefined, wanted: string): boolean {
  const end = content?.lastIndexOf('\n', content.length - 2) ?? -1;
  return content !== undefined && end > 0 && content.slice(end + 1, -1) === mark(wanted, content.slice(0, end));
}

function stamp(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
