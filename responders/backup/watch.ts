import { errorText } from '../../kernel/errors.ts';
import type { Core } from '../core.ts';

/** A backup comes once a night. */
const everyMs = 3_600_000;

/** Keeps as metrics when the newest backup began that a restore has proved, and the oldest there is. What cannot be looked at has no series. */
export async function watchBackups(core: Core, signal: AbortSignal): Promise<void> {
  const { backupProved, backupOldest } = core.instruments;
  while (!signal.aborted) {
    // Without labels a gauge begins at 0, which would be 1970.
    backupProved.remove();
    backupOldest.remove();
    try {
      const { finished } = await core.ports.backups.look();
      const proved = finished.find(({ verified }) => verified);
      const oldest = finished.at(-1);
      if (proved !== undefined) backupProved.set(proved.begunAtMs / 1_000);
      if (oldest !== undefined) backupOldest.set(oldest.begunAtMs / 1_000);
    } catch (error) {
      core.log.warn({ error: errorText(error) }, 'what backups there are is not known');
    }
    await core.clock.sleep(everyMs, signal);
  }
}
