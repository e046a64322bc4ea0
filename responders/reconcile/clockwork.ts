import { schedule as cron } from 'node-cron';
import { errorText } from '../../kernel/errors.ts';
import type { Core } from '../core.ts';
import { claimOccurrence, nextRun, putNextRun } from '../store/once.ts';

/** Something that is due by the calendar. */
export interface Job {
  readonly name: string;
  /** Cron pattern, UTC. */
  readonly pattern: string;
  run(): Promise<void>;
}

const quiet = { info() {}, warn() {}, error() {}, debug() {} };

/** Runs jobs by their patterns, each occurrence on one replica only. One that fell due while nobody ran is made good at the start. Returns the stop. */
export async function startClockwork(core: Core, jobs: readonly Job[]): Promise<() => Promise<void>> {
  async function occur(job: Job, atMs: number): Promise<void> {
    try {
      if (await claimOccurrence(core.database, job.name, atMs, core.name)) await job.run();
    } catch (error) {
      core.log.warn({ job: job.name, error: errorText(error) }, 'a scheduled job failed; its next occurrence stands');
    }
  }

  const tasks = jobs.map((job) => {
    const task = cron(
      job.pattern,
      async ({ date }) => {
        await occur(job, date.getTime());
        await remember(job.name, task.getNextRun());
      },
      { name: job.name, timezone: 'UTC', noOverlap: true, logger: quiet, unref: true },
    );
    return { job, task };
  });

  async function remember(name: string, next: Date | null): Promise<void> {
    if (next !== null) await putNextRun(core.database, name, next.getTime()).catch(() => undefined);
  }

  for (const { job, task } of tasks) {
    const due = await nextRun(core.database, job.name);
    if (due !== undefined && due < core.clock.now()) await occur(job, due);
    await remember(job.name, task.getNextRun());
  }
  return async () => {
    for (const { task } of tasks) await task.destroy();
  };
}
