import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

const bands = {
  immediate:
    'The first 15 minutes: impact on meetings, affected services, load balancers, health; declares SEV 1 and calls people',
  investigate:
    'The first hour: rollouts, warnings, services, databases, and what could be mended at once by which command',
  updates: 'What to tell people, each quarter of an hour four times over, or until it is over',
  recover: 'After that: health, meetings again, the notice to meeting hosts',
} as const;

/** `gomeet outage`: the outage response of the operations runbook in its three time bands. */
export const registerOutage: Register = (program) => {
  const outage = program
    .command('outage')
    .description('Outage response, a time band at a time; it looks, tells and calls people');
  for (const [band, description] of Object.entries(bands) as [keyof typeof bands, string][]) {
    const command = outage.command(band).description(description);
    if (band === 'recover') command.option('--notify-hosts', 'send the notice to meeting hosts');
    if (band === 'updates') command.option('--every <time>', 'another pace than 15m, up to 1h');
    asksForAct(command)
      .addHelpText('after', `\nExample: gomeet outage ${band} --local`)
      .action(async ({ notifyHosts, every, ...flags }: AskFlags & { notifyHosts?: true; every?: string }) =>
        (await import('../common/ask.ts')).ask(
          'respondToOutage',
          {
            band,
            ...(notifyHosts === undefined ? {} : { notifyHosts }),
            ...(every === undefined ? {} : { everyMs: await pace(every) }),
          },
          flags,
        ),
      );
  }
};

async function pace(text: string): Promise<number> {
  const [{ parseDuration }, { toMs }, { UsageError }] = await Promise.all([
    import('../../responders/interact/command.ts'),
    import('../../kernel/duration.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const every = parseDuration(text, 3_600_000);
  if (every === undefined) throw new UsageError('--every: want a duration up to 1h, such as 15m');
  return toMs(every);
}
