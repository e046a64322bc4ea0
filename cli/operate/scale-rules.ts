import type { Command } from 'commander';
import type { ScaleRule } from '../../responders/store/scale-rules.ts';

interface RuleFlags {
  readonly local?: true;
}

const localHelp = 'without a store: nobody follows the rule; raises it once, now, if it is in force';

/** `gomeet scale scheduled` and `gomeet scale event`: rules in the store, which every responder follows. */
export function registerScaleRules(scale: Command): void {
  const scheduled = scale
    .command('scheduled')
    .description('More of a service at certain hours; the responder follows, its guards hold');
  scheduled
    .command('set <name> <service> <replicas>')
    .description('At least so many in these hours; back to what is declared afterwards')
    .requiredOption('--from <time>', 'when it begins, such as 08:30')
    .requiredOption('--until <time>', 'when it ends; of the next day if earlier than --from')
    .option('--days <days>', 'mon-fri, sat,sun or daily', 'daily')
    .option('--time-zone <zone>', 'whose clock', 'UTC')
    .option('--local', localHelp)
    .addHelpText(
      'after',
      '\nExample: gomeet scale scheduled set office-hours meeting-service 16 --days mon-fri --from 08:30 --until 18:00 --time-zone Asia/Jakarta',
    )
    .action(async (name: string, service: string, replicas: string, flags: RuleFlags & HourFlags) => {
      const { hoursLeft } = await import('../../responders/scaling/hours.ts');
      const hours = await hoursFrom(flags);
      await set({ name, service, replicas, hours }, flags, hoursLeft(hours, Date.now()) !== undefined);
    });
  const event = scale
    .command('event')
    .description('More of a service when something happens: told here, or by POST /events/NAME with WEBHOOK_TOKEN');
  event
    .command('set <name> <service> <replicas>')
    .description('What to raise when the event is told, and for how long')
    .requiredOption('--for <duration>', 'such as 2h')
    .option('--local', localHelp)
    .addHelpText(
      'after',
      '\nExample: gomeet scale event set webinar signaling-service 30 --for 2h\nBooked meetings: gomeet capacity bookings calendar.ics --follow',
    )
    .action(async (name: string, service: string, replicas: string, flags: RuleFlags & { for: string }) => {
      const [{ parseDuration }, { toMs }, { UsageError }] = await Promise.all([
        import('../../responders/interact/command.ts'),
        import('../../kernel/duration.ts'),
        import('../../kernel/errors.ts'),
      ]);
      const lasts = parseDuration(flags.for, 7 * 86_400_000);
      if (lasts === undefined) throw new UsageError('--for: want a duration up to 7d, such as 2h');
      await set({ name, service, replicas, lastsMs: toMs(lasts) }, flags, true);
    });
  event
    .command('tell <name>')
    .description('The event has come: the rule is in force from now on')
    .addHelpText('after', '\nExample: gomeet scale event tell webinar')
    .action(tell);
  for (const [parent, word] of [
    [scheduled, 'scheduled'],
    [event, 'event'],
  ] as const) {
    parent
      .command('list')
      .description('What there is, and what is in force now')
      .option('--json', 'as JSON')
      .addHelpText('after', `\nExample: gomeet scale ${word} list`)
      .action((flags: { json?: true }) => list(word, flags));
    parent
      .command('remove <name>')
      .description('Takes it away; what it raised lapses')
      .addHelpText('after', `\nExample: gomeet scale ${word} remove NAME`)
      .action(remove);
  }
}

interface HourFlags {
  readonly from: string;
  readonly until: string;
  readonly days: string;
  readonly timeZone: string;
}

