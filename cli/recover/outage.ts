import { type AskFlags, asksForAct } from '../common/ask.ts';
import type { Register } from '../common/register.ts';

const bands = {
  immediate:
    'The first 15 minutes: impact on meetings, affected services, load balancers, health; declares SEV 1 and calls people',
  investigate:
    'The first hour: rollouts, warnings, services, databases, and what could be mended at once by which command',
  updates: 'What to tell people, each quarter of an hour for the first hour, until it is over',
  recover: 'After that: health, meetings again, the notice to meeting hosts',
} as const;

/** `gomeet outage`: the outage response of the operations runbook in its three time bands. */
export const registerOutage: Register = (program) => {
  const outage = program
    .command('outage')
    .description('Outage response, a time band at a time; it looks, tells and calls people');
  for (const [band, description] of Object.entries(bands) as [keyof typeof bands, string][])
    asksForAct(
      band === 'recover'
        ? outage.command(band).description(description).option('--notify-hosts', 'send the notice to meeting hosts')
        : outage.command(band).description(description),
    )
      .addHelpText('after', `\nExample: gomeet outage ${band} --local`)
      .action(async ({ notifyHosts, ...flags }: AskFlags & { notifyHosts?: true }) =>
        (await import('../common/ask.ts')).ask(
          'respondToOutage',
          { band, ...(notifyHosts === undefined ? {} : { notifyHosts }) },
          flags,
        ),
      );
};
