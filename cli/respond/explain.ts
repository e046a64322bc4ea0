import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { UsageError } from '../../kernel/errors.ts';
import type { JournalEntry } from '../../responders/records.ts';
import type { Register } from '../common/register.ts';

/** `gomeet explain EPISODE`: every decision with every guard, in the terminal. */
export const registerExplain: Register = (program) => {
  program
    .command('explain <episode>')
    .description('Why it was done, or not: every decision about an episode, with what every guard saw')
    .option('--json', 'the journal as JSON')
    .option('--record <file>', 'also write the episode with what its decisions saw, for `gomeet replay`')
    .action(async (episodeId: string, flags: { json?: true; record?: string }) => {
      const [{ withStore }, { readEpisode }, { readJournal }, { recordEpisode }] = await Promise.all([
        import('../common/store.ts'),
        import('../../responders/store/episodes.ts'),
        import('../../responders/store/journal.ts'),
        import('../../responders/replay.ts'),
      ]);
      if (!/^\d{1,18}$/.test(episodeId))
        throw new UsageError(`not an episode: ${episodeId} (gomeet status and the console show their numbers)`);
      await withStore(async ({ database }) => {
        const episode = await readEpisode(database, episodeId);
        if (episode === undefined) throw new UsageError(`there is no episode ${episodeId}`);
        const journal = await readJournal(database, { episodeId, limit: 10_000 });
        if (flags.record !== undefined)
          await writeFile(
            flags.record,
            `${JSON.stringify(await recordEpisode(database, episode, journal), undefined, 2)}\n`,
          );
        if (flags.json) return console.log(JSON.stringify({ episode, journal }, undefined, 2));
        console.log(
          `${styleText('bold', episode.alertname)}  ${Object.entries(episode.labels)
            .map(([name, value]) => `${name}=${value}`)
            .join(' ')}`,
        );
        for (const entry of journal) print(entry);
      });
    });
};

function print(entry: JournalEntry): void {
  console.log(
    `${new Date(entry.atMs).toISOString()}  ${styleText('bold', entry.kind.padEnd(12))} ${entry.text}  ${styleText('dim', entry.subject)}`,
  );
  const { trace } = entry.detail;
  if (!Array.isArray(trace)) return;
  for (const { guard, verdict, reason, saw } of trace as readonly {
    guard: string;
    verdict: string;
    reason?: string;
    saw: string;
  }[])
    console.log(
      `    ${verdict === 'pass' ? styleText('green', '✓') : styleText('red', '✗')} ${guard.padEnd(14)} ${saw}${reason === undefined ? '' : styleText('red', `  ${reason}`)}`,
    );
}
