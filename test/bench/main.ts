// `npm run bench`: prints a table and, with --json FILE, writes the figures; --only NAME runs one part, --runs N changes how many runs the medians are of.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { findTool } from '../../lab/toolbox.ts';
import { demoTools } from '../../lab/tools.ts';
import { startEmbeddedStore } from '../../responders/store/embedded.ts';
import { benchBackup } from './backup.ts';
import { benchBuild } from './build.ts';
import { benchCapacity } from './capacity.ts';
import { benchDigitalOcean } from './digitalocean.ts';
import { benchExporter } from './exporter.ts';
import { type Figure, figure } from './figures.ts';
import { benchHealth } from './health.ts';
import { benchMonthly } from './monthly.ts';
import { type Bench, benchAct, benchIntake, benchKills, benchRestart, benchStorm } from './responder.ts';
import { benchRules } from './rules.ts';
import { days } from './scaling/day.ts';
import { benchScaling } from './scaling.ts';

const parts: Readonly<Record<string, (bench: Bench) => Promise<readonly Figure[]>>> = {
  intake: benchIntake,
  act: benchAct,
  storm: benchStorm,
  restart: benchRestart,
  exporter: ({ say, runs }) => benchExporter({ say, runs }),
  digitalocean: benchDigitalOcean,
  capacity: async ({ runs }) => benchCapacity({ runs }),
  build: ({ runs }) => benchBuild({ runs }),
  monthly: benchMonthly,
  health: benchHealth,
  backup: ({ say, runs }) => benchBackup({ say, runs }),
  scaling: (bench) => benchScaling(days.working, bench),
  'scaling-conference': (bench) => benchScaling(days.conference, bench),
  rules: benchRules,
  kills: benchKills,
  demo: benchDemo,
};

/** The newcomer's first minute, tools being there. */
async function benchDemo({ say }: Bench): Promise<Figure[]> {
  const missing = demoTools.filter((name) => findTool(name) === undefined);
  if (missing.length > 0) {
    say(`demo: left out, ${missing.join(', ')} not installed`);
    return [];
  }
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../cli/gomeet.mjs', import.meta.url)), 'demo', '--once'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the demo ended with ${String(code)}`);
  return [figure('npm run demo -- --once', (performance.now() - startedMs) / 1_000, 's', { must: 90 })];
}

function isKept({ value, must, direction }: Figure): boolean {
  return must === undefined || (direction === 'at least' ? value >= must : value <= must);
}

function table(figures: readonly Figure[]): string {
  const number = (value: number | undefined) =>
    value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1);
  const rows = figures.map((one) => [
    one.name,
    `${number(one.value)} ${one.unit}`,
    one.must === undefined ? '' : `${one.direction === 'at least' ? '>=' : '<='} ${number(one.must)}`,
    number(one.limit),
    number(one.ratio),
    isKept(one) ? 'yes' : 'NO',
  ]);
  const head = ['figure', 'value', 'must', 'beside it', 'ratio', 'kept'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '3' },
  },
});
const names = values.only ?? Object.keys(parts);
const unknown = names.find((name) => parts[name] === undefined);
if (unknown !== undefined) {
  console.error(`no part ${unknown}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const say = (line: string): void => console.error(styleText('dim', line));
say(
  `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}; Node ${process.version}`,
);
const folder = await mkdtemp(join(tmpdir(), 'gomeet-bench-'));
const store = await startEmbeddedStore(join(folder, 'pg'));
const figures: Figure[] = [];
try {
  for (const name of names)
    figures.push(...((await parts[name]?.({ store, runs: Math.max(1, Number(values.runs)), say })) ?? []));
} finally {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(table(figures));
if (values.json !== undefined)
  await writeFile(
    values.json,
    `${JSON.stringify(
      figures.map(({ name, value, unit, must, limit, ratio }) => ({
        name,
        value,
        unit,
        must: must ?? null,
        limit: limit ?? null,
        ratio: ratio ?? null,
      })),
      null,
      2,
    )}\n`,
  );
process.exitCode = figures.every(isKept) ? 0 : 1;