async function hoursFrom({ from, until, days, timeZone }: HourFlags): Promise<NonNullable<ScaleRule['hours']>> {
  const [{ parseDays, parseMinute }, { isTimeZone }, { UsageError }] = await Promise.all([
    import('../../responders/scaling/hours.ts'),
    import('../../reports/capacity/text.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const [fromMinute, untilMinute, on] = [parseMinute(from), parseMinute(until), parseDays(days)];
  if (fromMinute === undefined || untilMinute === undefined)
    throw new UsageError('--from and --until: want a time such as 08:30');
  if (on === undefined) throw new UsageError('--days: want mon-fri, sat,sun or daily');
  if (!isTimeZone(timeZone)) throw new UsageError(`no time zone ${timeZone}; want an IANA name such as Asia/Jakarta`);
  return { days: on, fromMinute, untilMinute, timeZone };
}

async function set(
  given: { name: string; service: string; replicas: string; hours?: ScaleRule['hours']; lastsMs?: number },
  flags: RuleFlags,
  inForce: boolean,
): Promise<void> {
  const [{ catalogued }, { loadConfig }, { UsageError }, { declaredPlatform }] = await Promise.all([
    import('../common/catalogued.ts'),
    import('../../kernel/config.ts'),
    import('../../kernel/errors.ts'),
    import('../../responders/declared.ts'),
  ]);
  const { name, hours, lastsMs } = given;
  const workload = catalogued(given.service);
  const replicas = Number(given.replicas);
  const { workloads } = declaredPlatform(loadConfig(process.env).GOMEET_ENVIRONMENT);
  const ceiling = workloads.find((one) => one.name === workload)?.maxReplicas ?? 0;
  if (!/^[a-z0-9-]{1,60}$/.test(name)) throw new UsageError('name: want lower-case letters, digits and dashes');
  if (!Number.isInteger(replicas) || replicas < 1) throw new UsageError('replicas: want a whole number above 0');
  if (replicas > ceiling)
    throw new UsageError(`${workload} may have at most ${ceiling} replicas: the declared ceiling holds for rules too`);
  if (flags.local) return await once(workload, replicas, inForce);
  await store(async ({ database, subject }) => {
    const { putScaleRule } = await import('../../responders/store/scale-rules.ts');
    const rule = { name, workload, replicas, hours, lastsMs, setBy: subject };
    const text = `scale rule ${name}: ${await ruleText(rule)}`;
    await journalled({ database, subject }, text, async (sql) => {
      await putScaleRule(sql, rule);
      return true;
    });
    console.log(`${name}: ${await ruleText(rule)}; responders follow it from now on`);
  });
}

/** With `--local` a rule is looked at once: there is nobody who would look again. */
async function once(workload: string, replicas: number, inForce: boolean): Promise<void> {
  console.error(
    'Without a store nobody follows the rule later. It is looked at once, and nothing takes back what it raises.',
  );
  if (!inForce) return console.log('It is not in force now: nothing was done.');
  const { ask } = await import('../common/ask.ts');
  await ask('scaleWorkload', { workload, replicas, atLeast: true }, { local: true });
}

async function tell(name: string): Promise<void> {
  await store(async (session) => {
    const [{ tellScaleEvent, scaleRules }, { UsageError }, { nearest }] = await Promise.all([
      import('../../responders/store/scale-rules.ts'),
      import('../../kernel/errors.ts'),
      import('../common/nearest.ts'),
    ]);
    const rule = await journalled(session, `event ${name} was told`, (sql) => tellScaleEvent(sql, name));
    if (rule === undefined) {
      const events = (await scaleRules(session.database)).filter(({ lastsMs }) => lastsMs !== undefined);
      throw new UsageError(
        `there is no event ${name}${nearest(
          name,
          events.map((one) => one.name),
        )}`,
      );
    }
    console.log(`${name}: ${await ruleText(rule)}, from now on`);
  });
}

async function list(kind: 'scheduled' | 'event', flags: { json?: true }): Promise<void> {
  await store(async ({ database }) => {
    const [{ scaleRules }, { hoursLeft }, { humanMs }, { printedTable }] = await Promise.all([
      import('../../responders/store/scale-rules.ts'),
      import('../../responders/scaling/hours.ts'),
      import('../../kernel/duration.ts'),
      import('../common/printed.ts'),
    ]);
    const rules = (await scaleRules(database)).filter(({ hours }) => (hours !== undefined) === (kind === 'scheduled'));
    const shown = await Promise.all(
      rules.map(async (rule) => {
        const leftMs = rule.hours === undefined ? rule.leftMs : hoursLeft(rule.hours, Date.now());
        return { ...rule, leftMs, says: await ruleText(rule) };
      }),
    );
    if (flags.json) return console.log(JSON.stringify(shown, undefined, 2));
    const rows = shown.map(({ name, says, leftMs, setBy }) => [
      name,
      says,
      leftMs === undefined ? '' : `for ${humanMs(leftMs)}`,
      setBy,
    ]);
    console.log(printedTable('Scale rules', ['name', 'at least', 'in force', 'set by'], rows));
  });
}

async function remove(name: string): Promise<void> {
  await store(async (session) => {
    const [{ dropScaleRule }, { UsageError }] = await Promise.all([
      import('../../responders/store/scale-rules.ts'),
      import('../../kernel/errors.ts'),
    ]);
    if (!(await journalled(session, `scale rule ${name} is taken away`, (sql) => dropScaleRule(sql, name))))
      throw new UsageError(`there is no rule ${name}`);
    console.log(`${name} is gone; what it raised lapses.`);
  });
}

async function ruleText({ workload, replicas, hours, lastsMs }: Omit<ScaleRule, 'setBy' | 'name'>): Promise<string> {
  const [{ hoursText }, { humanMs }] = await Promise.all([
    import('../../responders/scaling/hours.ts'),
    import('../../kernel/duration.ts'),
  ]);
  return `${workload} at least ${replicas}, ${hours === undefined ? `for ${humanMs(lastsMs ?? 0)}` : hoursText(hours)}`;
}

/** The store, or why there has to be one. */
async function store(work: (session: import('../common/store.ts').StoreSession) => Promise<void>): Promise<void> {
  const [{ loadConfig }, { UsageError }, { withStore }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../kernel/errors.ts'),
    import('../common/store.ts'),
  ]);
  if (loadConfig(process.env).DATABASE_URL === undefined)
    throw new UsageError(
      'rules live in the responder’s store, and DATABASE_URL is not set. set --local raises the service once, now; nothing would follow the rule',
    );
  await withStore(work);
}

/** Does it and writes it down in one transaction; what came to nothing leaves no line. */
async function journalled<T>(
  { database, subject }: import('../common/store.ts').StoreSession,
  text: string,
  work: (sql: import('../../responders/store/database.ts').Sql) => Promise<T>,
): Promise<T> {
  const { append } = await import('../../responders/store/journal.ts');
  return await database.transaction(async (sql) => {
    const done = await work(sql);
    if (done) await append(sql, [{ kind: 'control', subject, text }]);
    return done;
  });
}
