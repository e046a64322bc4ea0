import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Register } from '../common/register.ts';

interface Flags {
  readonly timeout: string;
  readonly json?: true;
}

const alertname = 'ResponderTest';

/** `gomeet test-alert`: a marked alert through Alertmanager, the responder and the thread; timed, then resolved. */
export const registerTestAlert: Register = (program) => {
  program
    .command('test-alert')
    .description(
      'Send a marked alert through Alertmanager and time it to the journal and the thread; cleaned up afterwards',
    )
    .option('--timeout <seconds>', 'give up after this', '120')
    .option('--json', 'as JSON')
    .action(run);
};

async function run(flags: Flags): Promise<void> {
  const [{ loadConfig, required }, { callText }, { withStore }, { UsageError }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/http.ts'),
    import('../common/store.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const config = loadConfig(process.env);
  const url = `${required(config, 'ALERTMANAGER_URL')}/api/v2/alerts`;
  const labels = { alertname, severity: 'info', gomeet_test: randomUUID(), service: 'responder' };
  const startedMs = performance.now();
  const steps: { step: string; seconds: number }[] = [];
  const reached = (step: string): void => {
    const seconds = Math.round(performance.now() - startedMs) / 1_000;
    steps.push({ step, seconds });
    if (!flags.json) console.log(`${String(seconds.toFixed(2)).padStart(8)} s  ${step}`);
  };
  const send = (endsAt: Date) =>
    callText({
      peer: 'alertmanager',
      url,
      method: 'POST',
      body: [
        {
          labels,
          annotations: { summary: 'A test of the way from alert to thread. Nothing is wrong.' },
          startsAt: new Date(Date.now() - 1_000).toISOString(),
          endsAt: endsAt.toISOString(),
        },
      ],
    });

  await withStore(async ({ database }) => {
    const until = async (what: string, statement: string): Promise<void> => {
      while (true) {
        const rows = await database.query<{ yes: boolean }>(statement, [labels.gomeet_test]);
        if (
          z
            .array(z.object({ yes: z.literal(true) }))
            .nonempty()
            .safeParse(rows).success
        )
          return reached(what);
        if ((performance.now() - startedMs) / 1_000 > Number(flags.timeout))
          throw new UsageError(`gave up after ${flags.timeout} s, waiting for: ${what}`);
        await delay(100);
      }
    };
    try {
      await send(new Date(Date.now() + 10 * 60_000));
      reached('Alertmanager took the alert');
      await until(
        'the responder has it in its journal',
        `select true as yes from episode where labels->>'gomeet_test' = $1`,
      );
      if (config.SLACK_BOT_TOKEN !== undefined || config.SLACK_WEBHOOK_URL !== undefined)
        await until(
          'the thread is there',
          `select true as yes from incident i join episode e on e.incident_id = i.id where e.labels->>'gomeet_test' = $1 and i.thread_ts is not null`,
        );
    } finally {
      await send(new Date());
    }
    await until(
      'resolved and cleaned up',
      `select true as yes from episode where labels->>'gomeet_test' = $1 and resolved_at is not null`,
    );
  });
  if (flags.json) console.log(JSON.stringify(steps, undefined, 2));
}
