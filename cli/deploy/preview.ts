import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grafanaUnproven } from '../../dashboards/unproven.ts';
import { UsageError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';

interface PreviewFlags {
  readonly prometheus?: string;
  readonly out: string;
  readonly png?: true;
  readonly span?: string;
  readonly at?: string;
  readonly service?: string;
  readonly node?: string;
  readonly room?: string;
  readonly json?: true;
}

/** `gomeet preview`. */
export const registerPreview: Register = (program) => {
  program
    .command('preview [boards...]')
    .description('Draw boards from a Prometheus as pictures, without Grafana: all, or those named')
    .option('--prometheus <url>', 'ask this one instead of PROMETHEUS_URL')
    .option('--out <dir>', 'where the pictures go', 'preview')
    .option('--png', 'as PNG instead of SVG')
    .option('--span <duration>', "how far back, such as 30m; else the board's own")
    .option('--at <time>', 'until when, as 2026-11-24T03:00:00Z; else now')
    .option('--service <name>', 'only this service')
    .option('--node <id>', 'only this SFU node')
    .option('--room <sid>', 'this meeting')
    .option('--json', 'say what was drawn as JSON')
    .addHelpText(
      'after',
      `\nThe pictures are drawn here. ${grafanaUnproven}\n\nExample: gomeet preview gomeet-home gomeet-sfu --prometheus http://127.0.0.1:9090 --png`,
    )
    .action(preview);
};

async function preview(names: readonly string[], flags: PreviewFlags): Promise<void> {
  const [{ boards }, { drawBoard }, { renderPng }, { createPrometheus }, { loadConfig, required }, { duration, toMs }] =
    await Promise.all([
      import('../../dashboards/index.ts'),
      import('../../dashboards/preview/board.ts'),
      import('../../dashboards/chart/render.ts'),
      import('../../responders/adapters/prometheus.ts'),
      import('../../kernel/config.ts'),
      import('../../kernel/duration.ts'),
    ]);
  const { closest } = await import('fastest-levenshtein');
  const uids = boards.map(({ uid }) => uid);
  const wanted = names.map((name) => {
    const board = boards.find(({ uid }) => uid === name || uid === `gomeet-${name}`);
    if (board === undefined)
      throw new UsageError(`no board ${name}; did you mean ${closest(name, uids)}? There are ${uids.join(', ')}`);
    return board;
  });
  const asked = createPrometheus({ url: flags.prometheus ?? required(loadConfig(process.env), 'PROMETHEUS_URL') });
  const toMsAt = flags.at === undefined ? Date.now() : Date.parse(flags.at);
  const until = Math.floor(toMsAt / 60_000) * 60_000;
  if (Number.isNaN(toMsAt)) throw new UsageError(`--at: not a time: ${flags.at}; want 2026-11-24T03:00:00Z`);
  const chosen = Object.fromEntries(
    (['service', 'node', 'room'] as const).flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
  await mkdir(flags.out, { recursive: true });
  const drawn = [];
  for (const board of wanted.length > 0 ? wanted : boards) {
    const spanMs = spanOf(flags.span ?? board.span);
    const stepMs = Math.max(1_000, Math.ceil(spanMs / 300 / 1_000) * 1_000);
    const { svg, empty, failed } = await drawBoard(board, asked, {
      fromMs: until - spanMs,
      toMs: until,
      stepMs,
      chosen,
    });
    const file = join(flags.out, `${board.uid}.${flags.png === true ? 'png' : 'svg'}`);
    await writeFile(file, flags.png === true ? await renderPng(svg) : svg);
    drawn.push({ board: board.uid, file, empty, failed });
    if (flags.json !== true) {
      const words = [
        ...(empty.length > 0 ? [`${empty.length} without data: ${empty.join(', ')}`] : []),
        ...(failed.length > 0 ? [`${failed.length} without an answer: ${failed.join(', ')}`] : []),
      ];
      console.log(`${file}${words.length > 0 ? `  (${words.join('; ')})` : ''}`);
    }
  }
  if (flags.json === true) console.log(JSON.stringify(drawn, undefined, 2));
  if (drawn.some(({ failed }) => failed.length > 0)) process.exitCode = 1;

  function spanOf(text: string): number {
    try {
      const ms = toMs(duration(text));
      if (ms >= 60_000) return ms;
    } catch {
      // Said below.
    }
    throw new UsageError(`--span: want a duration of a minute or more, such as 3h, not ${text}`);
  }
}
