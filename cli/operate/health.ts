import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HealthReport, Scope } from '../../responders/health/report.ts';
import type { Register } from '../common/register.ts';

const formats = ['table', 'json', 'yaml'] as const;

interface HealthFlags {
  readonly format: (typeof formats)[number];
  readonly json?: true;
  readonly continuous?: number;
  readonly namespace?: string;
  readonly slackWebhook?: string | true;
}

/** `gomeet health`: what is healthy, degraded, failing or unknown. It needs no responder and no store. */
export const registerHealth: Register = (program) => {
  const health = program.command('health').description('What is healthy, degraded, failing, or unknown');
  look(
    health,
    'check',
    'Everything: services, databases, load balancer, certificates, resources, performance, security, network',
  );
  look(health, 'services', 'Every workload of the catalogue: there, complete, of one revision, staying up');
  look(health, 'databases', 'PostgreSQL and Valkey: answering, connections, memory');
  look(health, 'performance', 'Errors, latency, joins, and the resources behind them');
  health
    .command('schema')
    .description('The JSON schema of --format json')
    .addHelpText('after', '\nExample: gomeet health schema > health.schema.json')
    .action(async () => {
      const [{ z }, { HealthReport: shape }] = await Promise.all([
        import('zod'),
        import('../../responders/health/report.ts'),
      ]);
      console.log(JSON.stringify(z.toJSONSchema(shape), undefined, 2));
    });
};

function look(health: Command, scope: Scope, description: string): void {
  health
    .command(scope)
    .description(description)
    .addOption(new Option('--format <form>', 'how it is printed').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .option('--continuous <seconds>', 'again and again, until interrupted', seconds)
    .option(
      '--namespace <name>',
      'another namespace than KUBE_NAMESPACE; what Prometheus measures stays that of the whole platform',
    )
    .option(
      '--slack-webhook [url]',
      'tell Slack when it is not healthy, and when that changes; SLACK_WEBHOOK_URL unless said',
    )
    .addHelpText(
      'after',
      `
Exit codes: 0 healthy, 1 degraded, 2 a wrong command line, 3 unknown, 4 failing. What cannot be looked at is unknown, never healthy.
Settings: KUBECONFIG, PROMETHEUS_URL.

Examples:
  gomeet health ${scope}
  gomeet health --format json ${scope} > health.json
  gomeet health --continuous 60 ${scope}`,
    )
    .action((flags: HealthFlags) => looked(scope, flags));
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw new InvalidArgumentError('want 1 to 86400 seconds');
  return value;
}

/** A cluster that cannot even be addressed (no such kubeconfig) is unknown, not the 1 of what is degraded. */
async function looked(scope: Scope, flags: HealthFlags): Promise<void> {
  try {
    await run(scope, flags);
  } catch (error) {
    const { PortError } = await import('../../kernel/errors.ts');
    if (!(error instanceof PortError)) throw error;
    const { exitCodes } = await import('../../responders/health/define.ts');
    console.error(`gomeet: ${error.message}`);
    process.exitCode = exitCodes.unknown;
  }
}

async function run(scope: Scope, flags: HealthFlags): Promise<void> {
  const [
    { loadConfig },
    { silentLog },
    { livePeek },
    { collect },
    { healthReport },
    { workloads },
    { exitCodes, worthTelling },
  ] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/log.ts'),
    import('../../responders/live.ts'),
    import('../../responders/health/collect.ts'),
    import('../../responders/health/report.ts'),
    import('../../manifests/catalogue/index.ts'),
    import('../../responders/health/define.ts'),
  ]);
  const config = loadConfig(process.env);
  const namespace = flags.namespace ?? config.KUBE_NAMESPACE;
  const webhook = await webhookOf(flags, config.SLACK_WEBHOOK_URL);
  const ports = livePeek(config, silentLog, namespace);
  let told: HealthReport['overall'] | undefined;
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  for (let first = true; ; first = false) {
    const readings = await collect(ports, { namespace, nowMs: Date.now() });
    const report = healthReport(readings, workloads, scope);
    const format = flags.json ? 'json' : flags.format;
    if (format === 'yaml' && !first) process.stdout.write('---\n');
    process.stdout.write(await printed(report, format));
    process.exitCode = exitCodes[report.overall];
    const due = webhook !== undefined && worthTelling(told, report.overall);
    // What could not be told is told at the next look; the answer of this one stands.
    if (!due || (await tell(report, webhook))) told = report.overall;
    if (flags.continuous === undefined) return;
    for (let left = flags.continuous * 5; left > 0 && !interrupted; left -= 1)
      await new Promise((resolve) => setTimeout(resolve, 200));
    if (interrupted) return;
  }
}

/** Where people are told, known to be an address before anything is looked at. */
async function webhookOf(flags: HealthFlags, fallback: string | undefined): Promise<string | undefined> {
  if (flags.slackWebhook === undefined) return undefined;
  const url = flags.slackWebhook === true ? fallback : flags.slackWebhook;
  const { UsageError } = await import('../../kernel/errors.ts');
  if (url === undefined) throw new UsageError('--slack-webhook: give the address, or set SLACK_WEBHOOK_URL');
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError('--slack-webhook: want an address that begins with https://');
  return url;
}

async function printed(report: HealthReport, format: (typeof formats)[number]): Promise<string> {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  if (format === 'yaml') return (await import('yaml')).stringify(report);
  const [{ styleText }, { printedTable }, { healthSentence }] = await Promise.all([
    import('node:util'),
    import('../common/printed.ts'),
    import('../../responders/health/report.ts'),
  ]);
  const rows = report.checks.map(({ section, subject, status, saw }) => [section, subject, status, saw]);
  const colour = report.overall === 'healthy' ? 'green' : report.overall === 'degraded' ? 'yellow' : 'red';
  return `${printedTable(`${report.namespace}, ${report.checkedAt}`, ['section', 'what', 'status', 'saw'], rows)}\n${styleText(colour, healthSentence(report))}\n`;
}

/** Whether it could be told; where not, the reason is on standard error. */
async function tell(report: HealthReport, url: string): Promise<boolean> {
  const [{ createWebhookChat }, { healthSentence }, { errorText }] = await Promise.all([
    import('../../responders/adapters/chat-webhook.ts'),
    import('../../responders/health/report.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const bad = report.checks.filter(({ status }) => status !== 'healthy').slice(0, 20);
  const text = [
    `GoMeet health, ${report.namespace}: ${healthSentence(report)}`,
    ...bad.map(({ status, subject, saw }) => `• ${status}: ${subject}: ${saw}`),
  ].join('\n');
  const block = { type: 'section', text: { type: 'plain_text', text: text.slice(0, 2_900) } };
  const message = {
    text: text.slice(0, 200),
    color: report.overall === 'healthy' ? '#2eb67d' : '#e01e5a',
    blocks: [block],
    metadata: {},
  };
  try {
    await createWebhookChat({ url }).post(message, { channel: 'webhook', sinceMs: Date.now() });
    return true;
  } catch (error) {
    console.error(`gomeet: nobody was told: ${errorText(error)}`);
    return false;
  }
}
