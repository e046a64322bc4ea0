import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Register } from '../common/register.ts';

/** `gomeet capacity`: what the platform carries, what it would take, when it runs out, what is booked. */
export const registerCapacity: Register = (program) => {
  const capacity = program.command('capacity').description('What the platform carries, and when that is not enough');
  withFormat(capacity.command('now'))
    .description('Headroom of the SFU fleet now, also with one node lost (needs PROMETHEUS_URL)')
    .option('--calibration-days <days>', 'days of CPU and packets the model is fitted to', whole(1, 60), 7)
    .action(async (flags) => (await import('./capacity-commands.ts')).capacityNow(flags));
  withPlatform(withFormat(capacity.command('what-if')))
    .description('Nodes, cost and what binds first for a number of participants in a mix of rooms')
    .requiredOption('--participants <count>', 'people at once', whole(1, 10_000_000))
    .option('--hours <hours>', 'hours a day everyone would have to stay to make the traffic of a day', number(0, 24), 4)
    .option('--droplet-limit <count>', 'nodes the account may have (GET /v2/account)', whole(1, 100_000))
    .option('--calibrate', 'use the CPU of a packet as fitted to the last seven days (needs PROMETHEUS_URL)')
    .addHelpText(
      'after',
      `
Mixes: largest, webinar, teams, audio, office, 1mbit; or a JSON file:
  {"name": "ours", "kinds": [
    {"name": "class", "share": 3, "participants": 40, "tiles": 25, "speakers": 2, "mainVideos": 1},
    {"name": "measured", "share": 1, "participants": 12, "megabitsPerSecond": 1.4}]}

  gomeet capacity what-if --participants 50000 --mix 1mbit
  gomeet capacity what-if --participants 50000 --mix ours.json --size c-32-intel --format json`,
    )
    .action(async (flags) => (await import('./capacity-commands.ts')).capacityWhatIf(flags));
  withPlatform(withZone(withFormat(capacity.command('forecast'))))
    .description('Peaks to come, with their past error, and when the pool runs out')
    .option('--from <file>', 'recorded peaks, a JSON list of { at, participants }; without it Prometheus is asked')
    .option('--weeks <weeks>', 'weeks of history to ask Prometheus for', whole(1, 52), 26)
    .option('--days <days>', 'days to forecast', whole(1, 90), 14)
    .option(
      '--capacity <participants>',
      'what must not be passed; without it what the pool carries of --mix',
      whole(1, 1e9),
    )
    .addHelpText('after', '\n  gomeet capacity forecast --from peaks.json --mix teams --days 28')
    .action(async (flags) => (await import('./capacity-commands.ts')).capacityForecast(flags));
  withPlatform(withZone(withFormat(capacity.command('compare'))))
    .description('Afterwards: the peak of each day beside its forecast of the week before and what stood ready')
    .option('--weeks <weeks>', 'whole weeks to look back at', whole(1, 26), 4)
    .addHelpText('after', '\n  gomeet capacity compare --mix teams --weeks 2 (needs PROMETHEUS_URL)')
    .action(async (flags) => (await import('./capacity-commands.ts')).capacityCompare(flags));
  withZone(withFormat(capacity.command('bookings <file>')))
    .description(
      'A pre-scaling plan from booked meetings: iCalendar, or a JSON list of { startsAt, endsAt, participants }',
    )
    .option('--days <days>', 'days to plan', whole(1, 92), 14)
    .option('--default-participants <count>', 'for events that do not say how many come', whole(1, 500))
    .option('--unbooked-nodes <count>', 'nodes that meetings without a booking take', whole(0, 1_000), 0)
    .option('--spare-nodes <count>', 'nodes beyond those, so that one may be lost', whole(0, 100), 1)
    .option('--tiles <count>', 'small videos each person sees', whole(0, 100), 25)
    .option('--speakers <count>', 'people heard at once', whole(0, 100), 10)
    .option('--main-videos <count>', 'large videos each person sees', whole(0, 10), 0)
    .option('--follow', 'store the plan in the place of the last one: the responder follows it')
    .addHelpText(
      'after',
      `
An event's size is X-GOMEET-PARTICIPANTS, else the invited who have not declined. The plan is printed, and nothing is changed
unless --follow says so (DATABASE_URL); then each step is asked for in its time, under the guards of any other act.

  gomeet capacity bookings meetings.ics --default-participants 50 --time-zone Asia/Jakarta
  gomeet capacity bookings meetings.ics --default-participants 50 --follow`,
    )
    .action(async (file: string, flags) => (await import('./capacity-commands.ts')).capacityBookings(file, flags));
};

function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'how it is printed').choices(['table', 'json']).default('table'),
  );
}

function withZone(command: Command): Command {
  return command.option('--time-zone <zone>', 'IANA time zone of the days and of times that name none', 'Asia/Jakarta');
}

function withPlatform(command: Command): Command {
  return command
    .option('--mix <name|file>', 'which rooms the participants sit in', 'office')
    .option('--size <slug>', 'size of the nodes; the declared pool has one')
    .option('--pool-max <count>', 'nodes the pool may have; the declared pool says so', whole(1, 10_000))
    .option('--spare-nodes <count>', 'nodes beyond those needed, so that one may be lost', whole(0, 100), 1);
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`want a number from ${least} to ${most}`);
    return value;
  };
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(least, most)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('want a whole number');
    return value;
  };
}
