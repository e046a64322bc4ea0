import { UsageError } from '../../kernel/errors.ts';
import type { Drill } from '../../lab/drills/define.ts';
import type { StartPlatform } from '../../lab/drills/play.ts';
import type { DrillResult } from '../../lab/drills/run.ts';
import type { Register } from '../common/register.ts';
import { fetchTools } from './fetch-tools.ts';

interface Options {
  readonly list?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly record?: boolean;
  readonly yes?: boolean;
  readonly cluster: string;
}

/** `gomeet drill`: plays scenarios on a lab platform and holds journal and peers against what must and must not happen. */
export const registerDrill: Register = (program) => {
  program
    .command('drill [names...]')
    .description('Play drills on a platform of their own: something breaks, and the loop must answer it')
    .option('--list', 'say which there are')
    .option('--all', 'every one of them')
    .option('--json', 'results as JSON on standard output')
    .option('--record', 'write those that passed into alerts/drills.json, which runbook pages and DrillOld read')
    .option('--yes', 'install missing Debian packages without asking')
    .option('--cluster <kind>', 'simulated, or real: kube-apiserver, real LiveKit nodes', 'simulated')
    .action(async (names: string[], options: Options) => {
      const { drills } = await import('../../lab/drills/index.ts');
      if (options.list) return printList(drills, options.json === true);
      const { drillNamed } = await import('../../lab/drills/play.ts');
      const chosen = (options.all ? drills : names.map(drillNamed)).filter(
        ({ only }) => only === undefined || only === options.cluster,
      );
      if (chosen.length === 0) throw new UsageError('name a drill, or use --all; --list says which there are');
      if (options.cluster !== 'simulated' && options.cluster !== 'real')
        throw new UsageError(`--cluster is simulated or real, not ${options.cluster}`);
      const { untilInterrupted } = await import('../../lab/until-interrupted.ts');
      const results = await untilInterrupted(async (signal) => {
        await fetchTools(await toolsFor(options.cluster), { yes: options.yes, signal });
        return await playAll(chosen, options, signal);
      });
      if (options.record) await record(chosen, results, options.cluster);
      if (options.json) console.log(JSON.stringify(results, null, 2));
      if (results.length < chosen.length || results.some(({ passed }) => !passed)) process.exitCode = 1;
    });
};

/** Adds the drills that passed to the record; one that failed leaves what stands there. */
async function record(chosen: readonly Drill[], results: readonly DrillResult[], cluster: 'simulated' | 'real') {
  const { readFile, writeFile } = await import('node:fs/promises');
  const file = new URL('../../alerts/drills.json', import.meta.url);
  const before: unknown = JSON.parse(await readFile(file, 'utf8'));
  const passed = chosen
    .filter(({ name }) => results.some((result) => result.drill === name && result.passed))
    .map(({ name, alertname }) => [name, { alertname, cluster, passedAt: new Date().toISOString() }] as const);
  const all = Object.entries({ ...Object(before), ...Object.fromEntries(passed) }).sort(([one], [other]) =>
    one.localeCompare(other),
  );
  await writeFile(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

function printList(drills: readonly Drill[], json: boolean): void {
  const rows = drills.map(({ name, title }) => ({ name, title }));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else for (const { name, title } of rows) console.log(`${name.padEnd(28)} ${title}`);
}

async function toolsFor(cluster: string): Promise<readonly string[]> {
  const { demoTools, tools } = await import('../../lab/tools.ts');
  return cluster === 'real' ? tools.map(({ name }) => name).filter((name) => name !== 'chromium') : demoTools;
}

async function playAll(chosen: readonly Drill[], options: Options, signal: AbortSignal): Promise<DrillResult[]> {
  const { playDrill } = await import('../../lab/drills/play.ts');
  const { createNarrator, resultLines, tableLines } = await import('../../lab/narrator.ts');
  const print = (line: string) => (options.json ? console.error(line) : console.log(line));
  await using stack = new AsyncDisposableStack();
  const start = await platformStarter(options, stack);
  const results: DrillResult[] = [];
  for (const drill of chosen) {
    if (signal.aborted) break;
    print(`\n${drill.name}: ${drill.title}`);
    const narrator = createNarrator(print);
    const result = await playDrill(drill, start, { say: narrator.world, journal: narrator.journal, signal });
    for (const line of resultLines(result)) print(line);
    results.push(result);
  }
  print('');
  for (const line of tableLines(results)) print(line);
  return results;
}

async function platformStarter(options: Options, stack: AsyncDisposableStack): Promise<StartPlatform> {
  if (options.cluster === 'real') {
    const { startRealPlatform } = await import('../../lab/cluster/platform.ts');
    const { closeParticipants } = await import('../../lab/cluster/participants.ts');
    stack.defer(() => closeParticipants());
    return startRealPlatform;
  }
  const { sharedStore, simulatedFor } = await import('../../lab/drills/play.ts');
  const store = await sharedStore(stack);
  return (setting) => simulatedFor(setting, { store });
}
