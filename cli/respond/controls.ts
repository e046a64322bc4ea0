import type { Command } from 'commander';
import type { ControlChange } from '../../responders/desk/controls.ts';
import type { Register } from '../common/register.ts';

/** A change before it has a subject. */
type Wish = ControlChange extends infer Change
  ? Change extends ControlChange
    ? Omit<Change, 'subject'>
    : never
  : never;

/** `gomeet freeze`, `live-event`, `mode`, `stop-all`, `resume`, `break-glass`, `status`: they write to the store, so that they work while the responder is down. */
export const registerControls: Register = (program) => {
  timed(program, 'freeze', 'unfreeze', 'Nothing of the platform is changed for a while');
  timed(program, 'live-event', 'end-live-event', 'Nothing that could disturb a meeting, for a while');
  timed(program, 'break-glass', 'end-break-glass', 'One person may act alone for a while; everyone is told');
  program
    .command('mode <alert> <mode>')
    .description('How far a runbook may go: shadow, suggest or auto')
    .requiredOption('--reason <text>', 'why; it stands in the journal')
    .action(async (alertname: string, given: string, { reason }: { reason: string }) => {
      const [{ modes }, { UsageError }] = [
        await import('../../alerts/vocabulary.ts'),
        await import('../../kernel/errors.ts'),
      ];
      const mode = modes.find((one) => one === given);
      if (mode === undefined) throw new UsageError(`mode: want ${modes.join(', ')}`);
      await change({ name: 'mode', alertname, mode, reason });
    });
  program
    .command('stop-all <reason>')
    .description('The stop switch: nothing is done until someone resumes')
    .action((reason: string) => change({ name: 'stop-all', reason }));
  program
    .command('resume <reason>')
    .description('Takes the stop switch off')
    .action((reason: string) => change({ name: 'resume', reason }));
  program.command('status').description('Switches, ages of what is known, open incidents').action(status);
};

function timed(
  program: Command,
  name: 'freeze' | 'live-event' | 'break-glass',
  end: 'unfreeze' | 'end-live-event' | 'end-break-glass',
  description: string,
): void {
  program
    .command(`${name} [for] [reason]`)
    .description(description)
    .option('--end', 'ends it now')
    .addHelpText('after', `\nExample: gomeet ${name} 2h "product launch"`)
    .action(async (length: string | undefined, reason: string | undefined, flags: { end?: true }) => {
      const [{ parseDuration, maxFreezeMs }, { UsageError }] = [
        await import('../../responders/interact/command.ts'),
        await import('../../kernel/errors.ts'),
      ];
      if (flags.end) return await change({ name: end, reason: reason ?? length ?? 'ended' });
      const span = parseDuration(length ?? '', maxFreezeMs);
      if (span === undefined || reason === undefined)
        throw new UsageError(`for how long, and why? gomeet ${name} 2h "product launch"`);
      return await change({ name, for: span, reason });
    });
}

async function change(wish: Wish): Promise<void> {
  const [{ withStore }, { changeControl }, { alerts }, { UsageError }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/desk/controls.ts'),
    import('../../alerts/index.ts'),
    import('../../kernel/errors.ts'),
  ]);
  await withStore(async ({ database, subject }) => {
    const none = (): void => undefined;
    const { ok, says } = await changeControl(
      { database, alerts: new Map(alerts.map((alert) => [alert.name, alert])), wake: none, changed: none },
      { ...wish, subject },
    );
    if (!ok) throw new UsageError(says);
    console.log(says);
  });
}

async function status(): Promise<void> {
  const [{ withStore }, { readControls }, { listIncidents }, { humanMs }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/store/controls.ts'),
    import('../../responders/store/incidents.ts'),
    import('../../kernel/duration.ts'),
  ]);
  await withStore(async ({ database }) => {
    const { stopped, frozen, liveEvent, breakGlass, modes } = await readControls(database);
    for (const [name, set] of Object.entries({ stopped, frozen, 'live event': liveEvent, 'glass broken': breakGlass }))
      if (set !== undefined) console.log(`${name} by ${set.by}: ${set.reason}`);
    for (const [alertname, set] of modes) console.log(`${alertname}: ${set.mode}, set by ${set.by}: ${set.reason}`);
    const incidents = await listIncidents(database, { open: true });
    for (const incident of incidents)
      console.log(
        `${incident.publicId}  ${incident.severity.padEnd(8)} ${humanMs(Date.now() - incident.openedAtMs).padEnd(10)} ${incident.title}`,
      );
    if (incidents.length === 0) console.log('Nothing is open.');
  });
}
