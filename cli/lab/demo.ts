import { once } from 'node:events';
import { createServer } from 'node:net';
import { UsageError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';
import { fetchTools } from './fetch-tools.ts';

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly real?: boolean;
}

/** `gomeet demo`: a simulated platform, real Prometheus and Alertmanager, the console, and one drill to watch. */
export const registerDemo: Register = (program) => {
  program
    .command('demo')
    .description('A platform to look at: a node saturates, and the loop detects, decides, acts and verifies')
    .option('--once', 'play the drill, then stop; exit code 0 when everything was as it must be')
    .option('--json', 'the result as JSON on standard output')
    .option('--yes', 'install missing Debian packages without asking')
    .option('--real', 'let the drill act on the cluster of KUBECONFIG and the account of DIGITALOCEAN_TOKEN, where set')
    .addHelpText(
      'after',
      `
With SLACK_BOT_TOKEN set the thread is in Slack too. KUBECONFIG and DIGITALOCEAN_TOKEN put the real cluster and account in the
place of simulated ones, but only with --real or when you agree: the drill acts there.`,
    )
    .action(async (options: Options) => {
      const { untilInterrupted } = await import('../../lab/until-interrupted.ts');
      await untilInterrupted(async (signal) => {
        const { demoTools } = await import('../../lab/tools.ts');
        await fetchTools(demoTools, { yes: options.yes, signal });
        await playDemo(options, signal);
      });
    });
};

async function playDemo(options: Options, signal: AbortSignal): Promise<void> {
  const { drillNamed, simulatedFor } = await import('../../lab/drills/play.ts');
  const { runDrill } = await import('../../lab/drills/run.ts');
  const { createNarrator, resultLines } = await import('../../lab/narrator.ts');
  const { aborted } = await import('../../lab/until-interrupted.ts');
  const { labFolder } = await import('../../lab/simulated-platform.ts');
  const { chosenParts } = await import('./demo-parts.ts');
  const print = (line: string) => (options.json ? console.error(line) : console.log(line));
  const narrator = createNarrator(print);
  const drill = drillNamed('sfu-saturation');
  const parts = await chosenParts({ real: options.real === true, say: narrator.plain });
  narrator.plain(
    'Starting PostgreSQL, Prometheus, Alertmanager, the LiveKit exporter, the responder and a simulated GoMeet.',
  );
  const platform = await simulatedFor(drill.setting, {
    consoleAddress: options.once ? '127.0.0.1:0' : await consoleAddress(),
    adjust: parts.adjust,
  });
  try {
    await using stack = new AsyncDisposableStack();
    stack.defer(await parts.connect(platform.responder));
    narrator.plain(
      `Four SFU nodes stand. Time runs ${platform.factor} times as fast; thresholds and guards are production's.`,
    );
    for (const words of parts.words) narrator.plain(words);
    narrator.plain(`Console: ${platform.consoleUrl}`);
    const result = await runDrill(drill, platform, { say: narrator.world, journal: narrator.journal, signal });
    for (const line of ['', ...resultLines(result), '']) print(line);
    print(
      result.passed
        ? 'The loop closed: detected, decided, acted, verified.'
        : 'Not everything was as it must be; see the lines marked FAILED.',
    );
    if (options.json) console.log(JSON.stringify(result, null, 2));
    if (!result.passed) process.exitCode = 1;
    if (options.once || signal.aborted) return;
    print(
      `\nConsole: ${platform.consoleUrl}   Prometheus: ${platform.prometheusUrl}   Alertmanager: ${platform.alertmanagerUrl}`,
    );
    print(`Logs of the peers: ${labFolder}   More drills: npm run gomeet -- drill --list   Ctrl-C ends all of it.`);
    await aborted(signal);
  } finally {
    await platform.close();
  }
}

/** The configured console address where it is free, else another port of the same host. */
async function consoleAddress(): Promise<string> {
  const { loadConfig, parseAddress } = await import('../../kernel/config.ts');
  const { CONSOLE_ADDR } = loadConfig(process.env);
  const { host, port } = parseAddress(CONSOLE_ADDR);
  if (!['127.0.0.1', '::1', 'localhost'].includes(host))
    throw new UsageError('CONSOLE_ADDR: the demo asks nobody for a token, so its console stays on this machine');
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
    return CONSOLE_ADDR;
  } catch {
    return `${host}:0`;
  }
}
